"""Which interactions of Discord's some process has taken on."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "interaction_claim",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Nobody misses these after a crash, and every interaction waits for one.
        op.execute("ALTER TABLE interaction_claim SET UNLOGGED")


def downgrade() -> None:
    # The release before has no word for the one, and does not know in which channel the other was.
    op.execute(
        "DELETE FROM announcement WHERE notice = 'likes_too_dear' "
        "OR (notice = 'announcement_refused' AND state != 'sent')"
    )
    op.drop_table("interaction_claim")
