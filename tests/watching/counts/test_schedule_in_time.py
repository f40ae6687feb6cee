"""Counting, tick by tick: nobody waits for ever, and no window is used up early."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Allowance
from bot.watching.counts.schedule import Countable, affordable, plan, reserve
from tests.cases import in_turn

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
NOW_S = NOW.timestamp()
WINDOW = timedelta(minutes=15)
EVERY_S = 15.0
RATES_CHANGE_S = 600


def _posts(*post_ids: int, own: bool = False) -> list[Countable]:
    return [Countable(post_id, NOW_S, 0.0, own=own) for post_id in post_ids]


def _play(
    posts: Sequence[Countable], end: float, by_id: int, rate_at: Callable[[int, float], float]
) -> dict[int, list[float]]:
    """Play ticks; return when each post was counted."""
    times: dict[int, list[float]] = {post.post_id: [NOW_S] for post in posts}
    at = {post.post_id: post for post in posts}
    waiting: dict[int, Countable] = {}
    now, change = NOW_S + EVERY_S, 0
    while now <= end:
        if int(now) // RATES_CHANGE_S != change:
            change = int(now) // RATES_CHANGE_S
            waiting = {
                post: Countable(post, times[post][-1], rate_at(post, now), own=at[post].own)
                for post in at
            }
        for request in plan(list(waiting.values()), now, EVERY_S, by_id=by_id, own=1):
            for post in request.post_ids:
                times[post].append(now)
                waiting[post] = waiting[post]._replace(counted_at=now)
        now += EVERY_S
    return times


@pytest.mark.parametrize(
    "rate_at",
    [
        lambda _post, _now: 0.0,
        lambda post, _now: 1.0 / (1 + post) ** 2,
        lambda post, now: ((post * 7 + int(now) // RATES_CHANGE_S * 13) % 101) / 1e5,
    ],
    ids=["still", "some lively", "changing places"],
)
def test_nobody_waits_longer_than_an_hour_whatever_the_rates(
    rate_at: Callable[[int, float], float],
) -> None:
    posts = [*_posts(*range(250)), *_posts(*range(900, 1_030), own=True)]
    end = NOW_S + 2.5 * 3_600
    for times in _play(posts, end, 9, rate_at).values():
        assert max(later - earlier for earlier, later in pairwise([*times, end])) <= 3_600 + EVERY_S


def test_where_one_request_a_tick_is_all_there_is_everybody_is_counted_in_the_end() -> None:
    end = NOW_S + 3 * 3_600
    times = _play(_posts(*range(500)), end, 1, lambda post, _now: 1.0 if post < 200 else 0.0)

    assert min(len(counted_at) for counted_at in times.values()) >= 2
    assert len(times[0]) > 10 * len(times[499]), "and the lively ones more often"


# What lasts


@given(st.integers(0, 5_000), st.integers(0, 5_000), st.integers(0, 900))
def test_what_is_affordable_lasts_to_the_reset(limit: int, used: int, left_s: int) -> None:
    allowance = Allowance("posts", limit, max(0, limit - used), NOW + timedelta(seconds=left_s))
    now, remaining = NOW, allowance.remaining
    while now < allowance.resets_at:
        left = Allowance("posts", limit, remaining, allowance.resets_at)
        ready = affordable(left, EVERY_S, now)
        assert ready == 0 or remaining - ready >= reserve(allowance)
        assert (ready == 0) == (remaining <= reserve(allowance))
        remaining -= ready
        now += timedelta(seconds=EVERY_S)


def test_a_whole_window_is_spread_over_its_ticks() -> None:
    assert affordable(Allowance("posts", 3_500, 3_500, NOW + WINDOW), EVERY_S, NOW) == 17
    assert affordable(Allowance("posts", 3_500, 2_481, NOW + WINDOW), EVERY_S, NOW) == 1


@in_turn("limit, kept", [(3_500, 2_450), (900, 100), (15, 3), (1, 0)])
def test_counting_leaves_requests_for_posts_to_people(limit: int, kept: int) -> None:
    def left(remaining: int) -> Allowance:
        return Allowance("posts", limit, remaining, NOW + WINDOW)

    assert reserve(left(limit)) == kept
    assert affordable(left(kept), EVERY_S, NOW) == 0
    assert affordable(left(kept + 1), EVERY_S, NOW) == 1


def _window(limit: int, remaining: int, left_s: float) -> list[float]:
    """Play what is left of a window, with a request whenever one may be sent; return when."""
    allowance = Allowance("posts", limit, remaining, NOW + timedelta(seconds=left_s))
    sent: list[float] = []
    passed_s = 0.0
    while passed_s < left_s:
        last = NOW + timedelta(seconds=sent[-1]) if sent else None
        left = Allowance("posts", limit, allowance.remaining - len(sent), allowance.resets_at)
        ready = affordable(left, EVERY_S, NOW + timedelta(seconds=passed_s), last)
        sent += [passed_s] * ready
        passed_s += EVERY_S
    return sent


def test_x_s_15_in_15_minutes_are_a_count_about_once_a_minute() -> None:
    sent = _window(15, 15, 900)

    assert len(sent) == 12, "three are for people"
    assert {later - earlier for earlier, later in pairwise(sent)} <= {60.0, 75.0, 90.0}
    assert 900 - sent[-1] <= 90


@given(st.integers(1, 5_000), st.integers(0, 5_000), st.integers(30, 900))
def test_what_is_less_than_one_a_tick_is_spread_evenly(limit: int, used: int, left_s: int) -> None:
    remaining = max(0, limit - used)
    usable = remaining - reserve(Allowance("posts", limit, remaining, NOW))
    sent = _window(limit, remaining, left_s)

    assert len(sent) <= max(0, usable)
    if 0 < usable < left_s / EVERY_S:
        waits = [later - earlier for earlier, later in pairwise([*sent, left_s])]
        assert max(waits) <= left_s / usable + 2 * EVERY_S
        assert len(sent) >= usable * 2 / 3 - 1


@given(st.integers(0, 5_000), st.integers(0, 5_000), st.integers(0, 900), st.integers(0, 60))
def test_where_there_is_one_for_each_tick_it_does_not_matter_when_the_last_was(
    limit: int, used: int, left_s: int, ago_s: int
) -> None:
    left = Allowance("posts", limit, max(0, limit - used), NOW + timedelta(seconds=left_s))
    if left.remaining - reserve(left) >= max(1, left_s / EVERY_S):
        last = NOW - timedelta(seconds=ago_s)
        assert affordable(left, EVERY_S, NOW, last) == affordable(left, EVERY_S, NOW)
