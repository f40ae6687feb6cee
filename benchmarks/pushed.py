"""Likecord where X pushes likes, in virtual time: events late, lost and doubled, and a net.

An event's delay is lognormal (median 1 s, 99 % within 7 s); one in a hundred is lost, one comes
twice, and twice a day the stream is away for five minutes. What is not pushed is found by counts.
"""

import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from math import exp, log

from benchmarks.at_x import REQUEST_S, AtX, moment
from benchmarks.strategies import Announced
from benchmarks.two_tiers import Likecord, Watched
from benchmarks.world import A_PAGE, BEGIN_S, DAY_S, END_S, Post
from bot.watching.counts.schedule import Countable
from bot.watching.like_rate import heated, rate
from bot.watching.post_state.after_reading import likers_read
from bot.watching.post_state.pushed import COUNTED_BY, counted_in, likes_pushed, without_place
from bot.watching.post_state.state import Reading, count_read, page_size, rebased
from bot.watching.push.net import AT_LATEST, SHORTEST, is_worth_paying, missed, paid_every

_MEDIAN_S, _P99_S = 1.0, 7.0
_SIGMA = log(_P99_S / _MEDIAN_S) / 2.326
_LOST, _TWICE = 0.01, 0.01
_AWAY_S = 300.0
# When the stream is away: at two hours that the seed draws.
_TIMES_AWAY = 2
# Days that are played and not measured, so that the measured one has what it finds in the long run.
_DAYS_BEFORE = _DAYS_AFTER = AT_LATEST.days
# From the event's coming to the message: what was measured against the sandbox, and Discord's part.
_STORED_S = 0.1
_SEED = 4
# As the bot has it: likes a second that make a request worth sending.
_AT_ONCE = 1e-3


def push(world: Sequence[Post], accounts: int, x: AtX) -> Announced:
    begin_s, until_s = BEGIN_S - _DAYS_BEFORE * DAY_S, END_S + _DAYS_AFTER * DAY_S
    return Pushed(world, accounts, x, begin_s, until_s).run()


