"""Whose likers are read now: properties of the planner over any state."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain import Allowance
from bot.watching.likers.schedule import Pending, gap, has_room, likers_reserve, next_collect, wait
from bot.x.prices import MICRO_USD, Resource
from tests.cases import in_turn

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WINDOW = timedelta(minutes=15)

seconds = st.floats(0, 900, allow_nan=False).map(lambda value: timedelta(seconds=value))
waits = st.builds(
    Pending,
    post_id=st.integers(1, 50),
    likes=st.integers(0, 10_000),
    since=seconds.map(lambda ago: NOW - ago),
    guilds=st.sampled_from([some for n in range(4) for some in permutations(range(1, 5), n)]),
)
pendings = st.lists(waits, max_size=12, unique_by=lambda post: post.post_id)
served_before = st.dictionaries(st.integers(1, 4), st.integers(0, 9).map(float))


def _used(limit: int, used: int, left: timedelta) -> Allowance:
    return _allowance(limit - used % (limit + 1), limit, left)


def _allowance(remaining: int, limit: int = 75, left: timedelta = WINDOW) -> Allowance:
    return Allowance("GET /2/tweets/:id/liking_users", limit, remaining, NOW + left)


allowances = st.builds(_used, st.integers(0, 300), st.integers(0, 300), seconds)


def _from(guild: int, post_id: int, likes: int, ago: int = 0) -> Pending:
    return Pending(post_id, likes, NOW - ago * SECOND, (guild,))


# The reserve


@in_turn(
    "limit, left_s, kept",
    [(75, 900, 15), (75, 450, 8), (75, 60, 1), (75, 0, 1), (75, -5, 1), (2, 900, 1), (1, 900, 0)],
)
def test_a_fifth_is_kept_for_people_in_the_beginning_and_one_to_the_end(
    limit: int, left_s: int, kept: int
) -> None:
    assert likers_reserve(_allowance(limit, limit, left_s * SECOND), NOW) == kept


@given(st.integers(0, 300), seconds, seconds)
def test_the_reserve_shrinks_with_the_rest_of_the_window(
    limit: int, left: timedelta, other: timedelta
) -> None:
    sooner, later = sorted((left, other))
    early = likers_reserve(_allowance(0, limit, later), NOW)
    late = likers_reserve(_allowance(0, limit, sooner), NOW)
    assert early >= late >= (limit > 1)
    assert early <= limit / 5 + 1


@given(pendings, allowances, seconds, served_before)
def test_no_reading_touches_the_reserve_or_comes_too_soon(
    pending: list[Pending], allowance: Allowance, ago: timedelta, served: dict[int, float]
) -> None:
    chosen = next_collect(pending, allowance, NOW - ago, NOW, served)
    if chosen is not None:
        assert chosen in pending
        assert allowance.remaining - 1 >= likers_reserve(allowance, NOW)
        assert ago >= gap(allowance, NOW)


# The choice


@given(pendings, seconds)
def test_most_likes_times_waiting_goes_first(pending: list[Pending], ago: timedelta) -> None:
    chosen = next_collect(pending, _allowance(75), NOW - ago, NOW)
    assert (chosen is None) == (not pending)
    for other in pending:
        assert chosen is not None
        is_ahead = chosen.likes > other.likes or chosen.since < other.since
        assert is_ahead or (chosen.likes, chosen.since) == (other.likes, other.since)


def test_the_choice_weighs_likes_and_waiting() -> None:
    few_for_long = _from(1, 1, likes=2, ago=60)
    many_just_now = _from(1, 2, likes=30, ago=2)
    flood_just_now = _from(1, 3, likes=400, ago=1)
    full = _allowance(75)

    assert next_collect([few_for_long, many_just_now], full, None, NOW) == few_for_long
    assert (
        next_collect([few_for_long, many_just_now, flood_just_now], full, None, NOW)
        == flood_just_now
    )


def test_where_all_fit_the_most_urgent_goes_first_whoever_asks() -> None:
    urgent, other = _from(1, 1, likes=500), _from(2, 2, likes=1)

    assert next_collect([other, urgent], _allowance(75), None, NOW, {1: 50.0}) == urgent


def test_where_not_all_fit_it_is_the_turn_of_the_least_served() -> None:
    many = [_from(1, post, likes=500, ago=60) for post in range(100)]
    small = [_from(2, 200, likes=2), _from(2, 201, likes=3), _from(3, 300, likes=1)]
    full = _allowance(75)

    assert next_collect([*many, *small], full, None, NOW, {1: 3.0, 2: 2.0, 3: 2.5}) == small[1]
    assert next_collect([*many, *small], full, None, NOW, {1: 3.0, 2: 2.0}) == small[2]
    assert next_collect([*many, *small], full, None, NOW, {1: 0.5, 2: 1.0, 3: 1.0}) in many


def test_what_several_ask_for_is_everybodys_turn() -> None:
    shared = Pending(1, likes=9, since=NOW, guilds=(1, 2))
    many = [_from(1, post, likes=5) for post in range(2, 100)]

    assert next_collect([*many, shared], _allowance(75), None, NOW, {1: 7.0}) == shared


@given(pendings, allowances, seconds, served_before)
def test_the_same_state_gives_the_same_choice(
    pending: list[Pending], allowance: Allowance, ago: timedelta, served: dict[int, float]
) -> None:
    first = next_collect(pending, allowance, NOW - ago, NOW, served)
    assert next_collect(list(pending), allowance, NOW - ago, NOW, dict(served)) == first


# The pace


@given(allowances)
def test_the_gap_never_reaches_beyond_the_reset(allowance: Allowance) -> None:
    rest = allowance.resets_at - NOW
    assert timedelta(0) <= gap(allowance, NOW) <= max(rest, SECOND)


@given(st.integers(2, 300), seconds)
def test_a_full_allowance_needs_no_gap(limit: int, left: timedelta) -> None:
    assert gap(_allowance(limit, limit, left), NOW) == timedelta(0)


@given(allowances)
def test_the_more_is_used_the_longer_the_gap(allowance: Allowance) -> None:
    """Up to where the reserve begins, which gives more away from time to time."""
    assume(allowance.remaining - 1 > likers_reserve(allowance, NOW))
    rest = allowance.resets_at - NOW
    one_less = _allowance(allowance.remaining - 1, allowance.limit, rest)
    assert gap(one_less, NOW) >= gap(allowance, NOW)


def test_an_allowance_whose_reset_has_passed_is_not_waited_for() -> None:
    assert gap(_allowance(1, left=-SECOND), NOW) == timedelta(0)
    assert gap(_allowance(40, left=-SECOND), NOW) == timedelta(0)


@given(allowances, seconds)
def test_who_waits_as_told_is_let_through_or_sees_the_reset(
    allowance: Allowance, ago: timedelta
) -> None:
    pending, now = [Pending(1, 1, NOW)], NOW
    for _ in range(10):
        if next_collect(pending, allowance, NOW - ago, now) is not None:
            return
        if now >= allowance.resets_at:
            return
        told = wait(allowance, NOW - ago, now)
        assert told > timedelta(0)
        now += told
    raise AssertionError("the waiting has no end")


def test_the_wait_counts_from_the_last_reading() -> None:
    half_used = _allowance(45)
    whole = gap(half_used, NOW)
    last = NOW - whole / 4
    assert wait(half_used, NOW, NOW) == whole > SECOND
    assert wait(half_used, last, NOW) == whole - whole / 4
    assert wait(half_used, None, NOW) == wait(half_used, NOW - whole, NOW) == timedelta(0)


# What it costs


@given(st.integers(1, 100))
def test_a_reading_is_expected_to_cost_what_it_asks_for(likers: int) -> None:
    price = MICRO_USD[Resource.USER_READ]
    assert Pending(1, 1, NOW, max_results=likers).micro_usd(MICRO_USD) == likers * price


def test_of_an_unknown_post_a_hundred_likers_are_expected() -> None:
    assert Pending(1, 1, NOW).micro_usd(MICRO_USD) == 1_000_000


@in_turn(
    "remaining, limit, room",
    [(75, 75, True), (38, 75, True), (37, 75, False), (1, 1, True), (0, 0, False)],
)
def test_there_is_room_while_half_is_left(remaining: int, limit: int, *, room: bool) -> None:
    assert has_room(_allowance(remaining, limit)) == room
