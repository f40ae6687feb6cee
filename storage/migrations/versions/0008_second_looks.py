"""What X said once and a second look is to confirm, and since when it counts as confirmed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SUSPECTS = ("post", "account_watch")


def upgrade() -> None:
    for table in _SUSPECTS:
        op.add_column(table, sa.Column("missing_since", UtcDateTime(), nullable=True))
        op.add_column(table, sa.Column("suspected", sa.String(length=16), nullable=True))
        op.add_column(table, sa.Column("suspected_at", UtcDateTime(), nullable=True))
    # Since when is not known: at the latest since X was last asked.
    op.execute("UPDATE post SET missing_since = probed_at WHERE state != 'live'")
    op.execute("UPDATE account_watch SET missing_since = checked_at WHERE trouble IS NOT NULL")
    op.add_column("x_account", sa.Column("refresh_refused_at", UtcDateTime(), nullable=True))
    op.add_column(
        "ability", sa.Column("confirmed", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.create_table(
        "key_refusal",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("suspected_at", UtcDateTime(), nullable=True),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=True),
        sa.Column("refused_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("account"),
    )


def downgrade() -> None:
    op.drop_table("key_refusal")
    op.execute(sa.text("DELETE FROM ability WHERE NOT confirmed"))
    op.drop_column("ability", "confirmed")
    op.drop_column("x_account", "refresh_refused_at")
    for table in _SUSPECTS:
        for column in ("suspected_at", "suspected", "missing_since"):
            op.drop_column(table, column)
