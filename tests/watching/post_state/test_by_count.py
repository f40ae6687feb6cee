"""Where X shows no names: from the start, from some moment on, or no more of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import WatchKind
from bot.watching.post_state.after_reading import likers_read, likers_refused
from bot.watching.post_state.state import Growth, LikesState, Reading, count_read, rebased
from storage.models import PostKind
from tests.watching.model import START, PostOnX, Watcher, post_with

LATER = START + timedelta(seconds=1)


def test_a_post_of_another_account_is_followed_by_its_count() -> None:
    post = post_with(*range(5))
    watcher = Watcher(post, own=False)
    watcher.round()
    assert (watcher.state.kind, watcher.told.growths) == (WatchKind.COUNTS, [])

    post.like(5, 6, 7)
    watcher.round()

    assert watcher.told.growths == [Growth(5, 8)]
    assert watcher.requests == 1, "its likers are not asked for again"


def test_a_post_that_nobody_likes_yet_becomes_a_count_with_its_first_like() -> None:
    post = PostOnX()
    watcher = Watcher(post, own=False)
    watcher.round()
    assert watcher.state.kind is WatchKind.NAMES
    post.like(1)
    watcher.round()
    assert watcher.state.kind is WatchKind.NAMES, "the list may be late"
    watcher.rest(5)

    assert (watcher.state.kind, watcher.told.growths) == (WatchKind.COUNTS, [Growth(0, 1)])


def test_a_like_that_is_listed_before_it_is_counted_is_told_when_names_come_back() -> None:
    """An author has linked their account: what was counted is told, and nothing else is old."""
    post = post_with(*range(5))
    watcher = Watcher(post, own=False)
    watcher.round()
    post.like(5)
    watcher.round()
    assert (watcher.told.growths, watcher.announced) == ([Growth(5, 6)], {})

    watcher.own = True
    watcher.row.kind, watcher.row.collected_at, watcher.row.look_at = PostKind.PENDING, None, None
    post.like(6)
    watcher.look()
    for _ in range(3):
        watcher.round()

    assert (watcher.told.growths, watcher.announced) == ([Growth(5, 6)], {6: 1})


def test_the_own_post_whose_only_liker_is_hidden_keeps_its_names() -> None:
    post = PostOnX(hidden=frozenset({1}))
    watcher = Watcher(post)
    post.like(1)
    watcher.round()
    watcher.rest(1_800)
    assert watcher.state.kind is WatchKind.NAMES
    post.like(2)
    watcher.round()

    assert watcher.announced == {2: 1}


@pytest.mark.parametrize("own", [True, False])
def test_a_refusal_is_believed_at_once_only_where_nobody_was_ever_shown(*, own: bool) -> None:
    pending = LikesState(WatchKind.PENDING, 12, 10)
    named = LikesState(WatchKind.NAMES, 12, 10, read_at=START)

    assert (likers_refused(pending, LATER, own=own).growth is None) is own
    refused = likers_refused(named, LATER, own=own).state
    assert refused.kind is WatchKind.NAMES
    long_after = likers_refused(refused, LATER + timedelta(minutes=15), own=own)
    assert (long_after.state.kind, long_after.growth) == (WatchKind.COUNTS, Growth(10, 12))


def test_a_list_that_is_shown_again_in_between_is_not_hidden() -> None:
    named = LikesState(WatchKind.NAMES, 12, 12, read_at=START)
    refused = likers_refused(named, LATER, own=True).state
    shown = likers_read(refused, Reading(shown=3, new=0, proven=True, own=True), LATER).state

    again = likers_refused(shown, LATER + timedelta(minutes=15), own=True)

    assert again.state.kind is WatchKind.NAMES


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


# Stalled: the list shows nobody new any more.


def _watched_with(likes: int, listing: str, hidden: frozenset[int] = frozenset()) -> Watcher:
    watcher = Watcher(post_with(*range(likes), hidden=hidden, listing=listing))
    watcher.round()
    watcher.rest(360)
    return watcher


def _likes_up_to(watcher: Watcher, count: int) -> None:
    watcher.post.like(*range(len(watcher.post.likes), count))
    watcher.round()
    watcher.rest(240)


@pytest.mark.parametrize("listing", ["all", "newest"])
def test_names_go_on_past_the_hundredth(listing: str) -> None:
    watcher = _watched_with(98, listing)
    for count in (100, 103, 140):
        _likes_up_to(watcher, count)

    assert watcher.announced == dict.fromkeys(range(98, 140), 1)
    assert (watcher.state.kind, watcher.told.growths) == (WatchKind.NAMES, [])


def test_after_two_vain_rises_minutes_apart_the_count_is_told_instead_of_names() -> None:
    watcher = _watched_with(98, "first")
    _likes_up_to(watcher, 100)
    assert watcher.announced == {98: 1, 99: 1}

    _likes_up_to(watcher, 101)
    assert watcher.state.kind is WatchKind.NAMES
    _likes_up_to(watcher, 103)
    _likes_up_to(watcher, 105)

    assert watcher.told.growths == [Growth(100, 103), Growth(103, 105)]
    assert watcher.row.kind is PostKind.STALLED


@pytest.mark.parametrize("kind", [WatchKind.NAMES, WatchKind.STALLED])
def test_a_list_that_shows_who_was_pushed_goes_on(kind: WatchKind) -> None:
    """Nobody on it is new then, and it may hide the few whom the count has beyond them."""
    vain = LikesState(kind, 20, 12, read_at=START, rises=2, stalled_at=START, missing_since=START)
    pushed = Reading(shown=20, new=0, moves=True, own=True)

    after = likers_read(vain, pushed, LATER + timedelta(minutes=5)).state

    assert (after.kind, after.rises, after.stalled_at) == (WatchKind.NAMES, 0, None)


def test_two_vain_rises_soon_after_each_other_are_one() -> None:
    watcher = _watched_with(100, "first")
    for count in (101, 103, 104):
        watcher.post.like(*range(100, count))
        watcher.round(20)
    watcher.rest(600)

    assert (watcher.state.kind, watcher.told.growths) == (WatchKind.NAMES, [])


def test_a_burst_over_the_end_of_the_list_is_told_as_names_and_growth_beyond() -> None:
    watcher = _watched_with(90, "first")
    _likes_up_to(watcher, 300)
    _likes_up_to(watcher, 301)
    _likes_up_to(watcher, 302)
    _likes_up_to(watcher, 310)

    assert sum(watcher.announced.values()) == 10
    assert watcher.told.growths == [Growth(100, 302), Growth(302, 310)]


def test_a_full_list_with_hidden_likers_in_it_is_full() -> None:
    watcher = _watched_with(95, "first", hidden=frozenset({7, 40, 97}))
    for count in (103, 104, 106):
        _likes_up_to(watcher, count)
    requests = watcher.requests
    _likes_up_to(watcher, 110)

    assert watcher.state.kind is WatchKind.STALLED
    assert sum(watcher.announced.values()) == 4
    assert watcher.told.growths[-1] == Growth(106, 110)
    assert watcher.requests == requests, "a full list is not asked for again"


def test_names_are_looked_for_when_the_count_has_grown_by_a_tenth_and_once_a_day() -> None:
    watcher = _watched_with(150, "first")
    for count in (151, 152, 153, 155):
        _likes_up_to(watcher, count)
    assert watcher.state.kind is WatchKind.STALLED
    watcher.requests = 0
    _likes_up_to(watcher, 160)
    assert watcher.requests == 0
    _likes_up_to(watcher, 180)
    assert watcher.requests == 1
    watcher.rest(86_400, step=600)
    assert watcher.requests == 2


def test_where_names_are_shown_again_the_next_are_told_whatever_the_highest_count_was() -> None:
    stalled = LikesState(WatchKind.STALLED, 100, 106, read_at=START)

    after = likers_read(stalled, Reading(shown=10, new=3), LATER)

    assert (after.state.kind, after.news, after.growth) == (WatchKind.NAMES, 0, None)
    assert count_read(after.state, 101, LATER)[0].pending == 1


def test_a_count_read_during_the_reading_that_stalls_is_told_next() -> None:
    stalled_at = START - timedelta(minutes=4)
    began = LikesState(
        WatchKind.NAMES, 102, 101, read_at=START, rises=2, stalled_at=stalled_at, stalled_count=100
    )
    began = replace(began, missing_since=stalled_at)
    outcome = likers_read(began, Reading(shown=100, new=0, whole=True), LATER)
    assert outcome.growth == Growth(100, 102)

    latest = replace(began, count=105)
    state, growth = count_read(rebased(outcome.state, began, latest, LATER), 105, LATER)

    assert (state.pending, growth) == (0, Growth(102, 105))
