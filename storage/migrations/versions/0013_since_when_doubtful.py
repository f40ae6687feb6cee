"""Since when likers are doubtful, who appeared before it was known whether they are new."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("post", sa.Column("doubted_at", UtcDateTime(), nullable=True))
    # At the latest when somebody was found last.
    op.execute("UPDATE post SET doubted_at = found_at WHERE doubtful_count > 0")


def downgrade() -> None:
    op.drop_column("post", "doubted_at")
