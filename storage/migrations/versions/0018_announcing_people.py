"""What an announcement says of people, and how many likes of theirs there are."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("x_user", sa.Column("followers", sa.Integer(), nullable=True))
    op.create_index("ix_post_like_user", "post_like", ["user_id", "first_seen_at"])


def downgrade() -> None:
    op.drop_index("ix_post_like_user", "post_like")
    op.drop_column("x_user", "followers")
