"""What is known of a post, and what a new count or a reading of its likers changes. Pure.

Counts are cheap and likers are dear, so likers are read only when the count moved. `collected` is
the count up to which the likers are read; it falls as far as the count does, so that an unlike
hides neither the like that comes after it nor one that waits to be read.

Nothing is assumed of X's list but what its answers show: how far it goes, how late it is, whom it
leaves out. A like that is counted and not listed is looked for again and again before it is called
hidden; a list that shows nobody new while the count rises twice is followed by the count alone.

What the count does not show cannot be known: of a like and an unlike between two counts nothing is
left to see, and the new liker is found when the list is next read beyond them.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import WatchKind
from bot.domain.page_sizes import MAX_LIKERS_A_PAGE
from bot.watching.post_state.looking_again import LOOKS, SOON

# Likes that may come between a count and a reading.
_CAME_SINCE = 5
# Two rises of the count that show nobody new prove something, if they are so far apart.
STALLS_AFTER = timedelta(minutes=3)
# So long after somebody has appeared the count shows them, if they are new.
_COUNTED_BY = timedelta(minutes=1)
BY_COUNT = frozenset({WatchKind.COUNTS, WatchKind.STALLED})
# Whether names are shown again is seen from so many of the newest.
_A_LOOK = 10


@dataclass(frozen=True, slots=True)
class LikesState:
    """Where the watching of a post stands; `read_at` is None before its first reading.

    `hidden` are likes that X counts and does not list. Of likes that were counted when the watch
    began, `held_back` were not listed then and may yet be: they are old. `doubtful` likers have
    appeared who may be of those, the last of them at `doubted_at`. `missing` likes are looked for
    since `missing_since`, next at `look_at`. `rises` of the count have shown nobody new since
    `stalled_at`, when it was `stalled_count`. Names were last looked for when `looked_count` were
    counted. `older` likes came before the watch and are farther down the list than was ever read.
    The list has been empty, or refused, since `dark_since`. Somebody new was last found at
    `found_at`. `surplus` likers were found beyond the count. X last pushed a like at `pushed_at`;
    so many are `ahead` of the count, and stand above `pushed_place`.
    """

    kind: WatchKind
    count: int
    collected: int
    surplus: int = 0
    hidden: int = 0
    moved_at: datetime | None = None
    read_at: datetime | None = None
    first_read_at: datetime | None = None
    held_back: int = 0
    doubtful: int = 0
    missing: int = 0
    missing_since: datetime | None = None
    look_at: datetime | None = None
    rises: int = 0
    stalled_at: datetime | None = None
    stalled_count: int = 0
    looked_count: int = 0
    older: int = 0
    dark_since: datetime | None = None
    found_at: datetime | None = None
    doubted_at: datetime | None = None
    ahead: int = 0
    pushed_at: datetime | None = None
    pushed_place: int | None = None

    @property
    def pending(self) -> int:
        """Likes that X counts and that have not been found."""
        return max(0, self.count - self.collected)

    def looked_through(self, now: datetime) -> int:
        """Return the count up to which each like is found, or missing for longer than lists lag."""
        is_late = self.missing_since is not None and now >= self.missing_since + SOON
        return min(self.count, self.collected + (self.missing if is_late else 0))


@dataclass(frozen=True, slots=True)
class Growth:
    """A count that rose where X shows no names."""

    from_count: int
    to_count: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a post's likers.

    `shown` is how many likers the reading saw, `new` how many of them nobody knew, `recent` how
    many were new when somebody was last found. `proven` says that what it met shows that nobody
    new is farther down; `whole` that it went to the end of the list. `own` says that the reader
    wrote the post, `beyond` that who is new may have been farther down than was ever read. Of
    those who were, `cut` are left out. The list `moves` where it shows somebody for the first time,
    be it that their like was pushed.
    """

    shown: int
    new: int
    recent: int = 0
    proven: bool = False
    whole: bool = False
    own: bool = False
    beyond: bool = False
    cut: int = 0
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state after a reading, and what is told of it.

    Of the likers that were new, the newest `news` are announced; the others liked before the watch
    began, or are `doubtful`. `settled` of those that were doubtful before, the newest, are
    announced now. `growth` is told where names are not shown. It `doubts_order` where the end of
    the list shows nobody new: the next reading looks at its top.
    """

    state: LikesState
    news: int = 0
    doubtful: int = 0
    settled: int = 0
    growth: Growth | None = None
    doubts_order: bool = False


def count_read(
    state: LikesState, count: int, now: datetime, before: datetime | None = None
) -> tuple[LikesState, Growth | None]:
    """Return the state after X said `count`, and the growth to announce, if any.

    The count was read `before` for the last time.
    """
    if state.kind in BY_COUNT:
        # The highest count so far stays the mark: a like that is taken back and given again is
        # not announced twice.
        if count <= state.collected:
            return replace(state, count=count), None
        grown = replace(state, count=count, collected=count)
        return grown, Growth(state.collected, count)
    doubtful = 0 if _are_old(state, before) else state.doubtful
    moved = state
    if (count, doubtful) != (state.count, state.doubtful):  # mostly nobody has liked meanwhile
        fall = max(0, state.count - count)
        moved = replace(
            state,
            count=count,
            collected=max(0, state.collected - fall),
            # Who was found beyond the count may be who has gone.
            surplus=max(0, state.surplus - max(0, fall - state.collected)),
            doubtful=doubtful,
        )
    if moved.pending == 0:
        return moved if moved.moved_at is None else replace(moved, moved_at=None), None
    if count > state.count:
        rises = state.rises + _is_another_rise(state, now)
        moved = replace(moved, rises=rises, look_at=None, moved_at=state.moved_at or now)
    return moved, None


def _is_another_rise(state: LikesState, now: datetime) -> bool:
    """Say whether a rise of the count comes some minutes after the one before, if that was vain."""
    if state.stalled_at is None:
        return state.rises == 0
    return now - state.stalled_at >= STALLS_AFTER


def _are_old(state: LikesState, counted_at: datetime | None) -> bool:
    """Say whether a count since has not shown those who are doubtful: then they are not new.

    It has risen by all of them by then, if they appeared when the list was not late any more.
    """
    since = state.doubted_at
    if counted_at is None or since is None or counted_at < since + _COUNTED_BY:
        return False
    return state.pending < (1 if may_be_late(state, since) else state.doubtful)


def may_be_late(state: LikesState, at: datetime) -> bool:
    """Say whether the list was first read so lately that it may show yet what it held back."""
    return state.first_read_at is not None and at < state.first_read_at + SOON


def page_size(state: LikesState) -> int:
    """Return how many likers to ask for: the pending ones, a few that came since, a known one."""
    if state.read_at is None:
        return whole_size(state)
    if state.kind in BY_COUNT:
        return min(_A_LOOK, whole_size(state))
    wanted = state.pending + state.held_back
    return min(MAX_LIKERS_A_PAGE, wanted + wanted // 4 + 1)


def looks_back_to(state: LikesState, now: datetime) -> datetime | None:
    """Return after what moment likes were found that may stand above those who are looked for.

    None where nobody is, or where others are to be found and there will be another look. What was
    found at the beginning is older.
    """
    if state.missing_since is None or state.first_read_at is None:
        return None
    is_a_look = state.pending + state.held_back <= state.missing
    if is_a_look or is_last_look(state, now):
        return max(state.missing_since - _COUNTED_BY, state.first_read_at)
    return None


def is_last_look(state: LikesState, now: datetime) -> bool:
    """Say whether who is missing may be called hidden when a reading now does not show them."""
    return state.missing_since is not None and now >= state.missing_since + LOOKS[-1]


def whole_size(state: LikesState) -> int:
    """Return how many likers to ask for where all are wanted: so many as X counts, and a few more.

    X charges for those that there are, but the money for all that are asked for is held.
    """
    return min(MAX_LIKERS_A_PAGE, state.count + state.count // 4 + _CAME_SINCE)


def explains(state: LikesState, reading: Reading) -> bool:
    """Say whether a reading found every like that the count speaks of, or all there is to find.

    What it met must show that nobody new is farther down. Likers that the reading before found
    beyond its count are part of this count. Those who are looked for again may still be missing.
    """
    if reading.whole or state.read_at is None or state.kind in BY_COUNT:
        return True
    wanted = min(state.pending, max(0, state.pending + state.held_back - state.missing))
    return reading.proven and reading.new + min(state.surplus, reading.recent) >= wanted


def lacks_somebody(state: LikesState, reading: Reading) -> bool:
    """Say whether a reading found fewer who are new than are counted and not listed."""
    return reading.new < state.pending + state.held_back


def _with_pushed(after: LikesState, began: LikesState, latest: LikesState) -> LikesState:
    """Keep likes that were pushed while a reading went on, and that no count has shown."""
    if latest.pushed_at == began.pushed_at and latest.ahead == began.ahead:
        return after
    more = max(0, latest.surplus - began.surplus) + latest.ahead - began.ahead
    if after.kind in BY_COUNT:
        # They are told by name, so that the count is not to tell of them.
        told = latest.collected if began.kind in BY_COUNT else after.collected + more
        mark = max(after.collected, told)
        return replace(after, collected=mark, pushed_at=latest.pushed_at)
    return replace(
        after,
        surplus=after.surplus + max(0, latest.surplus - began.surplus),
        ahead=latest.ahead,
        pushed_at=latest.pushed_at,
        pushed_place=latest.pushed_place,
    )


def rebased(after: LikesState, began: LikesState, latest: LikesState, now: datetime) -> LikesState:
    """Return the state after a reading that `began` at one and ends at the `latest`.

    What was counted meanwhile stays counted, and stays to be read.
    """
    after = _with_pushed(after, began, latest)
    if latest.count == began.count and latest.collected == began.collected:
        return after
    if after.kind in BY_COUNT:
        return replace(after, count=latest.count)
    left = began.count - after.collected
    mark = max(0, min(latest.collected + began.pending - left, latest.count))
    rises = latest.rises - began.rises
    merged = replace(after, count=latest.count, collected=mark, rises=after.rises + rises)
    if not merged.pending:
        return replace(merged, moved_at=None, rises=after.rises)
    return replace(merged, moved_at=now, look_at=None if rises else after.look_at)
