"""What is to go and when, which messages are changed for it, and who is never stored again."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INDEXES = (
    ("ix_post_like_user", "post_like", "user_id"),
    ("ix_post_author", "post", "author_id"),
    ("ix_announcement_post", "announcement", "post_id"),
)


def upgrade() -> None:
    op.create_table(
        "forgotten",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("x_id", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("kind", "x_id"),
    )
    op.create_table(
        "left_guild",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id"),
    )
    op.create_table(
        "message_edit",
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("recipient_id", sa.BigInteger(), nullable=True),
        sa.Column("delivery_key", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("message_id"),
    )
    for name in ("unwatched_since", "erased_at"):
        op.add_column("post", sa.Column(name, UtcDateTime(), nullable=True))
    op.add_column("post", sa.Column("newer_id", sa.BigInteger(), nullable=True))
    op.add_column("announcement", sa.Column("guild_id", sa.BigInteger(), nullable=True))
    for index, table, column in _INDEXES:
        op.create_index(index, table, [column])


def downgrade() -> None:
    for index, table, _ in _INDEXES:
        op.drop_index(index, table)
    # The release before knows no message whose watch is gone.
    op.execute("DELETE FROM announcement WHERE guild_id IS NOT NULL")
    op.drop_column("announcement", "guild_id")
    for name in ("newer_id", "erased_at", "unwatched_since"):
        op.drop_column("post", name)
    for table in ("message_edit", "left_guild", "forgotten"):
        op.drop_table(table)
