"""A post on X as a model, and a watcher that follows it the way the probe and the collector do."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.domain import WatchKind
from bot.domain.page_sizes import LIKERS_SHOWN, MAX_LIKERS_A_PAGE
from bot.watching.post_state.state import (
    Growth,
    LikesState,
    Reading,
    count_read,
    explains,
    likers_read,
    page_size,
    rebased,
)

START = datetime(2026, 8, 1, tzinfo=UTC)


@dataclass
class PostOnX:
    """Counts every like; lists, newest first, those of the first hundred that are not hidden."""

    hidden: frozenset[int] = frozenset()
    likes: list[int] = field(default_factory=list)
    seats: set[int] = field(default_factory=set)
    given: int = 0
    taken: int = 0

    def like(self, user: int) -> None:
        if user in self.likes:
            return
        self.likes.append(user)
        self.given += 1
        if len(self.seats) < LIKERS_SHOWN:
            self.seats.add(user)

    def unlike(self, user: int) -> None:
        if user in self.likes:
            self.likes.remove(user)
            self.taken += 1

    @property
    def listed(self) -> list[int]:
        return [user for user in reversed(self.likes) if user in self.seats - self.hidden]


def _nothing() -> None:
    pass


@dataclass
class Watcher:
    """Probes and reads one post; keeps what the database would keep."""

    post: PostOnX
    own: bool = True
    state: LikesState = field(default_factory=lambda: LikesState(WatchKind.PENDING, 0, 0))
    known: dict[int, datetime] = field(default_factory=dict)
    announced: Counter[int] = field(default_factory=Counter)
    growths: list[Growth] = field(default_factory=list)
    requests: int = 0
    masked: int = 0
    _now: datetime = START

    def probe(self) -> None:
        """Read the count; likes that unlikes made up for before it cannot be seen in it."""
        self.masked += min(self.post.given, self.post.taken)
        self.post.given = self.post.taken = 0
        self.state, growth = count_read(self.state, len(self.post.likes), self._tick())
        self._grew(growth)

    @property
    def has_pending(self) -> bool:
        by_name = self.state.kind in (WatchKind.PENDING, WatchKind.NAMES)
        return by_name and (self.state.read_at is None or self.state.pending > 0)

    def read(
        self, *, between: Callable[[], None] = _nothing, meanwhile: Callable[[], None] = _nothing
    ) -> None:
        """Read as the collector does: `between` its two requests, and `meanwhile`, things happen.

        A probe in one of them is one that ended before the reading was stored.
        """
        before = self.state
        users, reading = self._page(before, page_size(before))
        if not explains(before, reading):
            between()
            users, reading = self._page(before, MAX_LIKERS_A_PAGE)
        meanwhile()
        self._store(before, users, reading)

    def _page(self, before: LikesState, size: int) -> tuple[list[int], Reading]:
        self.requests += 1
        listed = self.post.listed if self.own else []
        users = listed[:size]
        known = [user for user in users if user in self.known]
        return users, Reading(
            shown=len(users),
            new=len(users) - len(known),
            recent=sum(self.known[user] == before.read_at for user in known),
            met_known=bool(known),
            whole=size == MAX_LIKERS_A_PAGE or len(listed) <= size,
        )

    def _store(self, before: LikesState, users: list[int], reading: Reading) -> None:
        now = self._tick()
        for user in users:
            if user not in self.known:
                self.known[user] = now
                if before.read_at is not None:
                    self.announced[user] += 1
        after, growth = likers_read(before, reading, now, own=self.own)
        self.state = rebased(after, before, self.state, now)
        self._grew(growth)

    def _grew(self, growth: Growth | None) -> None:
        if growth is not None:
            self.growths.append(growth)

    def _tick(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now

    def round(self) -> None:
        """One quiet round: a probe, and a reading if it asks for one."""
        self.probe()
        if self.has_pending:
            self.read()

    @property
    def missing(self) -> set[int]:
        return set(self.post.listed) - set(self.known)
