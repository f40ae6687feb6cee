"""A post's row and its state, turned into each other."""

from bot.domain import Missing, WatchKind
from bot.watching.post_state.state import LikesState
from storage.models import Post, PostKind, PostState

STATE_OF_MISSING = {
    Missing.DELETED: PostState.DELETED,
    Missing.PROTECTED: PostState.PROTECTED,
    Missing.WITHHELD: PostState.WITHHELD,
}
MISSING_OF_STATE = {state: why for why, state in STATE_OF_MISSING.items()}


def likes_state_of(row: Post) -> LikesState:
    return LikesState(
        kind=WatchKind(row.kind),
        count=row.like_count,
        collected=row.collected_count,
        surplus=row.surplus,
        hidden=row.hidden_count,
        moved_at=row.moved_at,
        read_at=row.collected_at,
    )


def write_likes_state(row: Post, state: LikesState) -> None:
    row.kind = PostKind(state.kind)
    row.like_count = state.count
    row.collected_count = state.collected
    row.surplus = state.surplus
    row.hidden_count = state.hidden
    row.moved_at = state.moved_at
    row.collected_at = state.read_at
