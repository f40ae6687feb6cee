"""What the model of X found once, each as the shortest story that shows it."""

from collections.abc import Iterable

import pytest

from bot.domain import WatchKind
from storage.models import ListOrder
from tests.watching.model import PostOnX, Watcher

CROWD = range(1_000, 1_130)


def _watch(post: PostOnX, *first: int, crowd: Iterable[int] = ()) -> Watcher:
    """Watch a post that a crowd has liked for long, and some likes just now."""
    post.like(*crowd)
    Watcher(post).wait(1_800)
    post.like(*first)
    watcher = Watcher(post)
    watcher.look()
    return watcher


def _minutes(watcher: Watcher) -> None:
    watcher.rest(60)
    watcher.rest(1_200, step=40)


def test_a_fall_of_a_count_that_hidden_people_raised_shows_no_order() -> None:
    post = PostOnX(hidden=frozenset({7}))
    watcher = _watch(post, crowd=CROWD)
    post.like(0, 7)
    watcher.round()
    post.unlike(7)
    _minutes(watcher)

    assert watcher.announced == {0: 1}
    assert watcher.row.list_order is not ListOrder.OLDEST_FIRST


def test_a_count_that_was_late_when_the_watch_began_shows_no_order() -> None:
    post = PostOnX(count_lag_s=1)
    watcher = _watch(post, 0, crowd=CROWD)
    _minutes(watcher)
    assert watcher.announced == {}
    post.like(1)
    _minutes(watcher)

    assert watcher.announced == {1: 1}
    assert watcher.row.list_order is ListOrder.NEWEST_FIRST


def test_who_moves_up_into_the_newest_hundred_is_old() -> None:
    post = PostOnX(listing="newest")
    watcher = _watch(post, 6, crowd=CROWD)
    post.like(0)
    watcher.probe()
    post.unlike(0, 6)
    _minutes(watcher)

    assert watcher.announced == {}
    assert watcher.row.list_order is not ListOrder.OLDEST_FIRST


def test_a_list_that_ends_behind_a_full_page_is_not_waited_for() -> None:
    watcher = _watch(PostOnX(listing="newest"), crowd=CROWD)
    _minutes(watcher)

    assert watcher.pages == [100]
    assert (watcher.state.held_back, watcher.state.hidden) == (0, 0)


def test_people_held_back_at_first_do_not_become_new_when_somebody_hidden_likes() -> None:
    post = PostOnX(hidden=frozenset({9}), list_lag_s=4)
    watcher = _watch(post, 1, 2, 3)
    _minutes(watcher)
    post.like(9)
    _minutes(watcher)

    assert watcher.announced == {}


def test_a_like_between_count_and_reading_is_told_where_somebody_is_hidden() -> None:
    post = PostOnX(hidden=frozenset({9}))
    watcher = _watch(post, 9, 1)
    watcher.rest(20)
    post.like(2)
    watcher.wait(40)
    watcher.look()
    watcher.rest(40)

    assert watcher.announced == {2: 1}


def test_somebody_hidden_who_leaves_does_not_make_the_next_like_old() -> None:
    post = PostOnX(hidden=frozenset({9}))
    watcher = _watch(post, 9)
    watcher.round(8)
    post.unlike(9)
    watcher.rest(15)
    post.like(1)
    _minutes(watcher)

    assert watcher.announced == {1: 1}


def test_a_count_that_falls_while_likers_are_read_is_no_rise() -> None:
    post = PostOnX(hidden=frozenset({1, 2}))
    watcher = _watch(post, crowd=range(20))
    post.like(101)
    post.hidden = frozenset({101, 102})
    post.like(102)
    watcher.probe()

    def one_leaves() -> None:
        post.unlike(101)
        watcher.probe()

    watcher.read(meanwhile=one_leaves)
    _minutes(watcher)

    assert (watcher.state.kind, watcher.told.growths) == (WatchKind.NAMES, [])


def test_a_list_held_back_for_long_is_old_whatever_comes_then() -> None:
    post = PostOnX(list_lag_s=40)
    watcher = _watch(post, *range(17), crowd=range(1_000, 1_033))
    watcher.rest(65)
    post.like(50, 51)
    _minutes(watcher)

    assert watcher.announced == {50: 1, 51: 1}


