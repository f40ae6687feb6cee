"""What a like that X pushed changes, and what a count means where likes are pushed. Pure.

A pushed like is known before it is counted: it is `ahead` of the count. So the next count that
rises by as many says nothing new, and nobody has to be read for it. What it rises by beyond that is
a like whose event is late, or lost: it is read by name twenty seconds later.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.watching.post_state.state import BY_COUNT, LikesState

# So long X's count may be late after its event.
COUNTED_BY = timedelta(minutes=1)
# So long an event may be late after the count that shows its like.
PUSHED_BY = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Pushed:
    """The state after likes were pushed; `told` says of each whether it is to be announced."""

    state: LikesState
    told: tuple[bool, ...]


def likes_pushed(
    state: LikesState,
    liked_at: Sequence[datetime],
    now: datetime,
    *,
    counted_at: datetime | None,
    place: int,
) -> Pushed:
    """Return what it comes to that X pushed likes of these moments that nobody knew.

    The post was last counted at `counted_at`; the highest `place` of a liker was this until now.
    """
    late = [counted_at is not None and at <= counted_at for at in liked_at]
    if state.kind in BY_COUNT:
        # What was counted before has been told as growth.
        told = tuple(not is_late for is_late in late)
        return Pushed(replace(state, collected=state.collected + sum(told), pushed_at=now), told)
    found = min(state.pending, sum(late))
    ahead = len(late) - sum(late) + _not_counted(liked_at, late, counted_at, found)
    after = replace(
        state,
        collected=state.collected + found,
        ahead=state.ahead + ahead,
        pushed_at=now,
        pushed_place=place if state.pushed_place is None else state.pushed_place,
    )
    return Pushed(_settled(after) if found else after, (True,) * len(late))


def _not_counted(
    liked_at: Sequence[datetime],
    late: Sequence[bool],
    counted_at: datetime | None,
    found: int,
) -> int:
    """Return how many of those that are late no count can have shown yet.

    Others were counted: somebody else took a like back at the same time.
    """
    if counted_at is None:
        return 0
    lately = sum(
        is_late and at > counted_at - COUNTED_BY for at, is_late in zip(liked_at, late, strict=True)
    )
    return min(lately, sum(late) - found)


def _settled(state: LikesState) -> LikesState:
    """Look for nobody any more where all are found."""
    if state.pending or state.held_back:
        return state
    return replace(state, moved_at=None, missing=0, missing_since=None, look_at=None, rises=0)


def without_place(state: LikesState) -> LikesState:
    """Forget which likers were pushed, where all of them are counted and nobody is looked for."""
    if state.pending or state.surplus or state.ahead or state.pushed_place is None:
        return state
    return replace(state, pushed_place=None)


class CountedIn(NamedTuple):
    """The state after a count; `taken_back` pushed likes are not in it, so somebody has gone."""

    state: LikesState
    taken_back: int = 0


def counted_in(
    before: LikesState,
    after: LikesState,
    now: datetime,
    *,
    is_trusted: bool,
    explains: bool = True,
) -> CountedIn:
    """Return what a count comes to where likes were pushed since the count before.

    It `is_trusted` where each of them must have been. Where the stream was away meanwhile, it
    still `explains` itself if it rose by exactly what was pushed; else somebody is looked for.
    """
    if after.kind in BY_COUNT:
        return CountedIn(after)
    pushed = after.surplus + after.ahead
    if not is_trusted and not (explains and 0 < after.pending == pushed):
        return CountedIn(replace(after, surplus=pushed, ahead=0))
    counted = min(after.pending, pushed)
    is_over = before.pushed_at is None or now - before.pushed_at >= COUNTED_BY
    taken_back = pushed - counted if is_over else 0
    state = replace(
        after,
        collected=after.collected + counted,
        surplus=0,
        ahead=pushed - counted - taken_back,
    )
    if state.pending <= before.pending:
        # As if the count had not moved: the list was not looked at.
        look_at = before.look_at if before.pending or before.held_back else None
        moved_at = before.moved_at if state.pending else None
        state = replace(state, moved_at=moved_at, rises=before.rises, look_at=look_at)
    elif not before.pending and state.count > before.count:
        state = replace(state, look_at=now + PUSHED_BY)
    return CountedIn(without_place(state), taken_back)
