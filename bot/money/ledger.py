"""What X charges: booked by its published rules, and held against the budgets beforehand."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from datetime import date, datetime
from decimal import Decimal

from bot.domain.errors import BudgetNearlySpent, BudgetSpent, GuildBudgetSpent
from bot.domain.money import MICRO
from bot.money.budget_warning import warn_when_nearly_spent
from bot.money.budgets import guild_line, whole_line
from bot.money.spent_this_month import Spending
from bot.x.prices import MICRO_USD, NOBODY, Bill, Billed, Prices, Resource, Share
from storage.charges import Charges
from storage.database import Database
from storage.guilds import Guilds
from storage.upsert import Row

_NOBODY = frozenset({0})


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
        self._spending = Spending(now)
        self._month = (date.min, 0)
        self._held: Counter[int] = Counter()
        self._releases = 0
        # Whether there is money and that it is taken is one decision.
        self._deciding = asyncio.Lock()

    @property
    def month_usd(self) -> float:
        """US dollars of this month, when it was last looked at."""
        return self._known() / MICRO

    def _known(self) -> int:
        month, micro_usd = self._month
        return micro_usd if month == self._now().date().replace(day=1) else 0

    def _know(self, micro_usd: int) -> None:
        self._month = (self._now().date().replace(day=1), micro_usd)

    async def price(self, resource: Resource, ids: Collection[int]) -> int:
        """Return the micro-USD of reading these now: what was paid today is free."""
        async with self._database.reading() as session:
            paid = await Charges(session).paid(self._now().date(), resource, ids)
        return len(set(ids) - paid) * self.prices[resource]

    async def refresh(self) -> Counter[int]:
        """Read the micro-USD of this month that all processes spent, by guild."""
        async with self._database.reading() as session:
            spent = await self._spending.by_guild(session)
        self._know(spent.total())
        return spent

    @asynccontextmanager
    async def hold(self, micro_usd: int, bill: Bill = NOBODY) -> AsyncIterator[None]:
        """Keep money aside for a request while it runs.

        Raise BudgetSpent or GuildBudgetSpent if it is not there. A post that several guilds watch
        is read as long as one of them can pay.
        """
        parts = _parts(micro_usd, bill.guild_ids or _NOBODY)
        async with self._deciding:
            if micro_usd:
                await self._afford(parts, bill)
            self._held.update(parts)
        try:
            yield
        finally:
            self._held.subtract(parts)
            self._releases += 1

    async def _afford(self, parts: Counter[int], bill: Bill) -> None:
        budgets = await self._budgets(bill.guild_ids)
        if self.budget_usd is None and not budgets:
            return
        spent = await self._committed()
        spent.update(parts)
        if self.budget_usd is not None:
            _check_whole(spent.total(), int(self.budget_usd * MICRO), bill)
        if (
            budgets
            and budgets.keys() == bill.guild_ids
            and all(
                spent[guild_id] > guild_line(budget, bill) for guild_id, budget in budgets.items()
            )
        ):
            raise GuildBudgetSpent

    async def _budgets(self, guild_ids: Collection[int]) -> dict[int, int]:
        if not guild_ids:
            return {}
        async with self._database.reading() as session:
            return await Guilds(session).budgets(guild_ids)

    async def _committed(self) -> Counter[int]:
        """Return what is spent or held; what moves from one to the other meanwhile is in it."""
        while True:
            releases = self._releases
            spent = await self.refresh()
            if releases == self._releases:
                return spent + self._held

    async def left(self, bill: Bill = NOBODY) -> Decimal | None:
        """Return the US dollars that the budgets leave for such a bill, or None without any."""
        budgets = await self._budgets(bill.guild_ids)
        spent = await self._committed()
        left = [guild_line(budget, bill) - spent[guild] for guild, budget in budgets.items()]
        if self.budget_usd is not None:
            left.append(whole_line(int(self.budget_usd * MICRO), bill) - spent.total())
        return Decimal(max(0, min(left))) / MICRO if left else None

    async def book(self, bill: Bill, charged: Collection[Billed]) -> None:
        """Write down what an answer costs, and who pays; warn whose budget that nearly spends."""
        charged = [item for item in charged if item.times or item.ids]
        if not charged:
            return
        today = self._now().date()
        sums = Sums()
        async with self._database.transaction() as session:
            charges = Charges(session)
            for item in charged:
                sums.add(item.resource, await self._shares(charges, today, bill, item))
            if rows := sums.rows(today, bill.purpose):
                await charges.add(rows)
                await warn_when_nearly_spent(session, self._spending, sums.guild_ids, self._now())
        self._know(self._known() + sums.micro_usd)

    async def _shares(self, charges: Charges, day: date, bill: Bill, item: Billed) -> list[Share]:
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

    @property
    def guild_ids(self) -> frozenset[int]:
        return frozenset(guild_id for guild_id, _, _ in self._micro_usd if guild_id)

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


def _parts(micro_usd: int, guild_ids: frozenset[int]) -> Counter[int]:
    """Return what comes upon each guild if they share it."""
    each, left = divmod(micro_usd, len(guild_ids))
    parts = Counter(dict.fromkeys(guild_ids, each))
    parts[min(guild_ids)] += left
    return parts


def _check_whole(committed: int, budget: int, bill: Bill) -> None:
    if committed > budget:
        raise BudgetSpent
    if committed > whole_line(budget, bill):
        raise BudgetNearlySpent
