"""Which servers are the operator's, what members agreed to, and what their accounts were used for.

Until now a linked account served every server. For which of them its owner meant it is known only
where they themselves had a server told who likes their posts; all others have to ask them.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MEANT = """
    INSERT INTO account_consent (x_user_id, guild_id, agreed_at)
    SELECT x_user_id, guild_id, MIN(created_at)
    FROM (
        SELECT post.author_id AS x_user_id, watch.guild_id, watch.created_at
        FROM watch
        JOIN post ON post.id = watch.post_id
        JOIN x_account ON x_account.x_user_id = post.author_id
        WHERE x_account.owner_id = watch.created_by
        UNION ALL
        SELECT account_watch.x_user_id, account_watch.guild_id, account_watch.created_at
        FROM account_watch
        JOIN x_account ON x_account.x_user_id = account_watch.x_user_id
        WHERE x_account.owner_id = account_watch.created_by
    ) AS meant
    GROUP BY x_user_id, guild_id
"""


def upgrade() -> None:
    op.add_column(
        "guild",
        sa.Column("owned_by_operator", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("guild", sa.Column("adopted_by", sa.BigInteger(), nullable=True))
    op.add_column("guild", sa.Column("adopted_at", UtcDateTime(), nullable=True))
    op.add_column(
        "link_request",
        sa.Column("guild_id", sa.BigInteger(), nullable=False, server_default="0"),
    )
    op.create_table(
        "account_consent",
        sa.Column("x_user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("agreed_at", UtcDateTime(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["x_user_id"], ["x_account.x_user_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("x_user_id", "guild_id"),
    )
    op.create_table(
        "account_use",
        sa.Column("x_user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("x_user_id", "guild_id", "purpose", "day"),
    )
    op.execute(_MEANT)


def downgrade() -> None:
    op.drop_table("account_use")
    op.drop_table("account_consent")
    op.drop_column("link_request", "guild_id")
    for column in ("adopted_at", "adopted_by", "owned_by_operator"):
        op.drop_column("guild", column)
