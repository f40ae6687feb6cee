"""Which role is mentioned with the new posts of a watched account, and how often."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("account_watch", sa.Column("mention_role_id", sa.BigInteger(), nullable=True))
    every = sa.Column("mention_every_s", sa.Integer(), nullable=False, server_default="0")
    op.add_column("account_watch", every)
    op.add_column("account_watch", sa.Column("mentioned_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    for name in ("mentioned_at", "mention_every_s", "mention_role_id"):
        op.drop_column("account_watch", name)
