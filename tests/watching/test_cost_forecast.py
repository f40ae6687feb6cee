"""What a watch will cost, told before it starts."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.watching.cost_forecast import WatchCosts, forecast
from bot.x.prices import MICRO_USD, Resource

POST, USER = MICRO_USD[Resource.POST_READ], MICRO_USD[Resource.USER_READ]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
COUNTS = st.integers(0, 10**7)
AGES = st.timedeltas(timedelta(0), 5_000 * DAY)
DAYS = st.floats(0, 60)


def test_a_young_post_that_many_like_costs_more_than_an_old_one() -> None:
    young = forecast(10, 5 * MINUTE, MICRO_USD, days=7)
    old = forecast(10, 30 * DAY, MICRO_USD, days=7)

    assert 20 < young.new_likes < 40
    assert old.new_likes < 0.5
    assert young.micro_usd > old.micro_usd + 20 * USER


def test_the_first_reading_costs_the_post_and_those_that_like_it() -> None:
    assert forecast(7, DAY, MICRO_USD).first_micro_usd == POST + 7 * USER
    assert forecast(5_000, DAY, MICRO_USD).first_micro_usd == POST + 100 * USER


def test_where_x_shows_no_more_names_only_counting_costs() -> None:
    seen = forecast(100, HOUR, MICRO_USD, days=7)
    hidden = forecast(100, HOUR, MICRO_USD, days=7, names=False)

    assert seen.new_likes == hidden.new_likes > 10
    assert seen.micro_usd - seen.first_micro_usd == 6 * POST
    assert (hidden.first_micro_usd, hidden.micro_usd) == (POST, 7 * POST)


def test_a_watch_without_an_end_is_told_for_a_month() -> None:
    assert forecast(3, HOUR, MICRO_USD) == forecast(3, HOUR, MICRO_USD, days=30)


def test_the_prices_are_those_of_the_settings() -> None:
    dear = {resource: 10 * price for resource, price in MICRO_USD.items()}
    normal, ten_times = (forecast(50, HOUR, prices, days=1) for prices in (MICRO_USD, dear))

    assert ten_times.micro_usd == pytest.approx(10 * normal.micro_usd, abs=10)


@given(COUNTS, AGES, DAYS)
def test_no_watch_costs_more_than_what_x_shows_and_charges(
    count: int, age: timedelta, days: float
) -> None:
    told = forecast(count, age, MICRO_USD, days=days)

    assert isinstance(told, WatchCosts)
    assert told.new_likes >= 0
    most = (days + 1) * (POST + USER) + 100 * USER + 1
    assert POST <= told.first_micro_usd <= told.micro_usd <= most


@given(COUNTS, AGES, DAYS, DAYS)
def test_a_longer_watch_is_never_cheaper(
    count: int, age: timedelta, one: float, two: float
) -> None:
    shorter, longer = (forecast(count, age, MICRO_USD, days=days) for days in sorted((one, two)))

    assert shorter.new_likes <= longer.new_likes + 1e-9
    assert shorter.micro_usd <= longer.micro_usd + 1
