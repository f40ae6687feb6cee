"""What a reading of a post's likers comes to: who is new, who is old, who is missing. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import WatchKind
from bot.domain.page_sizes import MAX_LIKERS_A_PAGE
from bot.watching.post_state.given_up import (
    VAIN_RISES,
    dark_since,
    hides_others,
    is_dark,
    is_stalled,
    shows_nobody,
)
from bot.watching.post_state.looking_again import LOOKS, SOON, is_over, next_look
from bot.watching.post_state.state import (
    BY_COUNT,
    Growth,
    LikesState,
    Outcome,
    Reading,
    may_be_late,
)

# Names are looked for again so often where X shows none, however slowly the count grows.
LOOK_EVERY = timedelta(days=1)


def likers_read(state: LikesState, reading: Reading, now: datetime) -> Outcome:
    """Return what a reading comes to."""
    if state.read_at is None:
        return _first(state, reading, now)
    if state.kind in BY_COUNT:
        return _looked(state, reading, now)
    return _named(state, reading, now)


def _first(state: LikesState, reading: Reading, now: datetime) -> Outcome:
    """Take the likers that there are as old, and what exceeds the count at the beginning as new."""
    if hides_others(state, reading):
        return Outcome(_by_count(state, WatchKind.COUNTS, now), growth=_grown(state))
    read = replace(
        state, kind=WatchKind.NAMES, read_at=now, first_read_at=now, found_at=now, moved_at=None
    )
    pending = state.pending
    # Behind a full page the list may have ended for that, with people who are older.
    whole = reading.whole and (reading.shown < MAX_LIKERS_A_PAGE or reading.shown >= state.count)
    unlisted = max(0, state.count - reading.shown) if whole else 0
    # Whether the list is late or hides somebody is not known yet: only what exceeds all that there
    # were is surely new. Of a watch that begins, who is listed and not counted may have liked
    # before; where the count was followed until now, they have liked since it was last told.
    exceeding = max(0, reading.shown - state.collected) if whole else 0
    sure = min(exceeding, reading.new)
    if state.first_read_at is None:
        sure = min(sure, pending)
    left = max(0, pending - sure)
    doubtful = min(reading.new - sure, left)
    read = replace(
        read,
        collected=state.count - left,
        surplus=max(0, sure - pending),
        held_back=max(0, unlisted - left),
        doubtful=doubtful,
        doubted_at=now if doubtful else None,
        older=0 if whole else max(1, state.count - reading.shown),
        dark_since=dark_since(state, reading, now),
    )
    return Outcome(_awaiting(read, state, reading, now), news=sure, doubtful=doubtful)


def _named(state: LikesState, reading: Reading, now: datetime) -> Outcome:
    # It is pending again where the account that saw the list is gone. Where nobody was ever listed,
    # it takes a second look: the list may be late.
    nobody_yet = state.missing_since is not None and not state.collected
    looked = state.kind is WatchKind.PENDING or nobody_yet
    if looked and hides_others(state, reading):
        return Outcome(_by_count(state, WatchKind.COUNTS, now), growth=_grown(state))
    older = _older_among(state, reading)
    old = min(_held_back_among(state, reading, now), reading.new - older)
    news = reading.new - old - older
    left = max(0, state.pending - news - min(state.surplus, reading.recent))
    after = replace(
        state,
        kind=WatchKind.NAMES,
        collected=state.count - left,
        surplus=max(0, state.surplus + news - state.pending),
        held_back=_still_held_back(state, reading, old, left),
        older=min(state.older, reading.cut) if reading.whole else state.older,
        doubtful=state.doubtful + old,
        doubted_at=now if old else state.doubted_at,
        moved_at=None,
        read_at=now,
        dark_since=dark_since(state, reading, now),
    )
    after = _stalling(after, state, reading, now)
    doubts_order = is_stalled(after, now) and reading.beyond
    if doubts_order:
        # The list may begin with the newest after all.
        after = replace(after, rises=VAIN_RISES - 1, stalled_at=now)
    elif is_stalled(after, now):
        return Outcome(_by_count(after, WatchKind.STALLED, now), growth=_grown(after))
    if is_dark(after, now) and shows_nobody(after):
        return Outcome(_by_count(after, WatchKind.COUNTS, now), growth=_grown(after))
    after, settled = _settled(after, state, reading, now)
    return Outcome(
        _awaiting(after, state, reading, now),
        news=news,
        doubtful=old,
        settled=settled,
        doubts_order=doubts_order,
    )


def _stalling(after: LikesState, before: LikesState, reading: Reading, now: datetime) -> LikesState:
    """Note since when the count has risen without anybody new on the list."""
    if reading.new or reading.moves:
        found_at = now if reading.new else after.found_at
        return replace(after, rises=0, stalled_at=None, stalled_count=0, found_at=found_at)
    if after.pending and after.stalled_at is None:
        # Those who are doubtful may be all that are counted: it rose before they were read.
        rose_before = before.read_at if after.doubtful and before.moved_at is None else None
        return replace(after, stalled_at=rose_before or now, stalled_count=before.collected)
    return after


def _still_held_back(state: LikesState, reading: Reading, appeared: int, left: int) -> int:
    """Return how many that are counted may be old and not listed yet."""
    still = max(0, state.held_back - appeared)
    return min(still, max(0, state.count - left - reading.shown)) if reading.whole else still


def _settled(
    after: LikesState, before: LikesState, reading: Reading, now: datetime
) -> tuple[LikesState, int]:
    """Believe that who was doubtful is new, when nobody else has appeared in time."""
    if reading.new or now < _in_time(before, now):
        return after, 0
    settled = min(after.pending, after.doubtful)
    was_late = before.doubted_at is not None and may_be_late(before, before.doubted_at)
    if not settled or (settled < after.doubtful and not was_late):
        return after, 0  # of those who are new, all will have been counted
    return replace(
        after,
        doubtful=0,
        collected=after.collected + settled,
        held_back=after.held_back + (0 if after.older else settled),
    ), settled


def _looked(state: LikesState, reading: Reading, now: datetime) -> Outcome:
    """Go on with names where the list shows somebody again: what was counted has been told."""
    looked = replace(state, read_at=now, looked_count=state.count, look_at=now + LOOK_EVERY)
    if not (reading.new or reading.moves):
        return Outcome(looked, doubts_order=reading.beyond)
    named = replace(
        looked,
        kind=WatchKind.NAMES,
        collected=state.count,
        look_at=None,
        rises=0,
        stalled_at=None,
        stalled_count=0,
        found_at=now,
    )
    return Outcome(replace(named, first_read_at=state.first_read_at or now))


def _held_back_among(state: LikesState, reading: Reading, now: datetime) -> int:
    """Return how many of those that are new had liked before the watch began.

    While the list may just be late, all that it held back then may come first; how many that were
    is not known where the first page was not all of it. Later they are told by their number: more
    appear than the count has risen by.
    """
    unseen = state.held_back
    if state.read_at is not None and may_be_late(state, state.read_at):
        unseen += state.older
    more = reading.new if may_be_late(state, now) else max(0, reading.new - state.pending)
    return min(unseen, more)


def _older_among(state: LikesState, reading: Reading) -> int:
    """Return how many of those that are new were farther down the list than was read before."""
    return min(state.older, reading.new) if reading.beyond else 0


def _in_time(state: LikesState, now: datetime) -> datetime:
    """Return by when whoever was counted has appeared, also where the list is late."""
    counted_at = state.stalled_at or state.moved_at or state.missing_since
    since = [at for at in (state.first_read_at, state.found_at, counted_at) if at is not None]
    return max(since, default=now) + SOON


def _awaiting(after: LikesState, before: LikesState, reading: Reading, now: datetime) -> LikesState:
    """Plan the next look for likes that are counted and not listed, or give them up as hidden.

    Who has just appeared, or is doubtful, may be who was looked for; who is missing now may have
    liked since.
    """
    missing = after.pending + after.held_back
    if not missing:
        return replace(after, missing=0, missing_since=None, look_at=None)
    since = before.missing_since
    looked_for = min(after.missing, missing) if since is not None else missing
    if since is None:
        since, looked_for = now, missing
    elif is_over(since, before.read_at, now) and shows_nobody(after):
        # It is the list that is hidden then, and nobody on it is given up before that is sure.
        return replace(after, missing=missing, missing_since=since, look_at=now + LOOKS[-1])
    elif is_over(since, before.read_at, now):
        given_up = min(max(0, looked_for - reading.new - after.doubtful), missing)
        held_back = max(0, after.held_back - given_up)
        pending = after.pending - (given_up - (after.held_back - held_back))
        after = replace(
            after,
            hidden=after.hidden + given_up,
            held_back=held_back,
            collected=after.count - pending,
        )
        missing -= given_up
        if not missing:
            return replace(after, missing=0, missing_since=None, look_at=None)
        since, looked_for = now, missing
    after = replace(after, missing=looked_for, missing_since=since, look_at=next_look(since, now))
    if after.pending and after.doubtful:
        known_at = _in_time(after, now)  # who of them is new
        look_at = known_at if known_at > now else now + SOON
        after = replace(after, look_at=min(look_at, next_look(since, now)))
    return after


def _by_count(state: LikesState, kind: WatchKind, now: datetime) -> LikesState:
    """Follow the count from now on, and look for names again now and then."""
    # Who was pushed beyond the count was told by name.
    pushed = state.ahead + (0 if state.pushed_place is None else state.surplus)
    return replace(
        state,
        kind=kind,
        collected=state.count + pushed,
        surplus=0,
        ahead=0,
        pushed_place=None,
        held_back=0,
        doubtful=0,
        missing=0,
        missing_since=None,
        dark_since=None,
        rises=0,
        stalled_at=None,
        stalled_count=0,
        moved_at=None,
        read_at=now,
        first_read_at=state.first_read_at or now,
        looked_count=state.count,
        look_at=now + LOOK_EVERY,
    )


def likers_refused(state: LikesState, now: datetime, *, own: bool) -> Outcome:
    """Return what it comes to that X refuses a post's likers: nothing yet, or growth from now on.

    Of others' posts that X showed nobody of before, likes are private.
    """
    dark = replace(state, dark_since=state.dark_since or now)
    if (state.kind is WatchKind.PENDING and not own) or is_dark(dark, now):
        return Outcome(_by_count(dark, WatchKind.COUNTS, now), growth=_grown(dark))
    return Outcome(dark)


def nobody_reads(state: LikesState, now: datetime) -> Outcome:
    """Return what it comes to that nobody may read who likes a post: growth from now on."""
    if state.kind in BY_COUNT:
        return Outcome(replace(state, look_at=now + LOOK_EVERY))
    return Outcome(_by_count(state, WatchKind.COUNTS, now), growth=_grown(state))


def _grown(state: LikesState) -> Growth | None:
    """Return the growth since the count of when somebody was listed."""
    if state.stalled_at is not None:
        return Growth(state.stalled_count, state.count)
    return Growth(state.collected, state.count) if state.pending else None
