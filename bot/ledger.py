"""What X charges: booked by its published rules, and held against the budgets beforehand."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from datetime import date, datetime
from decimal import Decimal

from bot.errors import BudgetSpent
from bot.x.prices import MICRO_USD, NOBODY, Bill, Charged, Prices, Resource, Share
from storage.charges import Charges
from storage.database import Database
from storage.upsert import Row

MICRO = 1_000_000


class Ledger:
    """Knows what this month has cost, in all processes, and what the next request may cost."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        budget_usd: Decimal | None,
        prices: Prices = MICRO_USD,
    ) -> None:
        self._database = database
        self._now = now
        self.budget_usd = budget_usd
        self.prices = prices
        self._held = 0
        self._releases = 0
        self._month = (date.min, 0)
        # Whether there is money and that it is taken is one decision.
        self._deciding = asyncio.Lock()

    @property
    def month_usd(self) -> float:
        """US dollars of this month, when it was last looked at."""
        return self._known(self._now().date()) / MICRO

    def _known(self, today: date) -> int:
        month, spent = self._month
        return spent if month == today.replace(day=1) else 0

    def _know(self, today: date, spent: int) -> None:
        self._month = (today.replace(day=1), spent)

    async def price(self, resource: Resource, ids: Collection[int]) -> int:
        """Return the micro-USD of reading these now: what was paid today is free."""
        async with self._database.reading() as session:
            paid = await Charges(session).paid(self._now().date(), resource, ids)
        return len(set(ids) - paid) * self.prices[resource]

    async def refresh(self) -> int:
        """Read, and return, the micro-USD of this month that all processes spent."""
        today = self._now().date()
        async with self._database.reading() as session:
            spent = await Charges(session).spent(today.replace(day=1), today)
        self._know(today, spent)
        return spent

    @asynccontextmanager
    async def hold(self, micro_usd: int, bill: Bill = NOBODY) -> AsyncIterator[None]:
        """Keep money aside for a request while it runs; raise BudgetSpent if it is not there."""
        async with self._deciding:
            if self.budget_usd is not None and micro_usd:
                committed = await self._committed() + micro_usd
                if committed > self.budget_usd * MICRO:
                    raise BudgetSpent
            self._held += micro_usd
        try:
            yield
        finally:
            self._held -= micro_usd
            self._releases += 1

    async def _committed(self) -> int:
        """Return what is spent or held; what moves from one to the other meanwhile is in it."""
        while True:
            releases = self._releases
            spent = await self.refresh()
            if releases == self._releases:
                return spent + self._held

    async def left(self) -> Decimal | None:
        """Return the US dollars that the month's budget has left, or None without a budget."""
        if self.budget_usd is None:
            return None
        committed = await self._committed()
        return max(Decimal(0), self.budget_usd - Decimal(committed) / MICRO)

    async def book(self, bill: Bill, charged: Collection[Charged]) -> None:
        """Write down what an answer costs, and who pays."""
        charged = [item for item in charged if item.times or item.ids]
        if not charged:
            return
        today = self._now().date()
        sums = Sums()
        async with self._database.transaction() as session:
            charges = Charges(session)
            for item in charged:
                sums.add(item.resource, await self._shares(charges, today, bill, item))
            await charges.add(sums.rows(today, bill.purpose))
        self._know(today, self._known(today) + sums.micro_usd)

    async def _shares(self, charges: Charges, day: date, bill: Bill, item: Charged) -> list[Share]:
        price = self.prices[item.resource]
        if item.times:
            return bill.rest(item.times, price)
        new = await charges.pay(day, item.resource, item.ids)
        return bill.shares(item.resource, frozenset(new), price)

    async def spent(self) -> tuple[Decimal, Decimal]:
        """Return the US dollars of today and of this month."""
        today = self._now().date()
        async with self._database.reading() as session:
            charges = Charges(session)
            day = await charges.spent(today, today)
            month = await charges.spent(today.replace(day=1), today)
        return Decimal(day) / MICRO, Decimal(month) / MICRO


class Sums:
    """What is added to each guild's sums for a post and a resource."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[int, int, Resource]] = Counter()
        self._micro_usd: Counter[tuple[int, int, Resource]] = Counter()

    def add(self, resource: Resource, shares: Collection[Share]) -> None:
        for share in shares:
            key = share.guild_id, share.post_id, resource
            self._counts[key] += share.count
            self._micro_usd[key] += share.micro_usd

    @property
    def micro_usd(self) -> int:
        return self._micro_usd.total()

    def rows(self, day: date, purpose: str) -> list[Row]:
        return [
            {
                "day": day,
                "guild_id": guild_id,
                "purpose": purpose,
                "post_id": post_id,
                "resource": resource,
                "count": self._counts[guild_id, post_id, resource],
                "micro_usd": micro_usd,
            }
            for (guild_id, post_id, resource), micro_usd in self._micro_usd.items()
        ]
