"""Readings of posts' likers: no post twice at a time, and when each account read last."""

from collections.abc import Callable
from datetime import datetime

from bot.polling.reading import PostReader, Terms
from bot.x.client import XClient
from storage.database import Database
from storage.posts import Posts


class Readings:
    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._reader = PostReader(database, now)
        self._last: dict[str, datetime] = {}
        self._under_way: set[int] = set()

    def last(self, account: str) -> datetime | None:
        return self._last.get(account)

    def is_under_way(self, post_id: int) -> bool:
        return post_id in self._under_way

    async def read(self, x: XClient, post_id: int, terms: Terms) -> int:
        """Read a post; return how many announcements that made. Raise XError when X cannot be read.

        Of two readings at the same time the later does nothing.
        """
        if post_id in self._under_way:
            return 0
        self._under_way.add(post_id)
        try:
            async with self._database.reading() as session:
                row = await Posts(session).get(post_id)
            if row is None:
                return 0
            self._last[x.account] = self._now()
            return await self._reader.read(x, row, terms)
        finally:
            self._under_way.discard(post_id)
