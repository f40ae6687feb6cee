"""What was met on a post's list of likers: its order, its reach, who is missing, who is old."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_PENDING = "collected_at IS NULL OR like_count > collected_count"
_NUMBERS = (
    "held_back_count",
    "doubtful_count",
    "older_count",
    "missing_count",
    "rises",
    "stalled_count",
    "looked_count",
    "tail_count",
    "places",
)
_TIMES = (
    "deep_at",
    "first_read_at",
    "found_at",
    "looked_for_since",
    "look_at",
    "stalled_at",
    "dark_since",
)
_announcement = sa.table(
    "announcement", sa.column("id"), sa.column("notice"), sa.column("facts", sa.JSON)
)


def upgrade() -> None:
    for name in _NUMBERS:
        op.add_column("post", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for name in _TIMES:
        op.add_column("post", sa.Column(name, UtcDateTime(), nullable=True))
    op.add_column("post", sa.Column("list_order", sa.String(16), nullable=True))
    op.add_column("post", sa.Column("tail_token", sa.String(), nullable=True))
    op.add_column("post_like", sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "post_like",
        sa.Column("doubtful", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("post_like", sa.Column("absent_at", UtcDateTime(), nullable=True))
    # Likes that were stored are in the order in which they were seen, as far as that is known.
    op.execute(
        "UPDATE post_like SET place = seen.place FROM ("
        "SELECT post_id, user_id, row_number() OVER ("
        "PARTITION BY post_id ORDER BY first_seen_at, user_id) AS place FROM post_like"
        ") AS seen WHERE seen.post_id = post_like.post_id AND seen.user_id = post_like.user_id"
    )
    op.execute(
        "UPDATE post SET first_read_at = collected_at, found_at = collected_at, places = coalesce("
        "(SELECT max(place) FROM post_like WHERE post_like.post_id = post.id), 0)"
    )
    # Nothing is assumed any more of how far X's list goes: these are looked at again.
    op.execute("UPDATE post SET kind = 'stalled' WHERE kind = 'saturated'")
    _rename("saturated", "stalled")
    op.create_index("ix_post_like_place", "post_like", ["post_id", "place"])
    op.drop_index("ix_post_pending", "post")
    _index_pending(f"{_PENDING} OR held_back_count > 0")


def downgrade() -> None:
    op.drop_index("ix_post_pending", "post")
    _index_pending(_PENDING)
    op.drop_index("ix_post_like_place", "post_like")
    op.execute("UPDATE post SET kind = 'saturated' WHERE kind = 'stalled'")
    _rename("stalled", "saturated")
    for name in ("absent_at", "doubtful", "place"):
        op.drop_column("post_like", name)
    for name in ("tail_token", "list_order", *_TIMES, *_NUMBERS):
        op.drop_column("post", name)


def _index_pending(where: str) -> None:
    op.create_index(
        "ix_post_pending",
        "post",
        ["id"],
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def _rename(before: str, after: str) -> None:
    """Rename a kind in the facts of summaries."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(_announcement.c.id, _announcement.c.facts).where(
            _announcement.c.notice == "watch_ended"
        )
    ).all()
    for row_id, facts in rows:
        changed: dict[str, Any] = {**(facts or {})}
        if changed.get("kind") == before:
            changed["kind"] = after
            connection.execute(
                sa.update(_announcement).where(_announcement.c.id == row_id).values(facts=changed)
            )
