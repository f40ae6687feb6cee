"""A post on X as a model, and a watcher that follows it with the bot's own reader."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, TypeVar

from bot.domain import User, UsersPage
from bot.watching.begin_watch import begin_silently
from bot.watching.likers.reader import PostReader, ReadingTerms
from bot.watching.likers.taken_back import DEEPER_EVERY, DEEPER_SOON
from bot.watching.polling_budget import bill
from bot.watching.post_state.rows import likes_state_of
from bot.watching.post_state.state import LikesState
from bot.watching.push.coverage import Coverage
from bot.watching.take_count import take_count
from storage import models
from storage.models import PostKind
from tests.watching.in_memory import StoringInMemory, Told

START = datetime(2026, 8, 1, tzinfo=UTC)
POST = 7
CEILING = 100
T = TypeVar("T")


@dataclass
class PostOnX:
    """Counts every like; lists those of people who are not hidden, in one of X's ways.

    `listing` is "all", "newest" for the newest hundred, "first" for the first hundred ever. Its
    list and its count may each be so many seconds late; the list besides by so many for each like
    of some people, so that those who liked after them are listed before.
    """

    hidden: frozenset[int] = frozenset()
    listing: str = "all"
    oldest_first: bool = False
    list_lag_s: float = 0
    count_lag_s: float = 0
    late_s: Mapping[int, float] = field(default_factory=dict)
    now: datetime = START
    seats: set[int] = field(default_factory=set)
    # Who liked and unliked, when; and who liked the post since then, with each like's number.
    changes: list[tuple[datetime, int, bool]] = field(default_factory=list)
    _past: list[tuple[datetime, dict[int, int]]] = field(default_factory=list)
    _number: int = 0

    def like(self, *users: int) -> None:
        for user in users:
            if user in self.likes:
                continue
            if len(self.seats) < CEILING:
                self.seats.add(user)
            self._number += 1
            self._change({**self.likes, user: self._number}, user, liked=True)

    def unlike(self, *users: int) -> None:
        for user in users:
            if user in self.likes:
                left = {other: number for other, number in self.likes.items() if other != user}
                self._change(left, user, liked=False)

    def _change(self, likes: dict[int, int], user: int, *, liked: bool) -> None:
        self.changes.append((self.now, user, liked))
        if self._past and self._past[-1][0] == self.now:
            self._past.pop()
        self._past.append((self.now, likes))

    @property
    def likes(self) -> dict[int, int]:
        """Who likes the post now, with the number of each like."""
        return self._past[-1][1] if self._past else {}

    def _seen(self, lag_s: float) -> dict[int, int]:
        moment = self.now - timedelta(seconds=lag_s)
        return next((likes for at, likes in reversed(self._past) if at <= moment), {})

    @property
    def count(self) -> int:
        return len(self._seen(self.count_lag_s))

    @property
    def listed(self) -> list[tuple[int, int]]:
        """Return the numbers of the likes that are listed, with who gave them, in X's order."""
        likes = sorted((number, user) for user, number in self._in_list.items())
        shown = [(number, user) for number, user in likes if self._may_be_listed(user)]
        if self.listing == "newest":
            shown = shown[-CEILING:]
        return shown if self.oldest_first else shown[::-1]

    @property
    def _in_list(self) -> dict[int, int]:
        seen = self._seen(self.list_lag_s)
        for user, late_s in self.late_s.items():
            seen = {other: number for other, number in seen.items() if other != user}
            likes = self._seen(self.list_lag_s + late_s)
            if user in likes:
                seen[user] = likes[user]
        return seen

    def _may_be_listed(self, user: int) -> bool:
        return user not in self.hidden and (self.listing != "first" or user in self.seats)

    @property
    def listed_after_unlike(self) -> int:
        """How many unliked before they were listed, and were listed then."""
        liked_at: dict[int, datetime] = {}
        number = 0
        for at, user, liked in self.changes:
            if liked:
                liked_at[user] = at
            else:
                number += at - liked_at[user] <= timedelta(seconds=self.list_lag_s)
        return number

    def page(self, size: int, token: str | None) -> UsersPage:
        """Return a page of the list; the token names the last like before it."""
        listed = self.listed
        if token is not None and self.oldest_first:
            listed = [each for each in listed if each[0] > int(token)]
        elif token is not None:
            listed = [each for each in listed if each[0] < int(token)]
        found = listed[:size]
        users = tuple(User(user, f"user{user}", "Ada") for _, user in found)
        return UsersPage(users, str(found[-1][0]) if len(listed) > size else None)


def post_with(*likes: int, hidden: frozenset[int] = frozenset(), listing: str = "all") -> PostOnX:
    post = PostOnX(hidden=hidden, listing=listing)
    post.like(*likes)
    return post


def _nothing() -> None:
    pass


class _Reader(PostReader):
    def __init__(self, storing: StoringInMemory, now: Callable[[], datetime]) -> None:
        self._storing, self._now = storing, now


