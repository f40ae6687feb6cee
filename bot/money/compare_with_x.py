"""Once a day: whether X counts as many posts as our books have."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import structlog

from bot.domain.errors import XError
from bot.domain.usage import PostsCounted
from bot.x.client import XClient
from bot.x.prices import Resource
from storage.charges import Charges
from storage.database import Database

_log = structlog.stdlib.get_logger(__name__)
# The hour (UTC) at which X will have counted the day before to its end.
_COUNTED_UP_AT = 1
_POSTS = (Resource.POST_READ, Resource.OWNED_READ)


class ComparedWithX:
    """Each process looks by itself, which costs nothing: X tells of days that are over."""

    def __init__(self, database: Database, x: XClient, now: Callable[[], datetime]) -> None:
        self._database = database
        self._x = x
        self._now = now
        self._looked_at: date | None = None
        self.found: PostsCounted | None = None
        """What the last day that is over came to, where both know it."""

    async def run_once(self) -> None:
        """Look at yesterday, unless that was done; tell in the log where the two differ."""
        now = self._now()
        if self._looked_at == now.date() or now.hour < _COUNTED_UP_AT:
            return
        self.found = await self.look()
        if self.found is None:
            return
        self._looked_at = now.date()
        if self.found.differ:
            _log.warning(
                "X counts other posts than are booked here",
                day=self.found.day.isoformat(),
                by_x=self.found.by_x,
                booked=self.found.by_us,
            )

    async def look(self) -> PostsCounted | None:
        """Return what X and the books say of yesterday; None where one of them says nothing.

        X tells its count to the app alone. Of a day on which nothing was booked there is nothing
        to compare: the bot did not run, or the month is over and put together.
        """
        yesterday = self._now().date() - timedelta(days=1)
        async with self._database.reading() as session:
            booked = await Charges(session).count(yesterday, _POSTS)
        if not booked:
            return None
        try:
            by_x = await self._x.posts_counted(yesterday)
        except XError:
            return None
        return None if by_x is None else PostsCounted(yesterday, by_x, booked)
