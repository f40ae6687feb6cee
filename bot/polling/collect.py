"""Reading who likes the posts whose count moved, and storing likes and announcements together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain import User
from bot.errors import (
    BudgetSpent,
    CredentialRefused,
    LikersNotShown,
    PostNotFound,
    RateLimited,
    UsageCapped,
    XError,
)
from bot.health import Health
from bot.polling import planner
from bot.polling.news import News
from bot.polling.planner import LIKERS_RESERVE, Pending
from bot.polling.standing import (
    CEILING,
    Reading,
    Standing,
    explains,
    likers_read,
    page_size,
    rebased,
)
from bot.polling.tracking import standing_of, write_standing
from bot.rows import user_row
from bot.x.client import XClient
from bot.x.limits import Endpoint
from storage.database import Database
from storage.likes import Likes
from storage.models import PostState
from storage.posts import Posts
from storage.users import Users

_log = structlog.stdlib.get_logger(__name__)
_PART = "collect"
# Nothing else can be read either after one of these.
_ENDS_THE_ROUND = (RateLimited, BudgetSpent, CredentialRefused, UsageCapped)


@dataclass(frozen=True, slots=True)
class Collected:
    """How many posts were read, how many announcements that made, and when to go on."""

    posts: int = 0
    announcements: int = 0
    again_in: timedelta | None = None


@dataclass(frozen=True, slots=True)
class _Listing:
    """The likers that a reading brought, newest like first."""

    users: tuple[User, ...]
    reading: Reading


class Collector:
    def __init__(
        self, database: Database, x: XClient, health: Health, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._x = x
        self._health = health
        self._now = now
        self._last: datetime | None = None
        self._under_way: set[int] = set()

    async def run_once(self) -> Collected:
        """Read posts, the most urgent first, until the planner says to wait."""
        failed: set[int] = set()
        posts = announcements = 0
        while True:
            waiting = await self._waiting(failed)
            allowance = await self._x.allowance(Endpoint.LIKING_USERS)
            post = planner.next_collect(waiting, allowance, self._last, self._now())
            if post is None:
                again = planner.wait(allowance, self._last, self._now()) if waiting else None
                return Collected(posts, announcements, again)
            try:
                announcements += await self.read(post.post_id)
                posts += 1
            except XError as error:
                self._health.fails(_PART, error)
                if isinstance(error, _ENDS_THE_ROUND):
                    return Collected(posts, announcements)
                failed.add(post.post_id)
            else:
                self._health.works(_PART)

    async def _waiting(self, without: set[int]) -> list[Pending]:
        now = self._now()
        async with self._database.reading() as session:
            rows = await Posts(session).pending(now)
        return [
            Pending(row.id, standing_of(row).pending, row.moved_at or row.probed_at or now)
            for row in rows
            if row.id not in without | self._under_way
        ]

    async def read(self, post_id: int) -> int:
        """Read a post's new likers and store them; return how many announcements that made.

        Raise XError when X cannot be read; the likes stay pending then. Of two readings of one
        post at a time the later one does nothing.
        """
        if post_id in self._under_way:
            return 0
        self._under_way.add(post_id)
        try:
            return await self._read(post_id)
        finally:
            self._under_way.discard(post_id)

    async def _read(self, post_id: int) -> int:
        async with self._database.reading() as session:
            row = await Posts(session).get(post_id)
        if row is None:
            return 0
        standing = standing_of(row)
        self._last = self._now()
        own = row.author_id is not None and row.author_id == self._x.user_id
        try:
            listing = await self._list(post_id, standing)
        except LikersNotShown:
            listing, own = _Listing((), Reading(shown=0, new=0, whole=True)), False
        except PostNotFound:
            await self._deleted(post_id)
            return 0
        return await self._store(post_id, standing, listing, own=own)

    async def _list(self, post_id: int, standing: Standing) -> _Listing:
        """Read as little as explains the change, else everything that X shows."""
        size = page_size(standing)
        if size < CEILING:
            page = await self._x.liking_users(post_id, max_results=size, keep=LIKERS_RESERVE)
            whole = page.next_token is None
            reading = await self._compare(post_id, page.users, standing, whole=whole)
            if explains(standing, reading):
                return _Listing(page.users, reading)
        users = await self._list_all(post_id)
        return _Listing(users, await self._compare(post_id, users, standing, whole=True))

    async def _list_all(self, post_id: int) -> tuple[User, ...]:
        """Read to the end: X shows a hundred at most, but only its missing token says so."""
        users: dict[int, User] = {}
        token: str | None = None
        while True:
            page = await self._x.liking_users(post_id, token=token, keep=LIKERS_RESERVE)
            users.update({user.id: user for user in page.users if user.id not in users})
            if page.next_token is None or page.next_token == token or not page.users:
                return tuple(users.values())
            token = page.next_token

    async def _compare(
        self, post_id: int, users: Sequence[User], standing: Standing, *, whole: bool
    ) -> Reading:
        async with self._database.reading() as session:
            known = await Likes(session).known(post_id, [user.id for user in users])
        return Reading(
            shown=len(users),
            new=len(users) - len(known),
            recent=sum(seen_at == standing.read_at for seen_at in known.values()),
            met_known=bool(known),
            whole=whole,
        )

    async def _store(
        self, post_id: int, standing: Standing, listing: _Listing, *, own: bool
    ) -> int:
        """Store the likes and their announcements in one transaction: both, or neither."""
        now = self._now()
        async with self._database.transaction() as session:
            row = await Posts(session).get(post_id, lock=True)
            if row is None or row.collected_at != standing.read_at:
                return 0  # somebody else has read it meanwhile
            oldest_first = [user.id for user in reversed(listing.users)]
            await Users(session).save([user_row(user) for user in listing.users])
            likes = Likes(session)
            new = await likes.add(post_id, oldest_first, now)
            if listing.reading.whole and listing.reading.shown < CEILING:
                await likes.mark_gone(post_id, oldest_first, now)
            after, growth = likers_read(standing, listing.reading, now, own=own)
            write_standing(row, rebased(after, standing, standing_of(row), now))
            if standing.read_at is None:
                return 0
            news = News(session, now)
            announcements = await news.likes(post_id, new, row.like_count)
            if growth is not None:
                announcements += await news.growth(post_id, growth)
        return announcements

    async def _deleted(self, post_id: int) -> None:
        async with self._database.transaction() as session:
            await Posts(session).set_state(post_id, PostState.DELETED, self._now())
