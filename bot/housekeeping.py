"""What keeps the database small."""

from collections.abc import Callable
from datetime import datetime

from bot.accounts import PATIENCE
from storage.accounts import LinkRequests
from storage.allowances import Allowances
from storage.charges import Charges
from storage.database import Database


class Housekeeping:
    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def tidy(self) -> None:
        """Drop what no longer says anything: past windows, charges of past days, stale requests."""
        now = self._now()
        async with self._database.transaction() as session:
            await Allowances(session).forget_before(now)
            await Charges(session).forget_before(now.date())
            await LinkRequests(session).forget_before(now - PATIENCE)
