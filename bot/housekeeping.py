"""What keeps the database small and its knowledge of X's allowances current."""

from collections.abc import Callable
from datetime import datetime

from bot.domain import Allowance
from bot.x.limits import Limits
from storage.allowances import Allowances
from storage.charges import Charges
from storage.database import Database


class Housekeeping:
    def __init__(self, database: Database, limits: Limits, now: Callable[[], datetime]) -> None:
        self._database = database
        self._limits = limits
        self._now = now

    async def restore(self) -> None:
        """Take up the allowances that an earlier process left, so that none is overrun."""
        async with self._database.reading() as session:
            rows = await Allowances(session).open(self._now())
        self._limits.restore(
            (row.account, Allowance(row.endpoint, row.limit, row.remaining, row.resets_at))
            for row in rows
        )

    async def save(self) -> None:
        """Write the allowances down."""
        rows = [
            {
                "account": account,
                "endpoint": endpoint,
                "limit": allowance.limit,
                "remaining": allowance.remaining,
                "resets_at": allowance.resets_at,
            }
            for (account, endpoint), allowance in self._limits.snapshot().items()
        ]
        async with self._database.transaction() as session:
            await Allowances(session).save(rows)

    async def tidy(self) -> None:
        """Drop what no longer says anything: past windows, and single charges of past days."""
        now = self._now()
        async with self._database.transaction() as session:
            await Allowances(session).forget_before(now)
            await Charges(session).forget_before(now.date())
