"""In which language a server is told."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("guild", sa.Column("language", sa.String(), nullable=True))
    op.add_column("guild", sa.Column("discord_language", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("guild", "discord_language")
    op.drop_column("guild", "language")
