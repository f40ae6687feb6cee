"""What a watch will cost, told before it starts."""

from datetime import timedelta
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.watching.cost_forecast import (
    PostsExpected,
    WatchCosts,
    WatchTerms,
    count_price,
    forecast,
    forecast_new_posts,
)
from bot.x.prices import MICRO_USD, Resource
from tests.cases import in_turn

POST, USER, OWNED = (
    MICRO_USD[resource]
    for resource in (Resource.POST_READ, Resource.USER_READ, Resource.OWNED_READ)
)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WEEK = WatchTerms(days=7)
COUNTS = st.integers(0, 10**7)
AGES = st.timedeltas(timedelta(0), 5_000 * DAY)
DAYS = st.floats(0, 60)
TERMS = st.builds(
    WatchTerms,
    days=DAYS,
    names=st.booleans(),
    unlikes=st.booleans(),
    own_watched=st.one_of(st.none(), st.integers(0, 500)),
    unread=st.one_of(st.none(), st.integers(0, 200)),
)


def test_a_young_post_that_many_like_costs_more_than_an_old_one() -> None:
    young = forecast(10, 5 * MINUTE, MICRO_USD, WEEK)
    old = forecast(10, 30 * DAY, MICRO_USD, WEEK)

    assert 20 < young.new_likes < 40
    assert old.new_likes < 0.5
    assert young.micro_usd > old.micro_usd + 20 * USER


def test_the_first_reading_costs_the_post_and_a_page_of_those_that_like_it() -> None:
    assert forecast(7, DAY, MICRO_USD, WatchTerms()).first_micro_usd == POST + 7 * USER
    assert forecast(5_000, DAY, MICRO_USD, WatchTerms()).first_micro_usd == POST + 100 * USER


def test_new_likers_cost_without_a_ceiling() -> None:
    costs = forecast(5_000, HOUR, MICRO_USD, WEEK)

    assert costs.new_likes > 2_000
    assert costs.micro_usd - costs.first_micro_usd > costs.new_likes * USER


def test_where_x_hides_the_names_only_counting_costs() -> None:
    hidden = forecast(100, HOUR, MICRO_USD, WatchTerms(days=7, names=False, unlikes=True))

    assert hidden.new_likes == forecast(100, HOUR, MICRO_USD, WEEK).new_likes > 10
    assert (hidden.first_micro_usd, hidden.micro_usd) == (POST, 7 * POST)
    assert hidden.unlikes_micro_usd == 0


def test_a_post_that_is_read_already_costs_nothing_first() -> None:
    new = forecast(40, DAY, MICRO_USD, WEEK)
    read = forecast(40, DAY, MICRO_USD, WatchTerms(days=7, unread=0))
    waiting = forecast(40, DAY, MICRO_USD, WatchTerms(days=7, unread=3))

    assert read.first_micro_usd == 0
    assert read.micro_usd == new.micro_usd - new.first_micro_usd
    assert waiting.first_micro_usd == 3 * USER == waiting.micro_usd - read.micro_usd


def test_who_took_a_like_back_is_looked_for_once_a_day_among_the_newest() -> None:
    def seen(likes: int, **more: int) -> WatchCosts:
        return forecast(likes, 4_000 * DAY, MICRO_USD, WatchTerms(days=7, unlikes=True, **more))

    few, many = seen(10), seen(5_000)

    assert few.unlikes_micro_usd == pytest.approx(6 * 10 * USER, rel=0.01)
    # The page that was read first, whom it may have overlooked, and who comes.
    assert 6 * 150 * USER < many.unlikes_micro_usd < 6 * 160 * USER
    without = forecast(10, 4_000 * DAY, MICRO_USD, WEEK)
    assert few.micro_usd - without.micro_usd == few.unlikes_micro_usd
    # Of a post that is watched already, nobody was read today.
    assert seen(5_000, unread=0).unlikes_micro_usd - many.unlikes_micro_usd == 150 * USER


@in_turn("others, price", [(None, POST), (0, POST), (1, 2_500), (4, OWNED), (500, OWNED)])
def test_own_posts_share_a_page_of_five_at_least(others: int | None, price: int) -> None:
    assert count_price(MICRO_USD, others) == price


