"""What a member may spend and who may look up; who took how much of X's windows for people."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("guild", sa.Column("lookup_role_id", sa.BigInteger(), nullable=True))
    op.add_column("guild", sa.Column("member_budget_micro_usd", sa.BigInteger(), nullable=True))
    op.create_table(
        "member_spend",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("micro_usd", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "guild_id", "member_id"),
    )
    op.create_table(
        "window_share",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("resets_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("account", "endpoint", "guild_id"),
    )


def downgrade() -> None:
    op.drop_table("window_share")
    op.drop_table("member_spend")
    op.drop_column("guild", "member_budget_micro_usd")
    op.drop_column("guild", "lookup_role_id")
