"""Windows played second by second: nobody starves, and each server gets its share."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import Allowance
from bot.watching.likers.fair_share import FairShare
from bot.watching.likers.schedule import Pending, likers_reserve, next_collect, wait

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WINDOW = timedelta(minutes=15)
GREEDY = 1


@dataclass
class Play:
    """One account in time: X renews its allowance, the planner reads, people look up."""

    limit: int = 75
    now: datetime = NOW
    last: datetime | None = None
    turns: FairShare = field(default_factory=FairShare)
    readings: list[tuple[datetime, Pending]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.allowance = Allowance("likers", self.limit, self.limit, self.now + WINDOW)

    def seconds(self, length: int) -> Iterator[datetime]:
        """Let time pass; nothing is ever taken that is not there."""
        for _ in range(length):
            if self.allowance.resets_at <= self.now:
                self.allowance = Allowance("likers", self.limit, self.limit, self.now + WINDOW)
            yield self.now
            assert self.allowance.remaining >= 0
            self.now += SECOND

    def look_up(self) -> bool:
        """Let somebody use a command; say whether there was a request for it."""
        if self.allowance.remaining == 0:
            return False
        self._take()
        return True

    def read(self, pending: Sequence[Pending]) -> Pending | None:
        served = self.turns.served("own", self.allowance.resets_at)
        chosen = next_collect(pending, self.allowance, self.last, self.now, served)
        if chosen is None:
            return None
        self._take()
        assert self.allowance.remaining >= likers_reserve(self.allowance, self.now)
        self.turns.serve("own", chosen.guilds)
        self.last = self.now
        self.readings.append((self.now, chosen))
        return chosen

    def _take(self) -> None:
        self.allowance = replace(self.allowance, remaining=self.allowance.remaining - 1)


def _an_hour(posts: int, likes_a_second: int) -> Play:
    """Play an hour in which every post gets likes, and post 0 a single one at a time."""
    play, since = Play(), dict.fromkeys(range(posts), NOW)
    waiting: list[Pending] = []
    for now in play.seconds(3_600):
        is_early = wait(play.allowance, play.last, now) > timedelta(0)
        if not is_early:  # else it does not matter what waits
            waiting = [
                Pending(post, _grown(at, now, likes_a_second) if post else 1, at)
                for post, at in since.items()
            ]
        chosen = play.read(waiting)
        assert (chosen is None) == is_early
        if chosen is not None:
            since[chosen.post_id] = now
    return play


def _grown(since: datetime, now: datetime, likes_a_second: int) -> int:
    return 1 + likes_a_second * int((now - since).total_seconds())


def test_no_post_starves_beside_others_that_get_likes_all_the_time() -> None:
    posts = {post.post_id for _, post in _an_hour(posts=20, likes_a_second=3).readings}
    assert posts == set(range(20))


def test_an_hour_of_readings_is_spread_over_its_windows() -> None:
    """Nothing is used up early: in the last third of every window there are readings too."""
    times = [at - NOW for at, _ in _an_hour(posts=5, likes_a_second=1).readings]
    for window in range(4):
        in_it = [time - WINDOW * window for time in times if time // WINDOW == window]
        assert 60 <= len(in_it) <= 74
        assert sum(time >= WINDOW * 2 / 3 for time in in_it) >= 5


@given(st.integers(1, 120), st.sets(st.integers(0, 1_799)))
@settings(max_examples=20)
def test_whatever_people_look_up_no_window_is_overdrawn(limit: int, look_ups: set[int]) -> None:
    play = Play(limit)
    busy = [Pending(post, likes=50, since=NOW) for post in range(200)]
    for second, _ in enumerate(play.seconds(1_800)):
        if second in look_ups:
            play.look_up()
        play.read(busy)

    windows = Counter((at - NOW) // WINDOW for at, _ in play.readings)
    assert max(windows.values(), default=0) <= max(1, limit - 1)


@given(st.integers(0, 899))
@settings(max_examples=20)
def test_at_every_moment_there_is_a_request_for_a_person(second: int) -> None:
    play = Play()
    busy = [Pending(post, likes=50, since=NOW) for post in range(200)]
    for _ in play.seconds(second + 1):
        play.read(busy)

    assert play.look_up()


def _served(play: Play, waiting: dict[int, list[Pending]]) -> Counter[int]:
    """Play a window of these servers' pending posts; return the readings of each server."""
    for _ in play.seconds(900):
        chosen = play.read([post for posts in waiting.values() for post in posts])
        if chosen is not None:
            waiting[chosen.guilds[0]].remove(chosen)
    return Counter(post.guilds[0] for _, post in play.readings)


def _pending(guild: int, posts: int, likes: int) -> list[Pending]:
    return [Pending(guild * 10_000 + post, likes, NOW, (guild,)) for post in range(posts)]


def test_equal_servers_get_equal_shares() -> None:
    found = _served(Play(), {guild: _pending(guild, 50, likes=guild**2) for guild in range(1, 6)})

    assert max(found.values()) - min(found.values()) <= 1
    assert found.total() >= 70


@pytest.mark.parametrize("asked", [1, 3, 8])
def test_a_greedy_server_takes_no_turn_of_the_small_ones(asked: int) -> None:
    waiting = {guild: _pending(guild, asked, likes=1) for guild in range(2, 7)}
    found = _served(Play(), {GREEDY: _pending(GREEDY, 1_000, likes=900), **waiting})

    assert all(found[guild] == asked for guild in range(2, 7)), "they got all that they asked for"
    assert found[GREEDY] >= 70 - 5 * asked, "and the rest is not wasted"


def test_a_window_begins_with_everybody_unserved() -> None:
    play = Play()
    _served(play, {GREEDY: _pending(GREEDY, 200, likes=9)})
    play.readings.clear()
    found = _served(play, {guild: _pending(guild, 100, likes=9) for guild in (GREEDY, 2)})

    assert abs(found[GREEDY] - found[2]) <= 1