def test_an_own_post_is_counted_on_the_timeline_from_the_first_day_on() -> None:
    own = forecast(0, 4_000 * DAY, MICRO_USD, WatchTerms(days=7, names=False, own_watched=20))
    read = WatchTerms(days=7, names=False, own_watched=20, unread=0)

    assert own.micro_usd == POST + 7 * OWNED
    assert forecast(0, 4_000 * DAY, MICRO_USD, read).micro_usd == 6 * OWNED


def test_a_watch_without_an_end_is_told_for_a_month() -> None:
    month = WatchTerms(days=30)
    assert forecast(3, HOUR, MICRO_USD, WatchTerms()) == forecast(3, HOUR, MICRO_USD, month)


def test_the_prices_are_those_of_the_settings() -> None:
    dear = {resource: 10 * price for resource, price in MICRO_USD.items()}
    one_day = WatchTerms(days=1)
    normal, ten_times = (forecast(50, HOUR, prices, one_day) for prices in (MICRO_USD, dear))

    assert ten_times.micro_usd == pytest.approx(10 * normal.micro_usd, abs=10)


def test_new_posts_cost_their_counts_and_likers_as_often_as_they_come() -> None:
    expected = PostsExpected(a_day=0.5, likes_each=20)
    named = forecast_new_posts(expected, MICRO_USD, WEEK)
    hidden = forecast_new_posts(expected, MICRO_USD, WatchTerms(days=7, names=False))

    assert (hidden.post_micro_usd, hidden.micro_usd) == (7 * POST, 15 * 7 * POST)
    assert (named.posts, round(named.likes)) == (15, 20)
    # The likers, and at most one that is known on each day.
    assert 20 * USER <= named.post_micro_usd - 7 * POST <= 26 * USER
    assert named.micro_usd == 15 * named.post_micro_usd


def test_own_new_posts_are_counted_beside_those_that_come_with_them() -> None:
    def price(a_day: float, others: int) -> int:
        terms = WatchTerms(days=7, own_watched=others)
        return forecast_new_posts(PostsExpected(a_day), MICRO_USD, terms).count_micro_usd

    assert price(1, 0) == OWNED
    assert price(0.1, 0) == 2_500
    assert price(0.1, 10) == OWNED


def test_of_an_account_that_nothing_is_known_of_a_few_likes_are_assumed() -> None:
    unknown = forecast_new_posts(PostsExpected(1), MICRO_USD, WEEK)
    silent = forecast_new_posts(PostsExpected(1, likes_each=0.0), MICRO_USD, WEEK)

    assert 5 < unknown.likes < 10
    assert (silent.likes, silent.post_micro_usd) == (0, 7 * POST)


@given(COUNTS, AGES, TERMS)
def test_no_watch_costs_more_than_what_x_shows_and_charges(
    count: int, age: timedelta, terms: WatchTerms
) -> None:
    told = forecast(count, age, MICRO_USD, terms)

    assert told.new_likes >= 0
    days = terms.days + 1
    looks = (150 + told.new_likes) * USER * days if terms.unlikes else 0
    most = days * (2 * POST + USER) + (200 + told.new_likes) * USER + looks + 2
    assert 0 <= told.first_micro_usd + told.unlikes_micro_usd <= told.micro_usd <= ceil(most)


@given(COUNTS, AGES, DAYS, DAYS)
def test_a_longer_watch_is_never_cheaper(
    count: int, age: timedelta, one: float, two: float
) -> None:
    shorter, longer = (
        forecast(count, age, MICRO_USD, WatchTerms(days=days)) for days in sorted((one, two))
    )

    assert shorter.new_likes <= longer.new_likes + 1e-9
    assert shorter.micro_usd <= longer.micro_usd + 1


def test_where_x_pushes_a_like_costs_an_event() -> None:
    young = timedelta(hours=1)
    read = forecast(10, young, MICRO_USD, WatchTerms(days=7))
    pushed = forecast(10, young, MICRO_USD, WatchTerms(days=7, pushed=True))
    assert pushed.new_likes == read.new_likes
    saved = read.micro_usd - pushed.micro_usd
    dearer = MICRO_USD[Resource.USER_READ] - MICRO_USD[Resource.LIKE_EVENT]
    assert saved >= round(read.new_likes) * dearer