@dataclass
class Watcher:
    """Counts and reads one post, when the rounds would; keeps what the database would keep."""

    post: PostOnX
    own: bool = True
    unlikes: bool = False
    requests: int = 0
    masked: int = 0
    pages: list[int] = field(default_factory=list)
    coverage: Coverage | None = None

    def __post_init__(self) -> None:
        """Begin to watch: who likes the post now is old."""
        self.told = Told()
        self.row = _copy(models.Post(id=POST, author_id=1).model_dump())
        self.storing = StoringInMemory(self.row, self.told, lambda: self.post.now)
        self._reader = _Reader(self.storing, lambda: self.post.now)
        self._between: Callable[[], None] = _nothing
        self._is_first = True
        self._counted = 0
        self._see_changes()
        begin_silently(self.row, self.post.count, self.post.now)
        self._before = len(self.post.changes)
        self._liked_before = set(self.post.likes)

    @property
    def state(self) -> LikesState:
        return likes_state_of(self.row)

    @property
    def announced(self) -> dict[int, int]:
        return dict(self.told.announced)

    @property
    def known(self) -> set[int]:
        return set(self.storing.likes.rows)

    @property
    def old(self) -> set[int]:
        """Who liked the post before the watch began and never took it back since."""
        return self._liked_before - {user for _, user, _ in self.post.changes[self._before :]}

    @property
    def untold(self) -> set[int]:
        """Who is listed, liked the post for the first time since, and was not announced."""
        before = {user for _, user, _ in self.post.changes[: self._before]}
        return {user for _, user in self.post.listed} - before - self.told.announced.keys()

    def probe(self) -> None:
        """Read the count; likes that unlikes made up for before it cannot be seen in it."""
        liked, unliked = self._see_changes()
        self.masked += min(liked, unliked)
        pushed = self.coverage is not None and self.coverage.trusts(
            self.row.author_id, self.row.probed_at
        )
        at_once(take_count(self.told, self.row, self.post.count, self.post.now, pushed=pushed))

    def _see_changes(self) -> tuple[int, int]:
        """Return how many likes and unlikes have come into the count since it was last read."""
        moment = self.post.now - timedelta(seconds=self.post.count_lag_s)
        seen = [liked for at, _, liked in self._uncounted if at <= moment]
        self._counted += len(seen)
        return sum(seen), len(seen) - sum(seen)

    @property
    def _uncounted(self) -> list[tuple[datetime, int, bool]]:
        return self.post.changes[self._counted :]

    @property
    def may_like(self) -> bool:
        """Say whether a like would be seen in the count."""
        return all(liked for _, _, liked in self._uncounted)

    @property
    def may_unlike(self) -> bool:
        """Say whether an unlike would be seen in the count."""
        return not any(liked for _, _, liked in self._uncounted)

    @property
    def is_due(self) -> bool:
        """Say whether the post's likers are to be read now, as `Posts.pending` does."""
        row = self.row
        return (
            row.kind in (PostKind.PENDING, PostKind.NAMES)
            and (row.look_at is None or row.look_at <= self.post.now)
            and (row.collected_at is None or row.held_back_count > 0 or self.state.pending > 0)
        )

    @property
    def is_due_deeper(self) -> bool:
        """Say whether the post is to be looked into deeper, as `Posts.to_look_deeper` does."""
        row, now = self.row, self.post.now
        if row.kind in (PostKind.COUNTS, PostKind.STALLED):
            grew = row.kind is PostKind.STALLED and row.like_count > row.looked_count
            return row.look_at is None or row.look_at <= now or (grew and self._grew_by_a_tenth)
        if row.kind is not PostKind.NAMES or row.collected_at is None:
            return False
        was_long_ago = row.whole_at is None or row.whole_at < now - DEEPER_EVERY
        soon = row.deep_at is None or row.deep_at < now - DEEPER_SOON
        daily = row.deep_at is None or row.deep_at < now - DEEPER_EVERY
        return (self.unlikes and was_long_ago and soon) or (row.whole_at is None and daily)

    @property
    def _grew_by_a_tenth(self) -> bool:
        return self.row.like_count * 10 >= self.row.looked_count * 11

    def read(
        self,
        *,
        deep: bool = False,
        between: Callable[[], None] = _nothing,
        meanwhile: Callable[[], None] = _nothing,
    ) -> None:
        """Read as the rounds do: `between` its requests, and `meanwhile`, things happen.

        A probe in one of them is one that ended before the reading was stored.
        """
        self._between, self.storing.meanwhile = between, _once(meanwhile)
        self._is_first = True
        x: Any = SimpleNamespace(user_id=1 if self.own else 2, likes=self)
        terms = ReadingTerms(bill(POST, ()), keep=0, deep=deep and self.row.kind is PostKind.NAMES)
        at_once(self._reader.read(x, _copy(vars(self.row)), terms))

    async def liking_users(
        self, _post_id: int, *, max_results: int, token: str | None, **_: object
    ) -> UsersPage:
        if not self._is_first:
            self._between()
        self._is_first = False
        self.requests += 1
        self.pages.append(max_results)
        return self.post.page(max_results, token) if self.own else UsersPage(())

    def wait(self, seconds: float) -> None:
        self.post.now += timedelta(seconds=seconds)

    def round(self, seconds: float = 1) -> None:
        """Let time pass; count, and read what is due then."""
        self.wait(seconds)
        self.probe()
        self.look()

    def look(self) -> None:
        if self.is_due:
            self.read()
        elif self.is_due_deeper:
            self.read(deep=True)

    def rest(self, seconds: float, step: float = 5) -> None:
        """Let quiet time pass, with rounds as the scheduler makes them."""
        for _ in range(int(seconds / step)):
            self.round(step)


def _copy(row: Mapping[str, Any]) -> models.Post:
    """Return a row that nothing watches: to change one of the database's own takes far longer."""
    plain: Any = SimpleNamespace(**row)
    found: models.Post = plain
    return found


def _once(happens: Callable[[], None]) -> Callable[[], None]:
    left = [happens]
    return lambda: left.pop()() if left else None


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine comes to that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    work.close()
    raise AssertionError("it waits for something")
