"""What X charges: booked by its published rules, and held against the budget beforehand."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from datetime import date, datetime
from decimal import Decimal

from bot.errors import BudgetSpent
from bot.x.prices import MICRO_USD, Charged, Resource
from storage.charges import Charges
from storage.database import Database

MICRO = 1_000_000


class Ledger:
    """Knows what this month has cost, and what the next request may cost."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], budget_usd: Decimal | None
    ) -> None:
        self._database = database
        self._now = now
        self.budget_usd = budget_usd
        self._held = 0
        self._day: date | None = None
        self._paid: dict[str, set[int]] = {}
        self._month_spent = 0
        # What is known in memory changes only together with what is stored.
        self._writing = asyncio.Lock()

    @property
    def month_usd(self) -> float:
        """US dollars of this month, as far as this process knows."""
        return self._month_spent / MICRO

    def price(self, resource: Resource, ids: Collection[int]) -> int:
        """Return the micro-USD of reading these now: what was paid today is free."""
        paid = self._paid.get(resource, set()) if self._day == self._now().date() else set()
        return len(set(ids) - paid) * MICRO_USD[resource]

    async def refresh(self) -> None:
        """Read the day's and the month's charges; once per UTC day is enough."""
        if self._day != self._now().date():
            async with self._writing:
                await self._refresh()

    async def _refresh(self) -> None:
        today = self._now().date()
        if today == self._day:
            return
        async with self._database.reading() as session:
            charges = Charges(session)
            self._month_spent = await charges.spent(today.replace(day=1), today)
            self._paid = {}
            for row in await charges.of_day(today):
                self._paid.setdefault(row.resource, set()).add(row.resource_id)
        self._day = today

    @asynccontextmanager
    async def hold(self, micro_usd: int) -> AsyncIterator[None]:
        """Keep money aside for a request while it runs; raise BudgetSpent if it is not there."""
        await self.refresh()
        if self.budget_usd is not None and micro_usd:
            committed = self._month_spent + self._held + micro_usd
            if committed > self.budget_usd * MICRO:
                raise BudgetSpent
        self._held += micro_usd
        try:
            yield
        finally:
            self._held -= micro_usd

    async def left(self) -> Decimal | None:
        """Return the US dollars that the month's budget has left, or None without a budget."""
        await self.refresh()
        if self.budget_usd is None:
            return None
        return max(Decimal(0), self.budget_usd - Decimal(self._month_spent + self._held) / MICRO)

    async def book(self, guild_id: int, charged: Collection[Charged]) -> None:
        """Write down what an answer costs."""
        await self.refresh()
        async with self._writing:
            await self._refresh()
            unpaid = [item for item in charged if item.times or self.price(item.resource, item.ids)]
            if unpaid:
                await self._write(guild_id, unpaid)

    async def _write(self, guild_id: int, unpaid: Collection[Charged]) -> None:
        today = self._now().date()
        spent = 0
        async with self._database.transaction() as session:
            charges = Charges(session)
            for item in unpaid:
                spent += await self._book(charges, today, guild_id, item)
        self._month_spent += spent
        for item in unpaid:
            self._paid.setdefault(item.resource, set()).update(item.ids)

    async def _book(self, charges: Charges, day: date, guild_id: int, item: Charged) -> int:
        price = MICRO_USD[item.resource]
        if item.times:
            await charges.add(day, guild_id, item.resource, item.times, item.times * price)
            return item.times * price
        new = await charges.charge(day, guild_id, item.resource, item.ids, price)
        return new * price

    async def spent(self) -> tuple[Decimal, Decimal]:
        """Return the US dollars of today and of this month."""
        today = self._now().date()
        async with self._database.reading() as session:
            charges = Charges(session)
            day = await charges.spent(today, today)
            month = await charges.spent(today.replace(day=1), today)
        return Decimal(day) / MICRO, Decimal(month) / MICRO
