"""When a watch was last begun again: what X pushes from before that is not told."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("watch", sa.Column("begun_again_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("watch", "begun_again_at")
