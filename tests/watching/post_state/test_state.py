"""What a count and a reading change, case by case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import WatchKind
from bot.watching.post_state.after_reading import likers_read
from bot.watching.post_state.state import (
    LikesState,
    Reading,
    count_read,
    explains,
    page_size,
    rebased,
    whole_size,
)
from tests.cases import in_turn
from tests.watching.model import START, PostOnX, Watcher, post_with

LATER = START + timedelta(seconds=1)


@pytest.fixture
def post() -> PostOnX:
    return post_with(1, 2, 3, hidden=frozenset({90, 91, 92}))


@pytest.fixture
def watcher(post: PostOnX) -> Watcher:
    """Somebody watches the post, and has read who likes it."""
    watching = Watcher(post)
    watching.round()
    watching.requests = 0
    return watching


def test_the_first_reading_is_silent(watcher: Watcher) -> None:
    assert watcher.known == {1, 2, 3}
    assert not watcher.announced


def test_an_unlike_hides_no_like_that_waits_to_be_read(post: PostOnX, watcher: Watcher) -> None:
    post.like(4)
    watcher.probe()
    post.unlike(1)
    watcher.round()

    assert watcher.announced == {4: 1}


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

    assert watcher.announced == {4: 1, 5: 1}


def test_a_rise_and_a_fall_during_a_reading_both_count() -> None:
    began = LikesState(WatchKind.NAMES, 6, 5, read_at=START)
    after = likers_read(began, Reading(shown=2, new=1, proven=True), LATER).state
    latest = count_read(count_read(began, 8, LATER)[0], 7, LATER)[0]

    assert rebased(after, began, latest, LATER).pending == 2


def test_an_unlike_hides_no_like_that_comes_after_it(post: PostOnX, watcher: Watcher) -> None:
    post.unlike(1)
    watcher.round()
    assert watcher.requests == 1, "only who has gone is looked for"
    post.like(4)
    watcher.round()

    assert watcher.announced == {4: 1}


def test_a_like_taken_back_and_given_again_is_not_announced_again(
    post: PostOnX, watcher: Watcher
) -> None:
    post.like(4)
    watcher.round()
    post.unlike(4)
    watcher.round()
    post.like(4)
    watcher.round()

    assert watcher.announced == {4: 1}


def test_those_who_like_again_do_not_hide_who_likes_for_the_first_time(
    post: PostOnX, watcher: Watcher
) -> None:
    for user in (1, 2):
        post.unlike(user)
    post.like(4)
    for user in (1, 2):
        post.like(user)
    watcher.round()

    assert watcher.announced == {4: 1}


def test_hidden_likers_are_looked_for_four_times_and_then_called_hidden(
    post: PostOnX, watcher: Watcher
) -> None:
    post.like(90)
    watcher.round()
    looks = []
    for second in range(1, 400):
        before = watcher.requests
        watcher.round()
        if watcher.requests > before:
            looks.append(second)

    assert looks == [5, 15, 60, 300]
    assert (watcher.state.hidden, watcher.state.kind) == (1, WatchKind.NAMES)


def test_a_like_while_others_are_looked_for_is_named_at_once(
    post: PostOnX, watcher: Watcher
) -> None:
    post.like(90)
    watcher.round()
    post.like(4)
    watcher.round()

    assert watcher.announced == {4: 1}


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

    assert watcher.announced == dict.fromkeys((4, 5, 6, 7, 8), 1)
    assert watcher.requests == requests + 1, "one small page shows that all are known"


@in_turn("pending, size", [(1, 2), (3, 4), (4, 6), (20, 26), (79, 99), (80, 100), (500, 100)])
def test_the_page_is_as_small_as_the_change(pending: int, size: int) -> None:
    state = LikesState(WatchKind.NAMES, 1000 + pending, 1000, read_at=START)
    assert page_size(state) == size


@in_turn("count, size", [(0, 5), (3, 8), (40, 55), (76, 100), (5_000, 100)])
def test_the_first_page_holds_all_that_x_counts_and_money_for_no_more(
    count: int, size: int
) -> None:
    first = LikesState(WatchKind.PENDING, count, 0)
    assert page_size(first) == whole_size(first) == size


@in_turn(
    "reading, explained",
    [
        (Reading(shown=3, new=2, proven=True), True),
        (Reading(shown=3, new=1, proven=True), False),
        (Reading(shown=3, new=3), False),
        (Reading(shown=3, new=0, whole=True), True),
        (Reading(shown=3, new=1, recent=2, proven=True), False),
    ],
)
def test_a_change_is_explained_by_known_likers_behind_enough_new_ones(
    reading: Reading, *, explained: bool
) -> None:
    state = LikesState(WatchKind.NAMES, 12, 10, read_at=START)
    assert explains(state, reading) is explained


def test_what_was_read_beyond_the_count_explains_the_next_count() -> None:
    state = LikesState(WatchKind.NAMES, 12, 10, surplus=1, read_at=START)
    reading = Reading(shown=3, new=1, recent=2, proven=True)
    assert explains(state, reading)
    assert likers_read(state, reading, LATER).state.surplus == 0

    assert not explains(state, replace(reading, recent=0)), "they are not in this page"


def test_who_was_found_beyond_the_count_may_be_who_has_gone() -> None:
    """Else a later reading would take them for the likes that it is still to find."""
    before = LikesState(WatchKind.NAMES, count=4, collected=0, surplus=2, read_at=START)

    fallen, _ = count_read(before, 2, START)

    assert (fallen.collected, fallen.surplus) == (0, 0)
