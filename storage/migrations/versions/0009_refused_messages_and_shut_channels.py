"""What Discord refuses of a message, step by step, and what is set aside."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    form = sa.Column("form", sa.String(length=16), nullable=False, server_default="together")
    op.add_column("announcement", form)
    op.add_column("announcement", sa.Column("refusal", sa.Integer(), nullable=True))
    # A message that is refused is no trouble of its channel any more.
    op.execute("UPDATE watch SET trouble = NULL WHERE trouble = 'refused'")


def downgrade() -> None:
    # The release before knows of no announcement that was set aside: it is not to be sent.
    op.execute("DELETE FROM announcement WHERE state = 'set_aside'")
    op.execute("DELETE FROM announcement WHERE notice = 'announcement_refused'")
    op.drop_column("announcement", "refusal")
    op.drop_column("announcement", "form")
