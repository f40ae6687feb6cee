"""What a count and a reading change, case by case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import WatchKind
from bot.watching.post_state.after_reading import HIDDEN_AFTER, likers_read
from bot.watching.post_state.looking_again import LOOKS
from bot.watching.post_state.state import (
    Growth,
    LikesState,
    Reading,
    count_read,
    explains,
    page_size,
    rebased,
    whole_size,
)
from tests.storage.rows import NOW

LATER = NOW + timedelta(hours=1)
BEGUN = LikesState(WatchKind.PENDING, 10, 10)
NAMES = LikesState(WatchKind.NAMES, 10, 10, read_at=NOW, first_read_at=NOW, found_at=NOW)


def _counted(state: LikesState, *counts: int) -> LikesState:
    for count in counts:
        state, growth = count_read(state, count, LATER)
        assert growth is None
    return state


# The first reading


def test_who_likes_it_at_the_beginning_is_not_news() -> None:
    outcome = likers_read(BEGUN, Reading(shown=10, new=10, whole=True, own=True), NOW)

    assert (outcome.news, outcome.doubtful, outcome.growth) == (0, 0, None)
    assert (outcome.state.kind, outcome.state.pending) == (WatchKind.NAMES, 0)


def test_who_came_between_the_beginning_and_the_first_reading_is() -> None:
    state = _counted(BEGUN, 12)

    outcome = likers_read(state, Reading(shown=12, new=12, whole=True, own=True), NOW)

    assert (outcome.news, outcome.state.pending) == (2, 0)


def test_a_post_of_another_account_is_followed_by_its_count() -> None:
    outcome = likers_read(_counted(BEGUN, 12), Reading(shown=0, new=0, whole=True), NOW)

    assert (outcome.state.kind, outcome.growth) == (WatchKind.COUNTS, Growth(10, 12))


def test_a_post_that_nobody_likes_yet_may_show_names() -> None:
    nobody = LikesState(WatchKind.PENDING, 0, 0)

    outcome = likers_read(nobody, Reading(shown=0, new=0, whole=True), NOW)

    assert (outcome.state.kind, outcome.growth) == (WatchKind.NAMES, None)


# Counts and readings


def test_an_unlike_hides_no_like_that_waits_to_be_read() -> None:
    assert _counted(NAMES, 11, 10).pending == 1


def test_an_unlike_hides_no_like_that_comes_after_it() -> None:
    assert _counted(NAMES, 9, 10).pending == 1


def test_who_was_found_beyond_the_count_may_be_who_has_gone() -> None:
    """Else a later reading would take them for the likes that it is still to find."""
    before = LikesState(WatchKind.NAMES, count=4, collected=0, surplus=2, read_at=NOW)

    fallen = _counted(before, 2)

    assert (fallen.collected, fallen.surplus) == (0, 0)


def test_a_like_that_is_found_is_announced_and_waits_no_longer() -> None:
    reading = Reading(shown=2, new=1, proven=True, own=True)

    outcome = likers_read(_counted(NAMES, 11), reading, LATER)

    assert (outcome.news, outcome.state.pending) == (1, 0)


def test_likes_that_came_since_the_count_are_in_the_next_one() -> None:
    reading = Reading(shown=4, new=3, proven=True, own=True)
    outcome = likers_read(_counted(NAMES, 11), reading, LATER)
    assert (outcome.news, outcome.state.surplus) == (3, 2)

    state = _counted(outcome.state, 13)

    assert explains(state, Reading(shown=3, new=0, recent=3, proven=True))


def test_what_is_counted_and_not_listed_is_looked_for_until_it_counts_as_hidden() -> None:
    nothing = Reading(shown=10, new=0, proven=True, whole=True, own=True)
    state, now = _counted(NAMES, 11), LATER
    looks = []
    while (state := likers_read(state, nothing, now).state).look_at is not None:
        assert (state.hidden, state.pending) == (0, 1)
        looks.append(state.look_at - LATER)
        now = state.look_at

    assert tuple(looks) == LOOKS
    assert (state.hidden, state.pending, state.kind) == (1, 0, WatchKind.NAMES)


def test_a_list_that_is_empty_for_long_is_followed_by_its_count_with_all_that_waits() -> None:
    nobody = Reading(shown=0, new=0, proven=True, whole=True, own=True)
    state, now = _counted(NAMES, 12), LATER
    while (outcome := likers_read(state, nobody, now)).growth is None:
        state = outcome.state
        assert (state.kind, state.hidden, state.pending) == (WatchKind.NAMES, 0, 2)
        assert state.look_at is not None
        now = state.look_at

    assert now - LATER >= HIDDEN_AFTER
    assert (outcome.state.kind, outcome.growth) == (WatchKind.COUNTS, Growth(10, 12))


@pytest.mark.parametrize("kind", [WatchKind.COUNTS, WatchKind.STALLED])
def test_growth_is_told_from_the_highest_count_so_far(kind: WatchKind) -> None:
    state = LikesState(kind, 10, 10, read_at=NOW)
    told = []
    for count in (9, 10, 8, 12, 11, 12, 13):
        state, growth = count_read(state, count, LATER)
        assert (state.count, state.pending) == (count, 0)
        if growth is not None:
            told.append(growth)

    assert told == [Growth(10, 12), Growth(12, 13)]


# Counts that move while the list is read


def test_a_rise_and_a_fall_during_a_reading_both_count() -> None:
    began = LikesState(WatchKind.NAMES, 6, 5, read_at=NOW)
    after = likers_read(began, Reading(shown=2, new=1, proven=True, own=True), LATER).state

    assert rebased(after, began, _counted(began, 8, 7), LATER).pending == 2


def test_growth_during_the_last_reading_with_names_is_told_next() -> None:
    began = LikesState(WatchKind.PENDING, 101, 100)
    after = likers_read(began, Reading(shown=0, new=0, whole=True), LATER).state
    latest = replace(began, count=105)

    state, growth = count_read(rebased(after, began, latest, LATER), 105, LATER)

    assert (state.pending, growth) == (0, Growth(101, 105))


# Pages


@pytest.mark.parametrize(
    ("pending", "size"), [(1, 2), (3, 4), (4, 6), (20, 26), (79, 99), (80, 100), (500, 100)]
)
def test_the_page_is_as_small_as_the_change(pending: int, size: int) -> None:
    state = LikesState(WatchKind.NAMES, 1000 + pending, 1000, read_at=NOW)
    assert page_size(state) == size


@pytest.mark.parametrize(("count", "size"), [(0, 5), (3, 8), (40, 55), (76, 100), (5_000, 100)])
def test_the_first_page_holds_all_that_x_counts_and_money_for_no_more(
    count: int, size: int
) -> None:
    first = LikesState(WatchKind.PENDING, count, 0)
    assert page_size(first) == whole_size(first) == size


@pytest.mark.parametrize(
    ("reading", "explained"),
    [
        (Reading(shown=3, new=2, proven=True), True),
        (Reading(shown=3, new=1, proven=True), False),
        (Reading(shown=3, new=3), False),
        (Reading(shown=3, new=0, whole=True), True),
        (Reading(shown=3, new=1, recent=2, proven=True), False),
    ],
)
def test_a_change_is_explained_by_enough_who_are_new_before_those_who_are_known(
    reading: Reading, *, explained: bool
) -> None:
    state = LikesState(WatchKind.NAMES, 12, 10, read_at=NOW)
    assert explains(state, reading) is explained
