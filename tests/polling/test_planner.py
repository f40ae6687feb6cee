"""Which calls are made now: properties of the planner over any state."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Allowance
from bot.polling.planner import (
    LIKERS_RESERVE,
    POSTS_A_PROBE,
    POSTS_RESERVE,
    Pending,
    gap,
    next_collect,
    posts_reserve,
    probes,
    wait,
)

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WINDOW = timedelta(minutes=15)

seconds = st.floats(0, 900, allow_nan=False).map(lambda value: timedelta(seconds=value))
waits = st.builds(
    Pending,
    post_id=st.integers(1, 50),
    likes=st.integers(0, 10_000),
    since=seconds.map(lambda ago: NOW - ago),
)
pendings = st.lists(waits, max_size=12, unique_by=lambda post: post.post_id)


@st.composite
def allowances(draw: st.DrawFn) -> Allowance:
    limit = draw(st.integers(0, 300))
    remaining = draw(st.integers(0, limit))
    resets_at = NOW + draw(seconds)
    return Allowance("GET /2/tweets/:id/liking_users", limit, remaining, resets_at)


def _allowance(remaining: int, limit: int = 75, left: timedelta = WINDOW) -> Allowance:
    return Allowance("GET /2/tweets/:id/liking_users", limit, remaining, NOW + left)


# Probes


@given(st.integers(0, 1_000), st.integers(0, 8), st.sampled_from([0, 4, 15, 75, 3_500]))
def test_probes_take_the_oldest_in_batches_within_the_allowance(
    due: int, usable: int, limit: int
) -> None:
    posts = list(range(due))
    kept = posts_reserve(_allowance(0, limit))
    batches = probes(posts, _allowance(kept + usable, limit))

    counted = [post for batch in batches for post in batch]
    assert counted == posts[: usable * POSTS_A_PROBE]
    assert len(batches) <= usable
    assert all(len(batch) == POSTS_A_PROBE for batch in batches[:-1])
    assert all(0 < len(batch) <= POSTS_A_PROBE for batch in batches)


@pytest.mark.parametrize(("limit", "kept"), [(3_500, POSTS_RESERVE), (15, 3), (1, 0)])
def test_counting_leaves_requests_for_posts_to_people(limit: int, kept: int) -> None:
    assert posts_reserve(_allowance(limit, limit)) == kept
    assert probes([1], _allowance(kept, limit)) == []
    assert probes([1], _allowance(kept + 1, limit)) == [(1,)]


def test_an_overdrawn_allowance_probes_nothing() -> None:
    assert probes([1, 2, 3], _allowance(-1)) == []


# Readings


@given(pendings, allowances(), seconds)
def test_the_reserve_stays_for_people(
    pending: list[Pending], allowance: Allowance, ago: timedelta
) -> None:
    chosen = next_collect(pending, allowance, NOW - ago, NOW)
    if chosen is not None:
        assert chosen in pending
        assert allowance.remaining > LIKERS_RESERVE
        assert ago >= gap(allowance, NOW)


@given(pendings, seconds)
def test_most_likes_times_waiting_goes_first(pending: list[Pending], ago: timedelta) -> None:
    chosen = next_collect(pending, _allowance(75), NOW - ago, NOW)
    assert (chosen is None) == (not pending)
    for other in pending:
        assert chosen is not None
        is_ahead = chosen.likes > other.likes or chosen.since < other.since
        assert is_ahead or (chosen.likes, chosen.since) == (other.likes, other.since)


def test_the_choice_weighs_likes_and_waiting() -> None:
    few_for_long = Pending(1, likes=2, since=NOW - 60 * SECOND)
    many_just_now = Pending(2, likes=30, since=NOW - 2 * SECOND)
    flood_just_now = Pending(3, likes=400, since=NOW - SECOND)
    full = _allowance(75)

    assert next_collect([few_for_long, many_just_now], full, None, NOW) == few_for_long
    assert (
        next_collect([few_for_long, many_just_now, flood_just_now], full, None, NOW)
        == flood_just_now
    )


@given(pendings, allowances(), seconds)
def test_the_same_state_gives_the_same_choice(
    pending: list[Pending], allowance: Allowance, ago: timedelta
) -> None:
    first = next_collect(pending, allowance, NOW - ago, NOW)
    assert next_collect(list(pending), allowance, NOW - ago, NOW) == first


@given(allowances())
def test_the_gap_never_reaches_beyond_the_reset(allowance: Allowance) -> None:
    assert timedelta(0) <= gap(allowance, NOW) <= allowance.resets_at - NOW


@given(st.integers(LIKERS_RESERVE + 1, 300), seconds)
def test_a_full_allowance_needs_no_gap(limit: int, left: timedelta) -> None:
    assert gap(_allowance(limit, limit, left), NOW) == timedelta(0)


@given(st.integers(LIKERS_RESERVE + 1, 300), seconds, st.data())
def test_the_more_is_used_the_longer_the_gap(
    limit: int, left: timedelta, data: st.DataObject
) -> None:
    remaining = data.draw(st.integers(LIKERS_RESERVE + 1, limit))
    assert gap(_allowance(remaining - 1, limit, left), NOW) >= gap(
        _allowance(remaining, limit, left), NOW
    )


def test_an_allowance_whose_reset_has_passed_is_not_waited_for() -> None:
    assert gap(_allowance(3, left=-SECOND), NOW) == timedelta(0)
    assert gap(_allowance(40, left=-SECOND), NOW) == timedelta(0)


def _an_hour_of_readings(posts: int, likes_a_second: int) -> list[tuple[float, int]]:
    """Play an hour in which every post gets likes, and post 0 a single one at a time.

    Return the second of each reading, and the post that was read.
    """
    now, last = NOW, None
    since = dict.fromkeys(range(posts), NOW)
    allowance, readings = _allowance(75), []
    while now < NOW + timedelta(hours=1):
        if allowance.resets_at <= now:
            allowance = replace(allowance, remaining=75, resets_at=now + WINDOW)
        waiting = [
            Pending(post, 1 if post == 0 else _grown(since[post], now, likes_a_second), since[post])
            for post in range(posts)
        ]
        chosen = next_collect(waiting, allowance, last, now)
        assert (chosen is None) == (wait(allowance, last, now) > timedelta(0))
        if chosen is not None:
            readings.append(((now - NOW).total_seconds(), chosen.post_id))
            since[chosen.post_id] = last = now
            allowance = replace(allowance, remaining=allowance.remaining - 1)
        now += SECOND
    return readings


def _grown(since: datetime, now: datetime, likes_a_second: int) -> int:
    return 1 + likes_a_second * int((now - since).total_seconds())


def test_no_post_starves_beside_others_that_get_likes_all_the_time() -> None:
    posts = [post for _, post in _an_hour_of_readings(posts=20, likes_a_second=3)]
    assert set(posts) == set(range(20))


def test_an_hour_of_readings_is_spread_over_its_windows() -> None:
    """Nothing is used up early: in the last third of every window there are readings too."""
    times = [time for time, _ in _an_hour_of_readings(posts=5, likes_a_second=1)]
    for window in range(4):
        in_it = [time - 900 * window for time in times if time // 900 == window]
        assert len(in_it) <= 75 - LIKERS_RESERVE
        assert sum(time >= 600 for time in in_it) >= 5


@given(allowances(), seconds)
def test_after_the_wait_a_reading_is_allowed(allowance: Allowance, ago: timedelta) -> None:
    """Unless it lasts until the reset, which brings a new allowance."""
    pending = [Pending(1, 1, NOW)]
    later = NOW + wait(allowance, NOW - ago, NOW)
    assert NOW <= later <= allowance.resets_at
    if later < allowance.resets_at:
        assert next_collect(pending, allowance, NOW - ago, later) is not None


def test_the_wait_counts_from_the_last_reading() -> None:
    half_used = _allowance(45)
    whole = gap(half_used, NOW)
    assert wait(half_used, NOW, NOW) == whole > 4 * SECOND
    assert wait(half_used, NOW - 4 * SECOND, NOW) == whole - 4 * SECOND
    assert wait(half_used, None, NOW) == wait(half_used, NOW - whole, NOW) == timedelta(0)
