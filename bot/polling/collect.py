"""Which posts' likers to read now, with whose account, within each account's allowance."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.access import Access
from bot.errors import (
    BudgetSpent,
    CredentialRefused,
    RateLimited,
    UsageCapped,
    XError,
)
from bot.health import Health
from bot.polling import planner
from bot.polling.planner import Pending
from bot.polling.reading import PostReader
from bot.polling.tracking import standing_of
from bot.x.client import XClient
from bot.x.limits import Endpoint
from storage.database import Database
from storage.models import Post
from storage.posts import Posts

logger = logging.getLogger(__name__)
_PART = "collect"
# The account can read nothing else either after one of these.
_ENDS_THE_ROUND = (RateLimited, BudgetSpent, CredentialRefused, UsageCapped)
# For so long a post that could not be read comes after all others, however urgent it is.
_AFTER_FAILURE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Collected:
    """How many posts were read, how many announcements that made, and when to go on."""

    posts: int = 0
    announcements: int = 0
    again_in: timedelta | None = None

    def __add__(self, other: "Collected") -> "Collected":
        waits = [wait for wait in (self.again_in, other.again_in) if wait is not None]
        return Collected(
            self.posts + other.posts,
            self.announcements + other.announcements,
            min(waits, default=None),
        )


class Collector:
    def __init__(
        self, database: Database, access: Access, health: Health, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._access = access
        self._reader = PostReader(database, now)
        self._health = health
        self._now = now
        self._last: dict[str, datetime] = {}
        self._under_way: set[int] = set()
        self._failed_at: dict[int, datetime] = {}

    async def run_once(self) -> Collected:
        """Read posts, the most urgent first, until the planner says to wait.

        A linked author's posts are read with the author's account, all others with the bot's;
        each account has an allowance of its own.
        """
        linked = await self._access.reader_ids()
        total = Collected()
        for rows in (await self._by_reader(linked)).values():
            total += await self._round(rows)
        return total

    async def _by_reader(self, linked: Collection[int]) -> dict[int | None, list[Post]]:
        """Return the posts to read, by the linked author or None for the bot's own account."""
        async with self._database.reading() as session:
            rows = await Posts(session).pending(self._now())
        self._failed_at = {
            row.id: self._failed_at[row.id] for row in rows if row.id in self._failed_at
        }
        found: dict[int | None, list[Post]] = {}
        for row in rows:
            found.setdefault(row.author_id if row.author_id in linked else None, []).append(row)
        return found

    async def _round(self, rows: Collection[Post]) -> Collected:
        """Read one account's posts while its allowance and the planner permit."""
        left = {row.id: row for row in rows if row.id not in self._under_way}
        posts = announcements = 0
        while left:
            try:
                x = await self._access.reader(next(iter(left.values())).author_id)
            except XError as error:
                self._health.fails(_PART, error)
                break
            allowance = await x.allowance(Endpoint.LIKING_USERS)
            waiting, last = self._waiting(left.values()), self._last.get(x.account)
            post = planner.next_collect(waiting, allowance, last, self._now())
            if post is None:
                again_in = planner.wait(allowance, last, self._now())
                return Collected(posts, announcements, again_in)
            row = left.pop(post.post_id)
            try:
                announcements += await self._read(x, row.id)
                posts += 1
                self._failed_at.pop(row.id, None)
                self._health.works(_PART)
            except XError as error:
                self._failed_at[row.id] = self._now()
                await self._failed(x, error)
                if isinstance(error, _ENDS_THE_ROUND):
                    break
            except Exception:
                # One bad post must not keep the others from being read.
                self._failed_at[row.id] = self._now()
                logger.exception("post %s cannot be read", row.id)
        return Collected(posts, announcements)

    def _waiting(self, rows: Collection[Post]) -> list[Pending]:
        """Return the posts to choose from; one that fails must not take every turn."""
        pause_over = self._now() - _AFTER_FAILURE
        fresh = [row for row in rows if self._failed_at.get(row.id, pause_over) <= pause_over]
        return [self._pending(row) for row in fresh or rows]

    def _pending(self, row: Post) -> Pending:
        since = row.moved_at or row.probed_at or self._now()
        return Pending(row.id, standing_of(row).pending, since)

    async def _failed(self, x: XClient, error: XError) -> None:
        if isinstance(error, CredentialRefused) and x is not self._access.own:
            # A member took their permission back: that is told of once, and is no trouble here.
            await self._access.refused(x)
        else:
            self._health.fails(_PART, error)

    async def read(self, post_id: int) -> int:
        """Read a post's new likers now; return how many announcements that made.

        Raise XError when X cannot be read; the likes stay pending then.
        """
        async with self._database.reading() as session:
            row = await Posts(session).get(post_id)
        if row is None:
            return 0
        return await self._read(await self._access.reader(row.author_id), post_id)

    async def _read(self, x: XClient, post_id: int) -> int:
        """Read a post unless somebody does so already: of two readings the later does nothing."""
        if post_id in self._under_way:
            return 0
        self._under_way.add(post_id)
        try:
            async with self._database.reading() as session:
                row = await Posts(session).get(post_id)
            if row is None:
                return 0
            self._last[x.account] = self._now()
            return await self._reader.read(x, row)
        finally:
            self._under_way.discard(post_id)
