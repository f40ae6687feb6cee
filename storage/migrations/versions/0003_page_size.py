"""How many people or posts a page shows, chosen by each guild."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("guild") as guild:
        guild.add_column(sa.Column("page_size", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("guild") as guild:
        guild.drop_column("page_size")
