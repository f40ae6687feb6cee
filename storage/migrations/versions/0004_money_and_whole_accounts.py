"""What each watch and command costs, budgets of guilds, whole accounts, and when to count next."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import RowId, UtcDateTime

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _split_charges()
    op.create_table(
        "account_watch",
        sa.Column("id", RowId, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("x_user_id", sa.BigInteger(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("replies", sa.Boolean(), nullable=False),
        sa.Column("reposts", sa.Boolean(), nullable=False),
        sa.Column("since_id", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel_id", "x_user_id"),
    )
    op.create_index("ix_account_watch_guild", "account_watch", ["guild_id"])
    with op.batch_alter_table("guild") as guild:
        guild.add_column(sa.Column("budget_micro_usd", sa.BigInteger(), nullable=True))
        guild.add_column(sa.Column("ask_above_micro_usd", sa.BigInteger(), nullable=True))
        guild.add_column(sa.Column("budget_warned", sa.Date(), nullable=True))
    with op.batch_alter_table("watch") as watch:
        watch.add_column(
            sa.Column("unlikes", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        watch.add_column(sa.Column("account_watch_id", RowId, nullable=True))
        watch.add_column(sa.Column("ended_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("watch") as watch:
        watch.alter_column("unlikes", server_default=None)
    with op.batch_alter_table("announcement") as announcement:
        announcement.add_column(sa.Column("note", sa.String(), nullable=True))
    with op.batch_alter_table("post") as post:
        post.add_column(sa.Column("heat", sa.Float(), nullable=False, server_default=sa.text("0")))
        post.add_column(sa.Column("whole_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("post") as post:
        post.alter_column("heat", server_default=None)


def _split_charges() -> None:
    """Key charges by purpose and post too; the sums so far are of none in particular."""
    op.rename_table("charge", "charge_by_resource")
    op.create_table(
        "charge",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("post_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resource", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("micro_usd", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "guild_id", "purpose", "post_id", "resource", name="charge_split_pkey"
        ),
    )
    op.execute(
        "INSERT INTO charge (day, guild_id, purpose, post_id, resource, count, micro_usd) "
        "SELECT day, guild_id, '', 0, resource, count, micro_usd FROM charge_by_resource"
    )
    op.drop_table("charge_by_resource")


def downgrade() -> None:
    with op.batch_alter_table("post") as post:
        post.drop_column("whole_at")
        post.drop_column("heat")
    with op.batch_alter_table("announcement") as announcement:
        announcement.drop_column("note")
    with op.batch_alter_table("watch") as watch:
        watch.drop_column("ended_at")
        watch.drop_column("account_watch_id")
        watch.drop_column("unlikes")
    with op.batch_alter_table("guild") as guild:
        guild.drop_column("budget_warned")
        guild.drop_column("ask_above_micro_usd")
        guild.drop_column("budget_micro_usd")
    op.drop_index("ix_account_watch_guild", table_name="account_watch")
    op.drop_table("account_watch")
    _join_charges()


def _join_charges() -> None:
    op.rename_table("charge", "charge_split")
    op.create_table(
        "charge",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resource", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("micro_usd", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "guild_id", "resource", name="charge_joined_pkey"),
    )
    op.execute(
        "INSERT INTO charge (day, guild_id, resource, count, micro_usd) "
        "SELECT day, guild_id, resource, SUM(count), SUM(micro_usd) FROM charge_split "
        "GROUP BY day, guild_id, resource"
    )
    op.drop_table("charge_split")
