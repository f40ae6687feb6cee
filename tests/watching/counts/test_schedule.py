"""Which requests count the posts that are due: properties of the plan over any posts."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.page_sizes import MAX_POSTS_A_PAGE, POSTS_A_REQUEST
from bot.watching import like_rate
from bot.watching.counts.schedule import (
    Countable,
    CountById,
    CountOwn,
    Request,
    plan,
)
from bot.x.prices import MICRO_USD, Resource
from tests.cases import in_turn

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
NOW_S = NOW.timestamp()
WINDOW = timedelta(minutes=15)
EVERY_S = 15.0
NEVER = 0.0

_ALL = range(430)
counted = st.one_of(st.just(NEVER), st.floats(0, 8_000).map(lambda ago: NOW_S - ago))
rates = st.one_of(st.just(0.0), st.floats(1e-9, 1.0))
kinds = st.sampled_from(list(product((False, True), repeat=3)))
sorts = st.lists(st.tuples(counted, rates, kinds, st.integers(1, 130)), max_size=4)


def _in_any_order(
    sorts: list[tuple[float, float, tuple[bool, bool, bool], int]], order: random.Random
) -> list[Countable]:
    made: list[Countable] = []
    for counted_at, rate, kind, number in sorts:
        made += [Countable(len(made) + i, counted_at, rate, *kind) for i in range(number)]
    return order.sample(made, len(made))


# Any number of posts, made of a few sorts of them. In an order of a seed: Hypothesis would take
# longer to draw hundreds of places than the test takes.
some_posts = st.builds(_in_any_order, sorts, st.randoms(use_true_random=True))


def _posts(
    number: int, rate: float = 0.0, *, own: bool = False, counted_at: float = NEVER
) -> list[Countable]:
    return [Countable(post, counted_at, rate, own=own) for post in range(1, number + 1)]


def _plan(posts: Sequence[Countable], **more: float) -> list[Request]:
    return plan(posts, NOW_S, EVERY_S, by_id=99, own=99, **more)


def _asked(requests: Sequence[Request]) -> list[int]:
    return [post_id for request in requests for post_id in request.post_ids]


# Any tick


@given(some_posts, st.integers(0, 5), st.integers(0, 5), st.floats(0.01, 1.0))
def test_no_request_is_too_large_and_no_post_is_asked_for_twice(
    posts: list[Countable], by_id: int, own: int, density: float
) -> None:
    requests = plan(posts, NOW_S, EVERY_S, by_id=by_id, own=own, density=density)

    assert all(0 < len(request.post_ids) <= POSTS_A_REQUEST for request in requests)
    assert max(Counter(_asked(requests)).values(), default=1) == 1
    assert set(_asked(requests)) <= {post.post_id for post in posts}
    assert sum(isinstance(request, CountById) for request in requests) <= by_id
    assert sum(isinstance(request, CountOwn) for request in requests) <= own


@given(some_posts)
def test_each_post_is_asked_for_in_its_own_way(posts: list[Countable]) -> None:
    owned = {post.post_id for post in posts if post.own}
    for request in _plan(posts):
        if isinstance(request, CountOwn):
            assert owned.issuperset(request.post_ids)
        else:
            assert owned.isdisjoint(request.post_ids)


@given(some_posts)
def test_the_same_posts_give_the_same_plan(posts: list[Countable]) -> None:
    assert _plan(posts) == _plan(list(posts))


@given(some_posts)
def test_a_request_is_sent_at_every_tick_unless_all_was_just_counted(
    posts: list[Countable],
) -> None:
    requests = _plan(posts)
    just_counted = [post for post in posts if NOW_S - post.counted_at < EVERY_S / 2]
    if len(just_counted) == len(posts):
        assert requests == []
    elif not just_counted:
        assert requests != []


@given(some_posts)
def test_a_request_is_expected_to_cost_what_is_not_paid_yet(posts: list[Countable]) -> None:
    unpaid = {post.post_id for post in posts if not post.paid}
    for request in _plan(posts):
        own = isinstance(request, CountOwn)
        price = MICRO_USD[Resource.OWNED_READ if own else Resource.POST_READ]
        assert request.unpaid == len(unpaid.intersection(request.post_ids))
        assert request.micro_usd(MICRO_USD) == request.unpaid * price


# Who is due


def test_where_few_posts_are_watched_all_are_counted_at_each_tick() -> None:
    still = _posts(90, rate=1e-9, counted_at=NOW_S - EVERY_S)

    assert sorted(_asked(_plan(still))) == [post.post_id for post in still]


def test_lively_hundreds_are_counted_at_each_tick_and_still_ones_are_not() -> None:
    still = _posts(500, rate=1e-9, counted_at=NOW_S - EVERY_S)
    lively = [Countable(post, NOW_S - EVERY_S, 1e-3) for post in range(1_001, 1_201)]

    assert sorted(_asked(_plan([*still, *lively]))) == [post.post_id for post in lively]


def _due_after(likes_a_second: float, *, own: bool) -> int:
    """Return after how many ticks a hundred posts are counted that are liked so often together."""
    for ticks in range(1, 241):
        counted_at = NOW_S - ticks * EVERY_S
        others = [Countable(post, NOW_S - EVERY_S, 1.0) for post in range(1_001, 1_101)]
        posts = _posts(100, likes_a_second / 100, own=own, counted_at=counted_at)
        if set(_asked(_plan([*posts, *others]))) > {post.post_id for post in posts}:
            return ticks
    raise AssertionError("they are never counted")


@in_turn("own", [True, False])
@in_turn(
    "one_like_in_s, ticks",
    [(1_340, 1), (1_360, 2), (2_690, 2), (2_710, 3), (3_100, 3), (3_110, 4), (13_500, 29)],
)
def test_a_like_of_two_ticks_counts_in_full_and_an_older_one_less(
    one_like_in_s: int, ticks: int, *, own: bool
) -> None:
    assert _due_after(1 / one_like_in_s, own=own) == ticks


@pytest.mark.parametrize("own", [True, False])
def test_the_stillest_wait_for_an_hour(*, own: bool) -> None:
    assert _due_after(0.0, own=own) == _due_after(1e-6, own=own) == 3_600 / EVERY_S


def test_most_new_likes_go_first_and_not_who_has_waited_longest() -> None:
    waited = [Countable(post, NOW_S - 20 * EVERY_S, 1e-3) for post in range(100)]
    lively = [Countable(post, NOW_S - EVERY_S, 8e-3) for post in range(100, 200)]
    (first,) = plan([*waited, *lively], NOW_S, EVERY_S, by_id=1, own=0)

    assert set(first.post_ids) == set(range(100, 200)), "20 likes wait, but most are late already"


@pytest.mark.parametrize("ago_s", [0, 1_800, 3_000])
def test_who_begins_to_watch_a_still_post_has_it_counted_at_each_tick_for_an_hour(
    ago_s: int,
) -> None:
    assert _due_after(_of_a_year_ago(watched_for_s=ago_s), own=False) == 1
    assert _due_after(_of_a_year_ago(watched_for_s=2 * 3_600), own=False) > 200


def _of_a_year_ago(watched_for_s: int) -> float:
    heat = like_rate.heated(like_rate.NEWS, 0, watched_for_s)
    return like_rate.rate(365 * 86_400.0, 9, heat)


def test_a_tick_that_comes_a_little_early_counts_as_well() -> None:
    lively = _posts(300, rate=1.0, counted_at=NOW_S - EVERY_S * 0.6)

    assert len(_asked(_plan(lively))) == 300
    assert _plan(_posts(300, rate=1.0, counted_at=NOW_S - EVERY_S * 0.4)) == []


def test_growth_without_names_is_asked_for_less_often() -> None:
    """It is announced once a minute at most."""
    named = [Countable(post, NOW_S - EVERY_S, 1e-3, named=True) for post in range(100)]
    others = [Countable(post, NOW_S - EVERY_S, 1.0, named=False) for post in range(100, 200)]
    assert _asked(_plan([*named, *others])) == list(range(100))

    waited = [Countable(post, NOW_S - 4 * EVERY_S, 1.0, named=False) for post in range(100, 200)]
    assert sorted(_asked(_plan([*named, *waited]))) == list(range(200))


def test_others_are_put_together_by_how_lively_they_are() -> None:
    posts = [Countable(post, NEVER, post % 3 * 1e-3) for post in range(300)]

    first, second, third = _plan(posts)
    assert {post % 3 for post in first.post_ids} == {2}
    assert {post % 3 for post in second.post_ids} == {1}
    assert {post % 3 for post in third.post_ids} == {0}


def test_where_not_all_fit_the_most_likes_to_expect_go_first_and_the_overdue_before_them() -> None:
    lively = [Countable(post, NOW_S - EVERY_S, 1e-2) for post in range(200, 300)]
    livelier = [Countable(post, NOW_S - EVERY_S, 2e-2) for post in range(300, 400)]
    still = _posts(100, rate=1e-9, counted_at=NOW_S - 1_800)
    (first,) = plan([*still, *lively, *livelier], NOW_S, EVERY_S, by_id=1, own=0)
    assert set(first.post_ids) == set(range(300, 400))

    overdue = _posts(100, rate=1e-9, counted_at=NOW_S - 3_600)
    (first,) = plan([*overdue, *lively, *livelier], NOW_S, EVERY_S, by_id=1, own=0)
    assert set(first.post_ids) == set(range(1, 101))


def test_a_still_post_whose_count_somebody_waits_for_goes_before_the_lively() -> None:
    lively = [Countable(post, NOW_S - EVERY_S, 1e-2) for post in range(200, 300)]
    awaited = Countable(1, NOW_S - 60, 1e-9, overdue=True)
    (first,) = plan([*lively, awaited], NOW_S, EVERY_S, by_id=1, own=0)
    assert awaited.post_id in first.post_ids


def test_who_came_into_a_still_hundred_lately_does_not_wait_for_the_others() -> None:
    lively = [Countable(post, NOW_S - EVERY_S, 1.0) for post in range(1_000, 1_100)]
    still = _posts(99, counted_at=NOW_S - EVERY_S)
    came = Countable(500, NOW_S - 3_600, 0.0)

    assert 500 in _asked(_plan([*lively, *still, came]))
    assert 500 not in _asked(_plan([*lively, *still, Countable(500, NOW_S - 1_800, 0.0)]))


# The account's own posts


def test_own_posts_are_read_by_pages_from_the_newest_on() -> None:
    pages = _plan(_posts(230, own=True))

    assert all(isinstance(page, CountOwn) for page in pages)
    by_place = sorted(pages, key=lambda page: page.post_ids[0], reverse=True)
    assert _asked(by_place) == list(range(230, 0, -1))
    assert [page.until_id for page in by_place if isinstance(page, CountOwn)] == [231, 131, 31]
    assert [page.max_results for page in by_place if isinstance(page, CountOwn)] == [100, 100, 30]


def test_a_page_begins_where_most_likes_are_to_be_expected() -> None:
    posts = [
        Countable(post, NOW_S - EVERY_S, 1e-3 if 150 <= post < 250 else 1e-9, own=True)
        for post in range(400)
    ]
    (page,) = _plan(posts)

    assert page == CountOwn(tuple(range(249, 149, -1)), 100, until_id=250, max_results=100)


def test_what_is_left_between_two_pages_is_counted_as_well_when_it_is_due() -> None:
    posts = [Countable(post, NOW_S - EVERY_S, 1e-3 + 1e-6 * (post % 90), own=True) for post in _ALL]
    pages = _plan(posts)

    assert sorted(_asked(pages)) == [*_ALL]
    assert len(pages) <= 2 * len(_ALL) / 100


@given(st.floats(1e-9, 10.0), st.integers(1, 40), st.integers(101, 400))
def test_of_equal_posts_the_newest_go_first(likes: float, ticks: int, number: int) -> None:
    """However their sums are rounded: no page is cut at a place that chance chose."""
    pages = _plan(_posts(number, likes, own=True, counted_at=NOW_S - ticks * EVERY_S))

    assert _asked(pages) == list(range(number, number - len(_asked(pages)), -1))


def test_a_page_is_no_smaller_than_x_permits() -> None:
    (page,) = _plan(_posts(2, own=True))
    assert page == CountOwn((2, 1), unpaid=2, until_id=3, max_results=5)


@given(st.floats(0.01, 1.0), st.integers(1, 300))
def test_where_a_part_is_watched_groups_are_smaller_and_pages_full(
    density: float, number: int
) -> None:
    pages = plan(_posts(number, own=True), NOW_S, EVERY_S, by_id=0, own=number, density=density)

    largest = max(1, int(MAX_POSTS_A_PAGE * density))
    for page in pages:
        assert isinstance(page, CountOwn)
        assert len(page.post_ids) <= largest
        assert page.max_results >= min(100, len(page.post_ids) / density)
    assert len(pages) == -(-number // largest)
