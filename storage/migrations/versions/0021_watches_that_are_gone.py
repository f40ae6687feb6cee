"""How a watch told that is gone, for what it said and is to be said anew."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("announcement", sa.Column("watch_was", sa.JSON(), nullable=True))


def downgrade() -> None:
    # The release before has no charts that could be behind.
    op.execute("DELETE FROM message_edit WHERE reason = 'behind'")
    op.drop_column("announcement", "watch_was")
