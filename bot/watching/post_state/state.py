"""What is known of a post, and what a new count or a reading of its likers changes. Pure.

Counts are cheap and likers are dear, so likers are read only when the count moved. `collected` is
the count up to which the likers are read; it falls as far as the count does, so that an unlike
hides neither the like that comes after it nor one that waits to be read.

What the count does not show cannot be known: of a like and an unlike between two counts nothing is
left to see, and the new liker is found when the list is next read beyond them.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import WatchKind
from bot.domain.page_sizes import LIKERS_SHOWN, MAX_LIKERS_A_PAGE

# Likes that may come between a count and a reading.
_CAME_SINCE = 5
_BY_COUNT = frozenset({WatchKind.COUNTS, WatchKind.STALLED})


@dataclass(frozen=True, slots=True)
class LikesState:
    """Where the watching of a post stands; `read_at` is None before the first, silent reading."""

    kind: WatchKind
    count: int
    collected: int
    surplus: int = 0
    hidden: int = 0
    moved_at: datetime | None = None
    read_at: datetime | None = None

    @property
    def pending(self) -> int:
        """Likes that X counts and that have not been looked for."""
        return max(0, self.count - self.collected)


@dataclass(frozen=True, slots=True)
class Growth:
    """A count that rose where X shows no names."""

    from_count: int
    to_count: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a post's likers.

    `shown` is how many likers the reading saw, `new` how many of them nobody knew, `recent` how
    many were new in the reading before. `whole` says that it went to the end of the list.
    """

    shown: int
    new: int
    recent: int = 0
    met_known: bool = False
    whole: bool = False


def count_read(state: LikesState, count: int, now: datetime) -> tuple[LikesState, Growth | None]:
    """Return the state after X said `count`, and the growth to announce, if any."""
    if state.kind in _BY_COUNT:
        # The highest count so far stays the mark: a like that is taken back and given again is
        # not announced twice.
        if count <= state.collected:
            return replace(state, count=count), None
        grown = replace(state, count=count, collected=count)
        return grown, Growth(state.collected, count)
    fall = max(0, state.count - count)
    fallen = replace(
        state,
        count=count,
        collected=max(0, state.collected - fall),
        # Who was found beyond the count may be who has gone.
        surplus=max(0, state.surplus - max(0, fall - state.collected)),
    )
    if fallen.pending == 0:
        return replace(fallen, moved_at=None), None
    return replace(fallen, moved_at=state.moved_at or now), None


def page_size(state: LikesState) -> int:
    """Return how many likers to ask for: the pending ones, a few that came since, a known one."""
    if state.read_at is None:
        return whole_size(state)
    return min(MAX_LIKERS_A_PAGE, state.pending + state.pending // 4 + 1)


def whole_size(state: LikesState) -> int:
    """Return how many likers to ask for where all are wanted: so many as X counts, and a few more.

    X charges for those that there are, but the money for all that are asked for is held.
    """
    return min(MAX_LIKERS_A_PAGE, state.count + state.count // 4 + _CAME_SINCE)


def explains(state: LikesState, reading: Reading) -> bool:
    """Say whether a reading found every like that the count speaks of.

    It must have met a liker that was known, or what lies behind it could be new as well. Likers
    that the reading before found beyond its count are part of this count.
    """
    found = reading.new + min(state.surplus, reading.recent)
    return reading.whole or (reading.met_known and found >= state.pending)


def likers_read(
    state: LikesState, reading: Reading, now: datetime, *, own: bool
) -> tuple[LikesState, Growth | None]:
    """Return the state after a reading, and the growth to announce where names are not shown.

    `own` says that the reader wrote the post: then an empty list means that nobody is visible,
    not that likes are private.
    """
    kind = _kind(state, reading, own=own) if reading.whole else state.kind
    after = replace(
        state,
        kind=kind,
        collected=state.count,
        surplus=max(0, state.surplus + reading.new - state.pending),
        hidden=max(0, state.count - reading.shown) if reading.whole else state.hidden,
        moved_at=None,
        read_at=now,
    )
    named = min(state.collected + reading.new, state.count)
    if state.read_at is None or kind not in _BY_COUNT or named >= state.count:
        return after, None
    return after, Growth(named, state.count)


def rebased(after: LikesState, began: LikesState, latest: LikesState, now: datetime) -> LikesState:
    """Return the state after a reading that `began` at one and ends at the `latest`.

    What was counted meanwhile stays counted, and stays to be read.
    """
    mark = after.collected
    if after.kind not in _BY_COUNT:
        mark = min(latest.collected + began.pending, latest.count)
    merged = replace(after, count=latest.count, collected=mark)
    return replace(merged, moved_at=now if merged.pending else None)


def _kind(state: LikesState, reading: Reading, *, own: bool) -> WatchKind:
    if reading.shown == 0 and state.count > 0 and not own:
        return WatchKind.COUNTS
    # Hidden likers take up places too, so the count tells that X's list is full, not its length.
    if state.count > max(LIKERS_SHOWN, reading.shown):
        return WatchKind.STALLED
    return WatchKind.NAMES
