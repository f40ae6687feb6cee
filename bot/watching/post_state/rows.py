"""A post's row and its standing, turned into each other."""

from bot.domain import Missing, WatchKind
from bot.watching.post_state.state import Standing
from storage.models import Post, PostKind, PostState

STATE_OF_MISSING = {
    Missing.DELETED: PostState.DELETED,
    Missing.PROTECTED: PostState.PROTECTED,
    Missing.WITHHELD: PostState.WITHHELD,
}


def standing_of(row: Post) -> Standing:
    return Standing(
        kind=WatchKind(row.kind),
        count=row.like_count,
        collected=row.collected_count,
        surplus=row.surplus,
        hidden=row.hidden_count,
        moved_at=row.moved_at,
        read_at=row.collected_at,
    )


def write_standing(row: Post, standing: Standing) -> None:
    row.kind = PostKind(standing.kind)
    row.like_count = standing.count
    row.collected_count = standing.collected
    row.surplus = standing.surplus
    row.hidden_count = standing.hidden
    row.moved_at = standing.moved_at
    row.collected_at = standing.read_at
