"""Announcements that are about an account that is watched, or about no post at all."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import RowId, UtcDateTime

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("account_watch") as watch:
        watch.add_column(sa.Column("paused_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("announcement") as announcement:
        announcement.alter_column("watch_id", existing_type=RowId, nullable=True)
        announcement.alter_column("post_id", existing_type=sa.BigInteger(), nullable=True)
        announcement.add_column(sa.Column("account_watch_id", RowId, nullable=True))
        announcement.create_foreign_key(
            "announcement_account_watch_id_fkey",
            "account_watch",
            ["account_watch_id"],
            ["id"],
            ondelete="CASCADE",
        )
        announcement.create_index("ix_announcement_account_watch", ["account_watch_id"])


def downgrade() -> None:
    op.execute("DELETE FROM announcement WHERE watch_id IS NULL OR post_id IS NULL")
    with op.batch_alter_table("announcement") as announcement:
        announcement.drop_index("ix_announcement_account_watch")
        announcement.drop_constraint("announcement_account_watch_id_fkey", type_="foreignkey")
        announcement.drop_column("account_watch_id")
        announcement.alter_column("post_id", existing_type=sa.BigInteger(), nullable=False)
        announcement.alter_column("watch_id", existing_type=RowId, nullable=False)
    with op.batch_alter_table("account_watch") as watch:
        watch.drop_column("paused_at")