def test_people_whom_a_late_count_shows_one_by_one_are_new() -> None:
    post = PostOnX(count_lag_s=11)
    watcher = _watch(post, crowd=CROWD)
    post.like(0)
    watcher.round(5)
    post.like(2)
    watcher.round(5)
    post.like(1)
    _minutes(watcher)

    assert watcher.announced == {0: 1, 1: 1, 2: 1}


def test_who_appeared_in_time_stays_new_whoever_comes_later() -> None:
    post = PostOnX(hidden=frozenset({0}), list_lag_s=1)
    watcher = _watch(post, 0, 3)
    watcher.rest(2, step=1)
    post.like(2)
    watcher.rest(8, step=1)
    post.like(1)
    _minutes(watcher)

    assert watcher.announced == {1: 1, 2: 1}


def test_who_is_pushed_out_of_the_newest_hundred_has_not_left() -> None:
    post = PostOnX(listing="newest")
    watcher = _watch(post, 0, crowd=CROWD)
    post.unlike(0)
    watcher.round(5)
    post.like(0, 1)
    _minutes(watcher)

    assert set(watcher.told.gone) <= {0}


def test_who_likes_again_at_the_other_end_has_not_left() -> None:
    post = PostOnX(oldest_first=True)
    watcher = _watch(post, 11, 9, crowd=range(1_000, 1_090))
    post.like(8)
    post.unlike(9)
    post.like(9)
    watcher.round(15)
    watcher.rest(300)  # no list is late by more
    post.unlike(11)
    _minutes(watcher)

    assert watcher.told.gone.keys() == {11}


@pytest.mark.parametrize("doubted", [True, False])
def test_looks_stop_at_the_top_where_the_order_is_known(*, doubted: bool) -> None:
    post = PostOnX(hidden=frozenset({9}))
    watcher = _watch(post, crowd=range(1_000, 1_080))
    if not doubted:
        post.like(1)
        watcher.rest(20)
    watcher.pages.clear()
    post.like(9)
    watcher.rest(20)

    # Past who was found just now: below them stands whoever is late.
    looks = watcher.pages[4:]
    assert looks == ([2, 20, 40, 80] * 2 if doubted else [3, 3])


def test_who_is_listed_late_below_those_who_liked_after_them_is_named() -> None:
    post = PostOnX(late_s={0: 40})
    watcher = _watch(post, crowd=CROWD)
    post.like(9)
    watcher.rest(20)
    post.like(0)
    watcher.round(5)
    for user in (1, 2, 3, 4, 5):
        post.like(user)
        watcher.round(5)
    _minutes(watcher)

    assert watcher.announced == dict.fromkeys((9, 0, 1, 2, 3, 4, 5), 1)


def test_who_was_doubtful_before_the_bot_stood_still_is_named_after_it() -> None:
    post = PostOnX(hidden=frozenset({0}))
    watcher = _watch(post, 0)
    post.like(1)
    watcher.round()
    post.like(2)
    watcher.wait(300)
    _minutes(watcher)

    assert watcher.announced == {1: 1, 2: 1}


@pytest.mark.parametrize("minutes", [5, 20])
def test_one_look_after_the_bot_stood_still_gives_nobody_up(minutes: int) -> None:
    post = PostOnX(late_s={1: 3, 2: 3})
    watcher = _watch(post, 0)
    watcher.rest(60)
    post.like(1)
    watcher.round()
    watcher.wait(60 * minutes)
    post.like(2)
    watcher.round()
    assert watcher.state.hidden == 0
    _minutes(watcher)

    assert watcher.announced == {1: 1, 2: 1}


def test_people_held_back_at_the_end_of_a_long_list_are_named_after_a_stop() -> None:
    post = PostOnX(oldest_first=True)
    watcher = _watch(post, crowd=CROWD)
    post.like(0, 1)
    watcher.round()
    post.like(2)
    watcher.wait(300)
    watcher.round()
    for user in (10, 11):
        post.like(user)
        watcher.rest(600, step=40)

    assert watcher.announced == dict.fromkeys((0, 1, 2, 10, 11), 1)
