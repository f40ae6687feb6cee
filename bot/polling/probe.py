"""Asking for the like counts of watched posts, a hundred a request."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import PostsFound
from bot.errors import XError
from bot.health import Health
from bot.polling import planner
from bot.polling.counting import take_count
from bot.polling.news import News
from bot.polling.tracking import STATE_OF_MISSING, standing_of
from bot.x.client import XClient
from bot.x.limits import Endpoint
from storage.database import Database
from storage.models import PostState
from storage.posts import Posts

_PART = "probe"


@dataclass(frozen=True, slots=True)
class Probed:
    """How many posts were counted, how many of them moved, and how many announcements that made."""

    posts: int = 0
    moved: int = 0
    announcements: int = 0

    def __add__(self, other: "Probed") -> "Probed":
        return Probed(
            self.posts + other.posts,
            self.moved + other.moved,
            self.announcements + other.announcements,
        )


class Probe:
    def __init__(
        self,
        database: Database,
        x: XClient,
        health: Health,
        now: Callable[[], datetime],
        every: timedelta,
    ) -> None:
        self._database = database
        self._x = x
        self._health = health
        self._now = now
        self._every = every

    async def run_once(self) -> Probed:
        """Count every watched post whose count is older than the interval."""
        now = self._now()
        async with self._database.reading() as session:
            # Half an interval of slack: the tick itself is never late by more than that.
            due = await Posts(session).due_for_probe(now - self._every / 2, now)
        total = Probed()
        allowance = await self._x.allowance(Endpoint.POSTS)
        keep = planner.posts_reserve(allowance)
        for batch in planner.probes(due, allowance):
            try:
                found = await self._x.counts(batch, keep=keep)
            except XError as error:
                self._health.fails(_PART, error)
                break
            self._health.works(_PART)
            total += await self._store(batch, found)
        return total

    async def _store(self, batch: Sequence[int], found: PostsFound) -> Probed:
        now = self._now()
        moved = announcements = 0
        async with self._database.transaction() as session:
            news = News(session, now)
            for post_id, row in (await Posts(session).lock_some(batch)).items():
                row.probed_at = now
                if post_id in found.missing:
                    row.state = STATE_OF_MISSING[found.missing[post_id]]
                if post_id not in found.posts:
                    continue
                row.state = PostState.LIVE
                likes = found.posts[post_id].counts.likes
                announcements += await take_count(news, row, likes, now)
                moved += standing_of(row).pending > 0
        return Probed(len(batch), moved, announcements)
