"""Likes that X pushed, and that no count has shown yet."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "post", sa.Column("ahead_count", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("post", sa.Column("pushed_at", UtcDateTime(), nullable=True))
    op.add_column("post", sa.Column("pushed_place", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("post", "pushed_place")
    op.drop_column("post", "pushed_at")
    op.drop_column("post", "ahead_count")
