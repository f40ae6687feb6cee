"""Who is to be linked by name and tries, what is still to be revoked, what was exported today."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "link_request",
        sa.Column("member_handle", sa.String(), nullable=False, server_default=""),
    )
    op.add_column(
        "link_request", sa.Column("pin_tries", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_table(
        "pending_revocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("oauth1", sa.LargeBinary(), nullable=True),
        sa.Column("oauth2", sa.LargeBinary(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "exported_objects",
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("objects", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "day"),
    )


def downgrade() -> None:
    op.drop_table("exported_objects")
    op.drop_table("pending_revocation")
    op.drop_column("link_request", "pin_tries")
    op.drop_column("link_request", "member_handle")