@dataclass
class Pushed(Likecord):
    """Pushed posts are counted together every 5 to 15 minutes, and once after each gap."""

    known: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    paid_s: dict[int, float] = field(default_factory=dict)
    _gone: list[float] = field(default_factory=list)
    _is_open: bool = True
    _open_since: float = 0.0
    _next_s: float = 0.0
    _drawn: random.Random = field(default_factory=lambda: random.Random(_SEED))

    def run(self) -> Announced:
        # The measured day first, so that it is the same whatever is played around it.
        for day in sorted(range(-_DAYS_BEFORE, _DAYS_AFTER + 1), key=abs):
            for _ in range(_TIMES_AWAY):
                begin_s = BEGIN_S + day * DAY_S
                gone_s = self._drawn.uniform(begin_s, begin_s + DAY_S - 2 * _AWAY_S)
                self._gone.append(gone_s)
                self._at(gone_s, partial(self._switch, is_open=False))
                self._at(gone_s + _AWAY_S, partial(self._switch, is_open=True))
        self._gone.sort()
        for post in self.world:
            for place, liked_s in enumerate(post.likes):
                if self.begin_s <= liked_s < self.until_s:
                    self._send(post, place, liked_s)
        return super().run()

    def _switch(self, now: float, *, is_open: bool) -> None:
        self._is_open, self._open_since, self._next_s = is_open, now, now

    def _send(self, post: Post, place: int, liked_s: float) -> None:
        if self._drawn.random() < _LOST:
            return
        for _ in range(1 + (self._drawn.random() < _TWICE)):
            delay_s = exp(self._drawn.gauss(log(_MEDIAN_S), _SIGMA))
            self._at(liked_s + delay_s, partial(self._heard, post, place, liked_s))

    def _heard(self, post: Post, place: int, liked_s: float, now: float) -> None:
        """Take an event; of one that nobody hears, or whose like is known, nothing comes."""
        if not self._is_open:
            return
        self.x.pushed(post, place, now)
        self._welcome(now)
        known = self.watched[post.id]
        if place in self.known[post.id] or place < known.shown:
            return
        self.known[post.id].add(place)
        self._tell(post, place, now + _STORED_S)
        pushed = likes_pushed(
            known.state,
            [moment(liked_s)],
            moment(now),
            counted_at=moment(known.counted_s),
            place=len(self.known[post.id]),
        )
        known.state = pushed.state
        if liked_s >= known.counted_s and place + 1 >= known.state.count + known.state.ahead:
            self._take_count(known, place + 1, now)
            known.counted_s = liked_s
        if not known.state.pending:
            self._pending[post.account].discard(post.id)

    def _tell(self, post: Post, place: int, at: float) -> None:
        self.x.told_twice += (post.id, place) in self.announced
        self.announced.setdefault((post.id, place), at)

    # The net: counts

    def countables(self, now: float) -> list[Countable]:
        """Return those that it is time to count, and worth its price where it has one today."""
        if now < self._next_s:
            return []
        if self._is_open:
            self._next_s = now + SHORTEST.total_seconds()
        return [
            each._replace(rate=max(each.rate, _AT_ONCE))
            for each in super().countables(now)
            if self._is_due(each, now)
        ]

    def counted_before(self, post: Post) -> float:
        expected = rate(self.begin_s - post.made_s, post.count(self.begin_s))
        return self.begin_s - self._drawn.random() * paid_every(expected).total_seconds()

    def _is_due(self, post: Countable, now: float) -> bool:
        """Say whether a count is free today, or worth what X charges for it."""
        is_paid = self.paid_s.get(post.post_id, 0.0) >= now - now % DAY_S
        if post.own or is_paid or not post.counted_at:
            return not self._is_open or now - post.counted_at >= COUNTED_BY.total_seconds()
        passed = timedelta(seconds=now - post.counted_at)
        away = timedelta(seconds=self._away_until(now) - self._away_until(post.counted_at))
        likes = missed(post.rate, self.watched[post.post_id].state.ahead, passed, away)
        return is_worth_paying(likes, passed)

    def _away_until(self, moment: float) -> float:
        """Return for how long the stream was away until then, in all."""
        begun = bisect_right(self._gone, moment)
        lasted = _AWAY_S if not begun else min(_AWAY_S, moment - self._gone[begun - 1])
        return begun * _AWAY_S - (_AWAY_S - lasted)

    def take(self, posts: Iterable[Post], now: float) -> None:
        posts = list(posts)
        super().take(posts, now)
        self.paid_s.update((post.id, now) for post in posts)

    def _moved(self, known: Watched, now: float) -> None:
        self._take_count(known, known.post.count(now), now)

    def _take_count(self, known: Watched, likes: int, now: float) -> None:
        """Take what a count says, or an event."""
        post, before = known.post, known.state
        known.next_like_s = post.likes[likes] if likes < len(post.likes) else float("inf")
        known.heat = heated(known.heat, likes - before.count, now - known.counted_s)
        known.state, _ = count_read(before, likes, moment(now))
        is_trusted = self._is_open and known.counted_s >= self._open_since
        counted = counted_in(before, known.state, moment(now), is_trusted=is_trusted)
        known.state = counted.state
        if known.state.pending:
            self._pending[post.account].add(post.id)
            due = known.state.look_at
            wait_s = 0.0 if due is None else max(0.0, due.timestamp() - now)
            self._read_at(post.account, now + wait_s + REQUEST_S)

    def read_post(self, post: Watched, who: str, now: float) -> int:
        """Read as the bot does; who was pushed is known."""
        began, known = post.state, self.known[post.post.id]
        size = page_size(began)
        page = self.x.liking_users(post.post, who, size, now)
        places, requests = list(page), 1
        while page and not self._explain(post, places):
            size = min(A_PAGE, 2 * size)
            page = self.x.liking_users(post.post, who, size, now, page.start)
            places, requests = places + list(page), requests + 1
        seen = [place for place in places if self._is_new(post, place)]
        recent = self._recent(post, places)
        self._pending[post.post.account].discard(post.post.id)
        for place in seen:
            known.add(place)
            self._tell(post.post, place, now + 2 * REQUEST_S)
        reading = Reading(len(places), len(seen), recent=recent, proven=True, own=True)
        after = likers_read(began, reading, moment(now)).state
        post.state = without_place(rebased(after, began, began, moment(now)))
        return requests

    def _explain(self, post: Watched, places: Sequence[int]) -> bool:
        new = sum(self._is_new(post, place) for place in places)
        return new + min(post.state.surplus, self._recent(post, places)) >= post.state.pending

    def _recent(self, post: Watched, places: Sequence[int]) -> int:
        return sum(place in self.known[post.post.id] for place in places)

    def _is_new(self, post: Watched, place: int) -> bool:
        return place >= post.shown and place not in self.known[post.post.id]
