"""A post's row and its state, turned into each other."""

from bot.domain import Missing, WatchKind
from bot.watching.post_state.state import LikesState
from bot.watching.visibility import Visibility
from storage.models import Post, PostKind, PostState

STATE_OF_MISSING = {
    Missing.DELETED: PostState.DELETED,
    Missing.PROTECTED: PostState.PROTECTED,
    Missing.WITHHELD: PostState.WITHHELD,
}
MISSING_OF_STATE = {state: missing for missing, state in STATE_OF_MISSING.items()}
# Each is the same in the row, by this name.
_COLUMNS = {
    "count": "like_count",
    "collected": "collected_count",
    "surplus": "surplus",
    "hidden": "hidden_count",
    "moved_at": "moved_at",
    "read_at": "collected_at",
    "first_read_at": "first_read_at",
    "held_back": "held_back_count",
    "doubtful": "doubtful_count",
    "missing": "missing_count",
    "missing_since": "looked_for_since",
    "look_at": "look_at",
    "rises": "rises",
    "stalled_at": "stalled_at",
    "stalled_count": "stalled_count",
    "looked_count": "looked_count",
    "older": "older_count",
    "dark_since": "dark_since",
    "found_at": "found_at",
    "doubted_at": "doubted_at",
    "ahead": "ahead_count",
    "pushed_at": "pushed_at",
    "pushed_place": "pushed_place",
}


def likes_state_of(row: Post) -> LikesState:
    values = {name: getattr(row, column) for name, column in _COLUMNS.items()}
    return LikesState(kind=WatchKind(row.kind), **values)


def write_likes_state(row: Post, state: LikesState) -> None:
    row.kind = PostKind(state.kind)
    for name, column in _COLUMNS.items():
        value = getattr(state, name)
        # Most stay as they were, and to set one costs ten times as much as to look at it.
        if getattr(row, column) != value:
            setattr(row, column, value)


def visibility_of(row: Post) -> Visibility:
    suspected = None if row.suspected is None else PostState(row.suspected)
    return Visibility(PostState(row.state), row.missing_since, suspected, row.suspected_at)


def write_visibility(row: Post, visibility: Visibility) -> None:
    row.state, row.missing_since = visibility.state, visibility.missing_since
    row.suspected, row.suspected_at = visibility.suspected, visibility.suspected_at
