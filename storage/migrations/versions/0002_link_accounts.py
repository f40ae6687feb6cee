"""Members' own X accounts: tokens, requests to link, and what X lets each account do."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "link_request",
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("member_name", sa.String(), nullable=False),
        sa.Column("guild_name", sa.String(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("state"),
    )
    op.create_table(
        "ability",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("learnt_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("account", "endpoint"),
    )
    with op.batch_alter_table("guild") as guild:
        guild.add_column(
            sa.Column("own_accounts_only", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("guild") as guild:
        guild.alter_column("own_accounts_only", server_default=None)
    with op.batch_alter_table("x_account") as account:
        account.drop_column("tokens")
        account.drop_column("capabilities")
        account.add_column(sa.Column("oauth1", sa.LargeBinary(), nullable=True))
        account.add_column(sa.Column("oauth2", sa.LargeBinary(), nullable=True))
        account.add_column(sa.Column("expires_at", UtcDateTime(), nullable=True))
        account.add_column(sa.Column("refreshing_until", UtcDateTime(), nullable=True))
        account.add_column(sa.Column("revoked_at", UtcDateTime(), nullable=True))
        account.create_index("ix_x_account_owner", ["owner_id"])


def downgrade() -> None:
    with op.batch_alter_table("x_account") as account:
        account.drop_index("ix_x_account_owner")
        for name in ("revoked_at", "refreshing_until", "expires_at", "oauth2", "oauth1"):
            account.drop_column(name)
        account.add_column(sa.Column("tokens", sa.LargeBinary(), nullable=True))
        account.add_column(
            sa.Column("capabilities", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
        )
    with op.batch_alter_table("guild") as guild:
        guild.drop_column("own_accounts_only")
    op.drop_table("ability")
    op.drop_table("link_request")
