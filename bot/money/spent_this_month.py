"""What this month has cost so far, in all processes together."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from storage.charges import Charges

_DAY = timedelta(days=1)
# For so long after midnight another process may still write down answers of the day before.
CLOCKS_DIFFER = timedelta(hours=1)


class Spending:
    """Sums up the charges; those of days that are over are read once a day only."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._settled_before: date | None = None
        self._settled: Counter[int] = Counter()

    async def by_guild(self, session: AsyncSession) -> Counter[int]:
        """Return the micro-USD of this UTC month for each guild (0: nobody's)."""
        now = self._now()
        settled, since = await self.settled(session, now)
        return settled + Counter(await Charges(session).spent_by_guild(since, now.date()))

    async def settled(self, session: AsyncSession, now: datetime) -> tuple[Counter[int], date]:
        """Return the same of those days of the month that are over, and the first that is not."""
        first = now.date().replace(day=1)
        fresh = max(first, (now - CLOCKS_DIFFER).date())
        if self._settled_before != fresh:
            settled = await Charges(session).spent_by_guild(first, fresh - _DAY)
            self._settled, self._settled_before = Counter(settled), fresh
        return self._settled, fresh
