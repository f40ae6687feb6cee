"""What a count and a reading change, case by case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import WatchKind
from bot.watching.post_state.state import (
    Growth,
    LikesState,
    Reading,
    count_read,
    explains,
    likers_read,
    page_size,
    rebased,
    whole_size,
)
from tests.watching.model import START, PostOnX, Watcher

LATER = START + timedelta(seconds=1)


@pytest.fixture
def post() -> PostOnX:
    return PostOnX(hidden=frozenset({90, 91, 92}), likes=[1, 2, 3], seats={1, 2, 3})


@pytest.fixture
def watcher(post: PostOnX) -> Watcher:
    """Somebody watches the post, and has read who likes it."""
    watching = Watcher(post)
    watching.round()
    watching.requests = 0
    return watching


def test_the_first_reading_is_silent(watcher: Watcher) -> None:
    assert set(watcher.known) == {1, 2, 3}
    assert not watcher.announced


def test_an_unlike_hides_no_like_that_waits_to_be_read(post: PostOnX, watcher: Watcher) -> None:
    post.like(4)
    watcher.probe()
    post.unlike(1)
    watcher.round()

    assert dict(watcher.announced) == {4: 1}


def test_an_unlike_hides_no_like_that_came_during_a_reading(
    post: PostOnX, watcher: Watcher
) -> None:
    post.like(4)
    watcher.probe()

    def another_likes() -> None:
        post.like(5)
        watcher.probe()

    watcher.read(meanwhile=another_likes)
    post.unlike(1)
    watcher.round()

    assert dict(watcher.announced) == {4: 1, 5: 1}


def test_a_rise_and_a_fall_during_a_reading_both_count() -> None:
    began = LikesState(WatchKind.NAMES, 6, 5, read_at=START)
    after, _ = likers_read(began, Reading(shown=2, new=1, met_known=True), LATER, own=True)
    latest = count_read(count_read(began, 8, LATER)[0], 7, LATER)[0]

    assert rebased(after, began, latest, LATER).pending == 2


def test_an_unlike_hides_no_like_that_comes_after_it(post: PostOnX, watcher: Watcher) -> None:
    post.unlike(1)
    watcher.round()
    assert watcher.requests == 0
    post.like(4)
    watcher.round()

    assert dict(watcher.announced) == {4: 1}


def test_a_like_taken_back_and_given_again_is_not_announced_again(
    post: PostOnX, watcher: Watcher
) -> None:
    post.like(4)
    watcher.round()
    post.unlike(4)
    watcher.round()
    post.like(4)
    watcher.round()

    assert dict(watcher.announced) == {4: 1}


def test_those_who_like_again_do_not_hide_who_likes_for_the_first_time(
    post: PostOnX, watcher: Watcher
) -> None:
    for user in (1, 2):
        post.unlike(user)
    post.like(4)
    for user in (1, 2):
        post.like(user)
    watcher.round()

    assert dict(watcher.announced) == {4: 1}


def test_hidden_likers_are_looked_for_once(post: PostOnX, watcher: Watcher) -> None:
    post.like(90)
    watcher.round()
    assert (watcher.requests, watcher.state.hidden) == (2, 1)
    for _ in range(3):
        watcher.round()

    assert watcher.requests == 2


def test_likes_that_come_between_count_and_reading_need_no_second_explanation(
    post: PostOnX, watcher: Watcher
) -> None:
    for user in (4, 5, 6):
        post.like(user)
    watcher.probe()
    for user in (7, 8):
        post.like(user)
    watcher.read()
    requests = watcher.requests
    watcher.round()

    assert dict(watcher.announced) == dict.fromkeys((4, 5, 6, 7, 8), 1)
    assert watcher.requests == requests + 1, "one small page shows that all are known"


@pytest.mark.parametrize(
    ("pending", "size"), [(1, 2), (3, 4), (4, 6), (20, 26), (79, 99), (80, 100), (500, 100)]
)
def test_the_page_is_as_small_as_the_change(pending: int, size: int) -> None:
    state = LikesState(WatchKind.NAMES, 1000 + pending, 1000, read_at=START)
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
        (Reading(shown=3, new=2, met_known=True), True),
        (Reading(shown=3, new=1, met_known=True), False),
        (Reading(shown=3, new=3, met_known=False), False),
        (Reading(shown=3, new=0, met_known=False, whole=True), True),
        (Reading(shown=3, new=1, recent=2, met_known=True), False),
    ],
)
def test_a_change_is_explained_by_known_likers_behind_enough_new_ones(
    reading: Reading, *, explained: bool
) -> None:
    state = LikesState(WatchKind.NAMES, 12, 10, read_at=START)
    assert explains(state, reading) is explained


def test_what_was_read_beyond_the_count_explains_the_next_count() -> None:
    state = LikesState(WatchKind.NAMES, 12, 10, surplus=1, read_at=START)
    reading = Reading(shown=3, new=1, recent=2, met_known=True)
    assert explains(state, reading)
    assert likers_read(state, reading, LATER, own=True)[0].surplus == 0

    assert not explains(state, replace(reading, recent=0)), "they are not in this page"


# Counts: X shows nobody.


def test_a_post_of_another_account_is_followed_by_its_count() -> None:
    post = PostOnX()
    for user in range(5):
        post.like(user)
    watcher = Watcher(post, own=False)
    watcher.round()
    assert (watcher.state.kind, watcher.growths) == (WatchKind.COUNTS, [])

    for user in (5, 6, 7):
        post.like(user)
    watcher.round()

    assert watcher.growths == [Growth(5, 8)]
    assert watcher.requests == 1, "its likers are not asked for again"


def test_a_post_that_nobody_likes_yet_becomes_a_count_with_its_first_like() -> None:
    post = PostOnX()
    watcher = Watcher(post, own=False)
    watcher.round()
    assert watcher.state.kind is WatchKind.NAMES
    post.like(1)
    watcher.round()

    assert (watcher.state.kind, watcher.growths) == (WatchKind.COUNTS, [Growth(0, 1)])


def test_the_own_post_whose_only_liker_is_hidden_keeps_its_names() -> None:
    post = PostOnX(hidden=frozenset({1}))
    watcher = Watcher(post)
    post.like(1)
    watcher.round()
    assert watcher.state.kind is WatchKind.NAMES
    post.like(2)
    watcher.round()

    assert dict(watcher.announced) == {2: 1}


@pytest.mark.parametrize("kind", [WatchKind.COUNTS, WatchKind.STALLED])
def test_growth_is_told_from_the_highest_count_so_far(kind: WatchKind) -> None:
    state = LikesState(kind, 10, 10, read_at=START)
    told = []
    for count in (9, 10, 8, 12, 11, 12, 13):
        state, growth = count_read(state, count, LATER)
        assert (state.count, state.pending) == (count, 0)
        if growth is not None:
            told.append(growth)

    assert told == [Growth(10, 12), Growth(12, 13)]


# Saturated: X has shown its hundred.


def _watched_with(likes: int, hidden: frozenset[int] = frozenset()) -> Watcher:
    post = PostOnX(hidden=hidden)
    for user in range(likes):
        post.like(user)
    watcher = Watcher(post)
    watcher.round()
    return watcher


def _likes_up_to(watcher: Watcher, count: int) -> None:
    for user in range(len(watcher.post.likes), count):
        watcher.post.like(user)
    watcher.round()


def test_a_hundred_likes_are_names_and_one_more_is_growth() -> None:
    watcher = _watched_with(98)
    _likes_up_to(watcher, 100)
    assert (watcher.state.kind, watcher.growths) == (WatchKind.NAMES, [])
    assert dict(watcher.announced) == {98: 1, 99: 1}

    _likes_up_to(watcher, 101)
    _likes_up_to(watcher, 110)

    assert watcher.state.kind is WatchKind.STALLED
    assert watcher.growths == [Growth(100, 101), Growth(101, 110)]


def test_a_burst_over_the_ceiling_is_told_as_names_up_to_it_and_growth_beyond() -> None:
    watcher = _watched_with(90)
    _likes_up_to(watcher, 300)

    assert sum(watcher.announced.values()) == 10
    assert watcher.growths == [Growth(100, 300)]


def test_a_full_list_with_hidden_likers_in_it_is_full() -> None:
    watcher = _watched_with(95, hidden=frozenset({7, 40, 97}))
    _likes_up_to(watcher, 103)
    requests = watcher.requests
    _likes_up_to(watcher, 150)

    assert watcher.state.kind is WatchKind.STALLED
    assert sum(watcher.announced.values()) == 4
    assert watcher.growths[-1] == Growth(103, 150)
    assert watcher.requests == requests, "a full list is not asked for again"


def test_a_watch_that_begins_on_a_saturated_post_is_silent_first() -> None:
    watcher = _watched_with(5_000, hidden=frozenset({3}))
    assert (watcher.state.kind, watcher.growths) == (WatchKind.STALLED, [])
    _likes_up_to(watcher, 5_001)

    assert watcher.growths == [Growth(5_000, 5_001)]


def test_a_count_read_during_the_reading_that_saturates_is_told_next() -> None:
    began = LikesState(WatchKind.NAMES, 101, 100, read_at=START)
    after, growth = likers_read(began, Reading(shown=100, new=0, whole=True), LATER, own=True)
    latest = replace(began, count=105)
    assert growth == Growth(100, 101)

    state, growth = count_read(rebased(after, began, latest, LATER), 105, LATER)

    assert (state.pending, growth) == (0, Growth(101, 105))


def test_who_was_found_beyond_the_count_may_be_who_has_gone() -> None:
    """Else a later reading would take them for the likes that it is still to find."""
    before = LikesState(WatchKind.NAMES, count=4, collected=0, surplus=2, read_at=START)

    fallen, _ = count_read(before, 2, START)

    assert (fallen.collected, fallen.surplus) == (0, 0)
