"""Likecord where X pushes likes, in virtual time: events late, lost and doubled, and a net.

An event's delay is lognormal (median 1 s, 99 % within 7 s); one in a hundred is lost, one comes
twice, and twice a day the stream is away for five minutes. What is not pushed is found by counts.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from math import exp, log

from benchmarks.at_x import REQUEST_S, AtX, moment
from benchmarks.strategies import Announced
from benchmarks.two_tiers import Likecord, Watched
from benchmarks.world import A_PAGE, BEGIN_S, END_S, Post
from bot.watching.counts.schedule import Countable
from bot.watching.post_state.after_reading import likers_read
from bot.watching.post_state.pushed import COUNTED_BY, counted_in, likes_pushed, without_place
from bot.watching.post_state.state import Reading, count_read, page_size, rebased
from bot.watching.push.coverage import SHORTEST

_MEDIAN_S, _P99_S = 1.0, 7.0
_SIGMA = log(_P99_S / _MEDIAN_S) / 2.326
_LOST, _TWICE = 0.01, 0.01
_AWAY_S = 300.0
# When the stream is away: at two hours that the seed draws.
_TIMES_AWAY = 2
# From the event's coming to the message: what was measured against the sandbox, and Discord's part.
_STORED_S = 0.1
_SEED = 4
# As the bot has it: likes a second that make a request worth sending.
_AT_ONCE = 1e-3


def push(world: Sequence[Post], accounts: int, x: AtX) -> Announced:
    return Pushed(world, accounts, x).run()


@dataclass
class Pushed(Likecord):
    """Pushed posts are counted together every 5 to 15 minutes, and once after each gap."""

    known: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    open_since: float = BEGIN_S
    _is_open: bool = True
    _next_s: float = BEGIN_S
    _drawn: random.Random = field(default_factory=lambda: random.Random(_SEED))

    def run(self) -> Announced:
        for _ in range(_TIMES_AWAY):
            gone_s = self._drawn.uniform(BEGIN_S, END_S - 2 * _AWAY_S)
            self._at(gone_s, partial(self._switch, is_open=False))
            self._at(gone_s + _AWAY_S, partial(self._switch, is_open=True))
        for post in self.world:
            for place, liked_s in enumerate(post.likes):
                if BEGIN_S <= liked_s < END_S:
                    self._send(post, place, liked_s)
        return super().run()

    def _switch(self, now: float, *, is_open: bool) -> None:
        self._is_open, self.open_since, self._next_s = is_open, now, now

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
        if not known.state.pending:
            self._pending[post.account].discard(post.id)

    def _tell(self, post: Post, place: int, at: float) -> None:
        self.x.told_twice += (post.id, place) in self.announced
        self.announced.setdefault((post.id, place), at)

    # The net: counts

    def countables(self, now: float) -> list[Countable]:
        """Return all together when it is time for one; at every tick while nothing is pushed."""
        if not self._is_open:
            return super().countables(now)
        if now < self._next_s:
            return []
        oldest_s = min((known.counted_s for known in self.watched.values()), default=now)
        if oldest_s >= self.open_since and now - oldest_s < SHORTEST.total_seconds():
            self._next_s = oldest_s + SHORTEST.total_seconds()
            return []
        return [
            each._replace(rate=max(each.rate, _AT_ONCE))
            for each in super().countables(now)
            if now - each.counted_at >= COUNTED_BY.total_seconds()
            or each.counted_at < self.open_since
        ]

    def _moved(self, known: Watched, now: float) -> None:
        post, before = known.post, known.state
        likes = post.count(now)
        known.next_like_s = post.likes[likes] if likes < len(post.likes) else float("inf")
        known.state, _ = count_read(before, likes, moment(now))
        is_trusted = self._is_open and known.counted_s >= self.open_since
        counted = counted_in(before, known.state, moment(now), is_trusted=is_trusted)
        known.state = counted.state
        if known.state.pending:
            self._pending[post.account].add(post.id)
            due = known.state.look_at
            wait_s = 0.0 if due is None else (due - moment(now)) / timedelta(seconds=1)
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
