"""How many likes a second are to be expected of a post: SEISMIC's formula, and recent likes."""

from datetime import UTC, datetime, timedelta
from math import exp, isclose

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.watching.like_rate import density, heated, rate, share
from bot.x.snowflake import made_at

DAY_S = 86_400.0

ages = st.floats(0, 30 * DAY_S)
likes = st.integers(0, 1_000_000)
heats = st.floats(0, 10)


# SEISMIC (Zhao et al., KDD 2015), figure 5: constant for five minutes, then a power law


def test_the_density_is_constant_for_five_minutes_and_then_a_power_law() -> None:
    assert density(0) == density(299) == density(300)
    assert isclose(density(0), 6.49e-4, rel_tol=0.01), "the paper's constant"
    assert isclose(density(3_000) / density(300), 10**-1.242)
    assert isclose(density(300_000) / density(30_000), 10**-1.242)


@given(st.floats(1, 30 * DAY_S))
@example(299.0)
@example(301.0)
def test_the_density_is_the_slope_of_the_share(age_s: float) -> None:
    step = 1e-3 * age_s
    assume(not age_s - step < 300 < age_s + step)
    slope = (share(age_s + step) - share(age_s - step)) / (2 * step)
    assert isclose(slope, density(age_s), rel_tol=1e-4)


@given(ages, ages)
def test_the_share_grows_from_nothing_towards_all(age_s: float, other_s: float) -> None:
    younger, older = sorted((age_s, other_s))
    assert 0 <= share(younger) <= share(older) < 1


def test_the_share_at_some_ages() -> None:
    assert share(0) == share(-5) == 0
    assert isclose(share(300 - 1e-9), share(300), rel_tol=1e-6), "the two pieces meet"
    assert share(1e12) > 0.99


# Likes a second


@given(ages, ages, likes)
def test_the_rate_falls_with_age(age_s: float, other_s: float, likes: int) -> None:
    younger, older = sorted((age_s, other_s))
    assert rate(younger, likes) >= rate(older, likes) > 0


@given(ages, likes, likes, heats, heats)
def test_more_likes_and_more_heat_make_it_livelier(
    age_s: float, likes: int, more: int, heat: float, hotter: float
) -> None:
    assert rate(age_s, likes + more, heat + hotter) >= rate(age_s, likes, heat)


def test_a_clock_that_is_behind_makes_a_post_new() -> None:
    assert rate(-60, 3) == rate(0, 3)


@given(st.floats(1_800, 7 * DAY_S), st.integers(1, 100_000))
def test_the_rate_is_that_of_a_post_that_lives_as_the_formula_says(
    age_s: float, all_likes: int
) -> None:
    """The likes so far give away how many there will be; little is added to that."""
    so_far = round(all_likes * share(age_s))
    assume(so_far >= 20)
    expected = all_likes * density(age_s)
    assert 0.7 * expected <= rate(age_s, so_far) <= 1.3 * expected


def test_an_old_post_that_is_suddenly_liked_is_lively() -> None:
    assert rate(7 * DAY_S, 50) < 1 / DAY_S
    assert rate(7 * DAY_S, 70, heated(0.0, 20, 15)) > 1 / 120


def test_one_like_is_no_trend() -> None:
    assert rate(DAY_S, 50, heated(0.0, 1, 15)) == rate(DAY_S, 50)


# Heat


@given(heats, st.floats(0, DAY_S), st.floats(0, DAY_S))
def test_heat_decays_by_time_alone_however_often_it_is_looked_at(
    heat: float, first_s: float, then_s: float
) -> None:
    at_once = heated(heat, 0, first_s + then_s)
    assert isclose(heated(heated(heat, 0, first_s), 0, then_s), at_once, abs_tol=1e-12)
    assert at_once <= heat


@given(heats, likes, st.floats(0, DAY_S))
def test_each_like_adds_the_same_heat(heat: float, likes: int, passed_s: float) -> None:
    gained = heated(heat, likes, passed_s) - heated(heat, 0, passed_s)
    assert isclose(gained, likes / 1_800, abs_tol=1e-9)


def test_heat_falls_to_a_third_in_half_an_hour_and_never_for_likes_taken_back() -> None:
    assert isclose(heated(2.0, 0, 1_800), 2 * exp(-1))
    assert heated(2.0, -7, 60) == heated(2.0, 0, 60)
    assert heated(2.0, 0, -60) == 2.0, "a clock that goes back heats nothing"


def test_heat_of_steady_likes_is_their_rate() -> None:
    heat = 0.0
    for _ in range(2_000):
        heat = heated(heat, 3, 15)
    assert isclose(heat, 3 / 15, rel_tol=0.01)


# When a post was made


@pytest.mark.parametrize(
    ("post_id", "second"),
    [
        (1212092628029698048, datetime(2019, 12, 31, 19, 26, 16, tzinfo=UTC)),
        (1354143047324299264, datetime(2021, 1, 26, 19, 3, 55, tzinfo=UTC)),
    ],
)
def test_a_post_tells_when_it_was_made(post_id: int, second: datetime) -> None:
    made = made_at(post_id)
    assert made is not None
    assert made.replace(microsecond=0) == second


@pytest.mark.parametrize("post_id", [20, 29_700_859_246])
def test_a_post_from_before_the_snowflakes_does_not(post_id: int) -> None:
    assert made_at(post_id) is None


@given(st.integers(0, 2**63 - 1), st.integers(1, 30 * 86_400_000))
def test_a_later_post_is_as_much_younger_as_its_id_says(post_id: int, milliseconds: int) -> None:
    made, later = made_at(post_id), made_at(post_id + (milliseconds << 22))
    if made is not None:
        assert later == made + timedelta(milliseconds=milliseconds)
