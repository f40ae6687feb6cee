"""When a server was greeted."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("guild", sa.Column("greeted_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("guild", "greeted_at")
