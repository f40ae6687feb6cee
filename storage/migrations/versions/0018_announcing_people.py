"""What an announcement says of people, and when and how each watch tells."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _no(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _new_columns() -> dict[str, list[sa.Column[object]]]:
    """Return what is new in each table; none of it must be there already."""
    return {
        "x_user": [sa.Column("followers", sa.Integer())],
        "announcement": [sa.Column("style", sa.String(length=16))],
        "post": [_no("begins_anew")],
        "guild": [
            sa.Column("style", sa.String(length=16)),
            sa.Column("time_zone", sa.String()),
            sa.Column("quiet_from", sa.Integer()),
            sa.Column("quiet_until", sa.Integer()),
        ],
        "account_watch": [
            sa.Column("label", sa.String()),
            sa.Column("resting_since", UtcDateTime()),
            _no("announces"),
            sa.Column("quotes", sa.Boolean(), nullable=False, server_default=sa.true()),
            _no("only_media"),
            sa.Column("words", sa.String()),
            sa.Column("without_words", sa.String()),
            _no("opens_threads"),
        ],
        "watch": [
            sa.Column("label", sa.String()),
            sa.Column("resting_since", UtcDateTime()),
            sa.Column("style", sa.String(length=16)),
            sa.Column("milestones", sa.JSON()),
            sa.Column("goal", sa.Integer()),
            sa.Column("reached", sa.Integer(), nullable=False, server_default="0"),
            sa.Column("digest_minute", sa.Integer()),
            sa.Column("card_key", sa.String()),
            sa.Column("card_at", UtcDateTime()),
            sa.Column("mention_role_id", sa.BigInteger()),
            sa.Column("mention_every_s", sa.Integer(), nullable=False, server_default="0"),
            sa.Column("mentioned_at", UtcDateTime()),
            _no("only_verified"),
            sa.Column("least_followers", sa.Integer(), nullable=False, server_default="0"),
            sa.Column("template", sa.String()),
            _no("publishes"),
        ],
    }


def upgrade() -> None:
    for table, columns in _new_columns().items():
        for column in columns:
            op.add_column(table, column)
    op.drop_index("ix_post_like_user", "post_like")
    op.create_index("ix_post_like_user", "post_like", ["user_id", "first_seen_at"])


def downgrade() -> None:
    # The release before tells all as it comes.
    op.execute("UPDATE announcement SET state = 'waiting' WHERE state = 'held'")
    # And it has no words for these.
    op.execute("DELETE FROM announcement WHERE kind = 'post' OR notice = 'list_stalled'")
    op.drop_index("ix_post_like_user", "post_like")
    op.create_index("ix_post_like_user", "post_like", ["user_id"])
    for table, columns in reversed(_new_columns().items()):
        for column in reversed(columns):
            op.drop_column(table, column.name)
