"""Likecord in virtual time: the production planner counts, and reads likers where counts moved."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from itertools import count

from benchmarks.at_x import REQUEST_S, AtX, TooManyRequestsError, moment
from benchmarks.strategies import Announced
from benchmarks.world import A_PAGE, BEGIN_S, END_S, Post
from bot.domain import WatchKind
from bot.domain.page_sizes import POSTS_A_REQUEST
from bot.watching.counts.schedule import (
    Countable,
    CountById,
    CountOwn,
    affordable,
    plan,
)
from bot.watching.like_rate import heated, rate
from bot.watching.likers.schedule import Pending, next_collect, wait
from bot.watching.post_state.after_reading import likers_read
from bot.watching.post_state.state import (
    LikesState,
    Reading,
    count_read,
    explains,
    page_size,
    rebased,
)
from bot.x.limits import Endpoint

# The default of PROBE_SECONDS.
_EVERY_S = 15.0
# Likes of the day's end are still counted, and read however long that takes.
_COUNTED_S = 3_600
# The account that owns the app; the others are linked.
_OWNER = 0
_NEVER_S = float("inf")
# As the reader goes on after its first page.
_SHALLOW = 20


def likecord(world: Sequence[Post], accounts: int, x: AtX) -> Announced:
    return Likecord(world, accounts, x).run()


def fixed_probe(world: Sequence[Post], accounts: int, x: AtX) -> Announced:
    """Count every post every 15 seconds, as long as X answers; read likers as Likecord does."""
    return FixedProbe(world, accounts, x).run()


@dataclass(slots=True)
class Watched:
    """A post as the polling knows it; of `shown` likers it knows who they are.

    When somebody new was last found, those were the likers from `found_from` on.
    """

    post: Post
    state: LikesState
    next_like_s: float
    counted_s: float = 0.0
    heat: float = 0.0
    shown: int = 0
    found_from: int = 0


@dataclass
class TwoTiers(ABC):
    """A tick counts posts, by one rule or another; what moved is read as the planner says."""

    world: Sequence[Post]
    accounts: int
    x: AtX
    begin_s: float = BEGIN_S
    until_s: float = END_S
    announced: Announced = field(default_factory=dict)
    watched: dict[int, Watched] = field(default_factory=dict)
    _owned: list[Post] = field(default_factory=list)
    _born: int = 0
    _events: list[tuple[float, int, Callable[[float], None]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)
    _pending: list[set[int]] = field(default_factory=list)
    _last: dict[int, float] = field(default_factory=dict)
    _next_read: dict[int, float] = field(default_factory=dict)

    def run(self) -> Announced:
        self._pending = [set() for _ in range(self.accounts)]
        self._at(self.begin_s, self._tick)
        while self._events:
            now, _, happen = heappop(self._events)
            happen(now)
        return self.announced

    def _at(self, when: float, happen: Callable[[float], None]) -> None:
        heappush(self._events, (when, next(self._order), happen))

    # Counting

    def _tick(self, now: float) -> None:
        self._welcome(now)
        requests = self.requests(now)
        for index, request in enumerate(requests):
            self._at(now + index * REQUEST_S, request)
        took_s = len(requests) * REQUEST_S
        if now < self.until_s + _COUNTED_S:
            self._at(now + max(_EVERY_S, took_s), self._tick)

    @abstractmethod
    def requests(self, now: float) -> list[Callable[[float], None]]:
        """Return the requests of the tick that begins now, which may take longer than a tick."""

    def count_by_id(self, post_ids: Iterable[int], now: float) -> None:
        self.take(self.x.counts([self.watched[post_id].post for post_id in post_ids], now), now)

    def take(self, posts: Iterable[Post], now: float) -> None:
        """Take counts over, and wake the readers of posts whose count moved."""
        watched = self.watched
        for post in posts:
            known = watched[post.id]
            if known.next_like_s <= now:
                self._moved(known, now)
            elif known.heat:
                known.heat = heated(known.heat, 0, now - known.counted_s)
            known.counted_s = now

    def _moved(self, known: Watched, now: float) -> None:
        post = known.post
        likes = post.count(now)
        known.heat = heated(known.heat, likes - known.state.count, now - known.counted_s)
        known.next_like_s = _next_like_s(post, likes)
        known.state, _ = count_read(known.state, likes, moment(now))
        if known.state.pending:
            self._pending[post.account].add(post.id)
            self._read_at(post.account, now + REQUEST_S)

    def _welcome(self, now: float) -> None:
        """Watch the posts made since; what they had when the day began is known."""
        while self._born < len(self.world) and self.world[self._born].made_s <= now:
            post = self.world[self._born]
            self._born += 1
            if post.account == _OWNER:
                self._owned.append(post)
            likes = post.count(self.begin_s)
            self.watched[post.id] = Watched(
                post,
                LikesState(
                    WatchKind.NAMES, likes, likes, read_at=moment(max(self.begin_s, post.made_s))
                ),
                _next_like_s(post, likes),
                # Those of the week before were counted just before midnight.
                counted_s=self.counted_before(post) if post.made_s < self.begin_s else 0.0,
                shown=likes,
                found_from=likes,
            )

    def counted_before(self, _post: Post) -> float:
        """Return when a post was last counted that is older than what is played."""
        return self.begin_s

    # Reading likers

    def _read_at(self, account: int, when: float) -> None:
        """Let an account read when it can, unless it is to do so earlier."""
        if self._next_read.get(account, when + 1) <= when:
            return
        self._next_read[account] = when

        def due(now: float) -> None:
            if self._next_read.get(account) == when:
                del self._next_read[account]
                self._read(account, now)

        self._at(when, due)

    def _read(self, account: int, now: float) -> None:
        who, at = f"user:{account}", moment(now)
        allowance = self.x.allowance(who, Endpoint.LIKING_USERS, now)
        last_s = self._last.get(account)
        last = None if last_s is None else moment(last_s)
        wait_s = wait(allowance, last, at).total_seconds()
        if not self._pending[account]:
            return
        if wait_s > 0:
            self._read_at(account, now + wait_s)
            return
        pending = [
            Pending(id_, known.pending, known.moved_at or at)
            for id_ in self._pending[account]
            for known in (self.watched[id_].state,)
        ]
        chosen = next_collect(pending, allowance, last, at)
        if chosen is None:
            self._read_at(account, now + 0.001)
            return
        self._last[account] = now
        requests = self.read_post(self.watched[chosen.post_id], who, now)
        self._read_at(account, now + requests * REQUEST_S)

    def read_post(self, post: Watched, who: str, now: float) -> int:
        """Read a small page, and on where that does not explain the count."""
        began, size, requests = post.state, page_size(post.state), 0
        below: int | None = None
        seen = range(post.shown, post.shown)
        while True:
            page = self.x.liking_users(post.post, who, size, now + requests * REQUEST_S, below)
            requests += 1
            seen = range(page.start, seen.stop if below is not None else page.stop)
            reading = _compare(post, seen, whole=page.start == self.x.first_listed(post.post, now))
            if explains(began, reading) or not page:
                break
            if not self.x.allowance(who, Endpoint.LIKING_USERS, now).remaining:
                return requests  # nothing is stored of a reading that X cuts short
            below, size = page.start, min(A_PAGE, max(2 * size, _SHALLOW))
        self._pending[post.post.account].discard(post.post.id)
        answered = now + requests * REQUEST_S
        for place in range(max(post.shown, seen.start), seen.stop):
            self.announced[post.post.id, place] = answered + REQUEST_S
        after = likers_read(began, reading, moment(answered)).state
        post.state = rebased(after, began, began, moment(answered))
        if reading.new:
            post.found_from = max(post.shown, seen.start)
        post.shown = max(post.shown, seen.stop)
        return requests


class FixedProbe(TwoTiers):
    """A tick counts every post."""

    def requests(self, _now: float) -> list[Callable[[float], None]]:
        ids = list(self.watched)
        size = POSTS_A_REQUEST
        return [
            partial(self._count_if_x_answers, ids[start : start + size])
            for start in range(0, len(ids), size)
        ]

    def _count_if_x_answers(self, post_ids: Sequence[int], now: float) -> None:
        with suppress(TooManyRequestsError):
            self.count_by_id(post_ids, now)


class Likecord(TwoTiers):
    """A tick counts what the planner says; a 429 would end the benchmark."""

    def requests(self, now: float) -> list[Callable[[float], None]]:
        by_id = self.x.allowance("app", Endpoint.POSTS, now)
        own = self.x.allowance(f"user:{_OWNER}", Endpoint.USER_POSTS, now)
        planned = plan(
            self.countables(now),
            now,
            _EVERY_S,
            by_id=affordable(by_id, _EVERY_S, moment(now)),
            own=affordable(own, _EVERY_S, moment(now)),
        )
        return [partial(self.send, request) for request in planned]

    def countables(self, now: float) -> list[Countable]:
        """Return the posts that may be counted now."""
        return [countable(post, now) for post in self.watched.values()]

    def send(self, request: CountById | CountOwn, now: float) -> None:
        if isinstance(request, CountById):
            self.count_by_id(request.post_ids, now)
            return
        who = f"user:{_OWNER}"
        page = self.x.own_posts(self._owned, request.until_id, request.max_results, who, now)
        self.take(page, now)


def countable(known: Watched, now: float) -> Countable:
    post, state = known.post, known.state
    return Countable(
        post.id,
        known.counted_s,
        rate(now - post.made_s, state.count, known.heat),
        state.kind is WatchKind.NAMES,
        post.account == _OWNER,
    )


def _next_like_s(post: Post, likes: int) -> float:
    return post.likes[likes] if likes < len(post.likes) else _NEVER_S


def _compare(post: Watched, seen: range, *, whole: bool) -> Reading:
    new = max(0, seen.stop - max(post.shown, seen.start))
    recent = max(0, post.shown - max(post.found_from, seen.start))
    return Reading(
        shown=len(seen), new=new, recent=recent, proven=len(seen) > new, whole=whole, own=True
    )
