"""Which troubles a server was told of, where, and what goes to a member alone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "told_trouble",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "kind", "subject"),
    )

    op.add_column("guild", sa.Column("alerts_channel_id", sa.BigInteger(), nullable=True))
    for name in ("recipient_id", "recipient_guild_id"):
        op.add_column("announcement", sa.Column(name, sa.BigInteger(), nullable=True))


def downgrade() -> None:
    # The release before has no words for these.
    op.execute(
        "DELETE FROM announcement WHERE notice IN "
        "('server_budget_spent', 'bot_budget_spent', 'channel_shut', 'keys_not_accepted')"
    )
    # Nor does it know whom to tell something alone.
    op.execute("DELETE FROM announcement WHERE recipient_id IS NOT NULL")
    op.drop_column("announcement", "recipient_guild_id")
    op.drop_column("announcement", "recipient_id")
    op.drop_column("guild", "alerts_channel_id")
    op.drop_table("told_trouble")
