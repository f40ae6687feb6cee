"""What a pushed like, and a count where likes are pushed, do to a post's state."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import WatchKind
from bot.watching.post_state.after_reading import likers_read
from bot.watching.post_state.pushed import PUSHED_BY, counted_in, likes_pushed
from bot.watching.post_state.state import LikesState, Reading, count_read, rebased

T0 = datetime(2026, 11, 26, 12, tzinfo=UTC)
READ = LikesState(WatchKind.NAMES, 10, 10, read_at=T0, first_read_at=T0)
QUARTER = timedelta(minutes=15)


def after_push(state: LikesState, *liked_at: datetime) -> LikesState:
    return likes_pushed(state, liked_at, T0, counted_at=T0, place=10).state


def after_count(
    state: LikesState, count: int, *, trusted: bool = True, explains: bool = True
) -> LikesState:
    counted, _ = count_read(state, count, T0 + QUARTER, T0)
    return counted_in(state, counted, T0 + QUARTER, is_trusted=trusted, explains=explains).state


SOON = T0 + timedelta(seconds=1)


def test_a_count_that_rises_by_what_was_pushed_says_nothing_new() -> None:
    pushed = after_push(READ, SOON, SOON)
    assert (pushed.ahead, pushed.pending, pushed.pushed_place) == (2, 0, 10)
    counted = after_count(pushed, 12)
    assert counted == replace(READ, count=12, collected=12, pushed_at=T0)


def test_what_a_count_rises_by_beyond_that_is_read_soon_after() -> None:
    counted = after_count(after_push(READ, SOON), 12)
    assert (counted.pending, counted.ahead, counted.pushed_place) == (1, 0, 10)
    assert counted.look_at == T0 + QUARTER + PUSHED_BY


def test_a_count_that_rises_by_what_was_pushed_puts_nothing_off_that_is_waited_for() -> None:
    look_at = T0 + QUARTER + timedelta(seconds=5)
    doubted = replace(
        READ, count=11, missing=1, missing_since=T0, look_at=look_at, doubtful=1, doubted_at=T0
    )
    counted = after_count(after_push(doubted, SOON), 12)
    assert (counted.pending, counted.doubtful, counted.ahead) == (1, 1, 0)
    assert (counted.look_at, counted.moved_at, counted.rises) == (look_at, None, 0)


def test_who_is_doubtful_is_looked_for_as_soon_as_it_is_known_who_is_new() -> None:
    stalled_at, now = T0 + timedelta(seconds=8), T0 + timedelta(seconds=18)
    doubted = replace(
        READ,
        count=12,
        collected=11,
        held_back=1,
        found_at=T0 + timedelta(seconds=4),
        stalled_at=stalled_at,
        doubtful=1,
        doubted_at=T0 + timedelta(seconds=4),
        missing=2,
        missing_since=T0,
    )
    state = likers_read(doubted, Reading(5, 0, recent=1, proven=True, own=True), now).state
    assert (state.doubtful, state.look_at) == (1, stalled_at + timedelta(seconds=15))
    outcome = likers_read(state, Reading(5, 0, recent=1, proven=True, own=True), state.look_at)
    assert (outcome.settled, outcome.state.pending) == (1, 0)


def test_whose_like_was_counted_before_they_were_read_is_waited_for_from_then_on() -> None:
    found_at = T0 + timedelta(seconds=6)
    doubted = replace(
        READ,
        count=12,
        collected=11,
        held_back=1,
        read_at=found_at,
        found_at=found_at,
        doubtful=1,
        doubted_at=found_at,
        missing=2,
        missing_since=T0,
    )
    nobody = Reading(4, 0, recent=1, proven=True, own=True)
    state = likers_read(doubted, nobody, T0 + timedelta(seconds=18)).state
    assert (state.doubtful, state.look_at) == (1, found_at + timedelta(seconds=15))

    since = T0 + timedelta(seconds=16)
    rose = replace(doubted, count=13, moved_at=since)
    state = likers_read(rose, nobody, T0 + timedelta(seconds=18)).state
    assert (state.doubtful, state.stalled_at) == (1, T0 + timedelta(seconds=18))


def test_an_event_that_comes_after_its_count_is_what_was_looked_for() -> None:
    missing = after_count(READ, 11)
    found = likes_pushed(
        missing, [T0 + timedelta(minutes=14)], T0 + QUARTER, counted_at=T0 + QUARTER, place=10
    ).state
    assert (found.pending, found.ahead, found.look_at, found.moved_at) == (0, 0, None, None)


def test_a_like_that_was_taken_back_is_not_waited_for() -> None:
    counted, _ = count_read(after_push(READ, SOON), 10, T0 + QUARTER, T0)
    state, taken_back = counted_in(after_push(READ, SOON), counted, T0 + QUARTER, is_trusted=True)
    assert (state.ahead, taken_back) == (0, 1)
    assert after_count(state, 11).pending == 1


@pytest.mark.parametrize(("explains", "pending"), [(True, 0), (False, 1)])
def test_after_a_gap_a_count_explains_itself_only_exactly(*, explains: bool, pending: int) -> None:
    pushed = after_push(READ, SOON)
    assert after_count(pushed, 11, trusted=False, explains=explains).pending == pending
    more = after_count(pushed, 12, trusted=False)
    assert (more.pending, more.surplus, more.ahead, more.look_at) == (2, 1, 0, None)
    read = likers_read(more, Reading(2, 1, recent=1, proven=True), T0 + QUARTER)
    assert (read.news, read.state.pending, read.state.hidden) == (1, 0, 0)


def test_where_only_the_count_is_followed_each_like_is_told_once() -> None:
    by_count = replace(READ, kind=WatchKind.COUNTS)
    pushed = likes_pushed(by_count, [SOON, T0], T0, counted_at=T0, place=10)
    assert pushed.told == (True, False)
    assert count_read(pushed.state, 11, T0)[1] is None
    grown = count_read(pushed.state, 13, T0)[1]
    assert grown is not None
    assert (grown.from_count, grown.to_count) == (11, 13)


def test_what_is_pushed_while_a_reading_goes_on_is_kept() -> None:
    began = after_count(READ, 11)
    latest = likes_pushed(
        began, [T0 + 2 * QUARTER], T0 + 2 * QUARTER, counted_at=T0 + QUARTER, place=10
    ).state
    after = likers_read(began, Reading(3, 1, proven=True), T0 + 2 * QUARTER).state
    merged = rebased(after, began, latest, T0 + 2 * QUARTER)
    assert (merged.ahead, merged.pending, merged.collected) == (1, 0, 11)


def test_names_that_are_no_longer_shown_leave_what_was_told_told() -> None:
    pushed = after_push(replace(READ, dark_since=T0 - QUARTER), SOON)
    dark = likers_read(pushed, Reading(0, 0, whole=True, own=True), T0).state
    assert dark.kind is WatchKind.COUNTS
    assert count_read(dark, 11, T0)[1] is None
