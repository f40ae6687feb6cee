"""What Discord refuses of a message, channels that are shut, servers with their own commands."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    form = sa.Column("form", sa.String(length=16), nullable=False, server_default="together")
    op.add_column("announcement", form)
    op.add_column("announcement", sa.Column("refusal", sa.Integer(), nullable=True))
    op.create_table(
        "shut_channel",
        sa.Column("channel_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("channel_id"),
    )
    # A message that is refused is no trouble of its channel any more.
    op.execute(
        "INSERT INTO shut_channel (channel_id, trouble, since) "
        "SELECT channel_id, max(trouble), max(created_at) FROM watch "
        "WHERE trouble IS NOT NULL AND trouble != 'refused' GROUP BY channel_id"
    )
    op.drop_column("watch", "trouble")
    op.create_table(
        "command_scope",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("guild_id"),
    )
    # Which of them DISCORD_GUILD_ID once named is not known: all are looked at, once.
    op.execute(
        "INSERT INTO command_scope (guild_id) SELECT id FROM guild "
        "UNION SELECT guild_id FROM watch UNION SELECT guild_id FROM account_watch"
    )


def downgrade() -> None:
    op.drop_table("command_scope")
    # The release before knows of no announcement that was set aside: it is not to be sent.
    op.execute("DELETE FROM announcement WHERE state = 'set_aside'")
    op.execute("DELETE FROM announcement WHERE notice = 'announcement_refused'")
    op.add_column("watch", sa.Column("trouble", sa.String(), nullable=True))
    # Those that the release before has a word for.
    op.execute(
        "UPDATE watch SET trouble = (SELECT trouble FROM shut_channel "
        "WHERE shut_channel.channel_id = watch.channel_id AND shut_channel.trouble IN "
        "('channel_deleted', 'cannot_view', 'cannot_send', 'cannot_send_in_threads'))"
    )
    op.drop_table("shut_channel")
    op.drop_column("announcement", "refusal")
    op.drop_column("announcement", "form")
