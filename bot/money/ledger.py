"""What X charges: booked by its published rules, and held against the budgets beforehand."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.errors import (
    BudgetNearlySpent,
    BudgetSpent,
    GuildBudgetNearlySpent,
    GuildBudgetSpent,
)
from bot.domain.money import MICRO
from bot.money.budget_warning import warn_when_nearly_spent
from bot.money.budgets import guild_line, whole_line
from bot.money.guest_budget import GuestBudget, Guests, no_guests
from bot.money.holds import Commitments, Held, Holds, HoldsOfOneProcess, SharedHolds
from bot.money.member_budget import MemberBudgets, MemberShare, member_of
from bot.money.spent_this_month import Spending
from bot.x.prices import MICRO_USD, NOBODY, Bill, Billed, Prices, Resource, Share, WorstCase
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
        guests: GuestBudget | None = None,
    ) -> None:
        self._database = database
        self._now = now
        self.budget_usd = budget_usd
        self.prices = prices
        self._guests = guests or no_guests(now)
        self._members = MemberBudgets(now)
        self._spending = Spending(now)
        self._month = (date.min, 0)
        self._holds: Holds = (
            HoldsOfOneProcess(self._spending)
            if database.is_sqlite
            else SharedHolds(database, self._spending, now)
        )
        self.deciding = asyncio.Lock()
        """Held while it is decided whether there is money, and until that is held."""

    @property
    def month_usd(self) -> float:
        """US dollars of this month, when it was last looked at."""
        return self._known() / MICRO

    def today(self) -> date:
        """Return the UTC day on which charges are booked now."""
        return self._now().date()

    def _known(self) -> int:
        month, micro_usd = self._month
        return micro_usd if month == self._now().date().replace(day=1) else 0

    def _know(self, micro_usd: int) -> None:
        self._month = (self._now().date().replace(day=1), micro_usd)

    async def refresh(self) -> Counter[int]:
        """Read the micro-USD of this month that all processes spent, by guild."""
        async with self._database.reading() as session:
            spent = await self._spending.by_guild(session)
        self._know(spent.total())
        return spent

    async def afford(self, session: AsyncSession, worst: WorstCase, bill: Bill) -> Held:
        """Return what is to be held for a request; raise what says that it cannot be paid.

        That is BudgetSpent, GuildBudgetSpent or MemberBudgetSpent. A post that several guilds watch
        is read as long as one of them can pay. Without a budget nothing is held.
        """
        # Before what is spent is read: what moves from one to the other meanwhile counts twice.
        held = self._holds.known_of(member_of(bill))
        budgets, guests = await self._payers(session, bill)
        has_guests = any(guild_id not in guests.home for guild_id in bill.guild_ids)
        share = await self._members.look(session, bill)
        if self.budget_usd is None and not budgets and not has_guests and share is None:
            return Held(budgets, bill)
        micro_usd = worst.micro_usd + await self._unpaid(session, worst)
        bill = guests.payable(bill, micro_usd, self._holds.known())
        if share is not None:
            share.require(micro_usd, held)
        if not micro_usd:
            return Held(budgets, bill)
        payers = _Payers(budgets, guests, share)
        return await self._keep(session, payers, bill, micro_usd)

    async def _keep(
        self, session: AsyncSession, payers: "_Payers", bill: Bill, micro_usd: int
    ) -> Held:
        """Keep money for those who were found to be able to pay, as far as they still are."""
        of_members = {} if payers.share is None else {member_of(bill): micro_usd}
        held = self._holds.new(Held(payers.budgets, bill, of_members=of_members))
        while True:
            parts = _parts(micro_usd, bill.guild_ids or _NOBODY)
            # Whoever cannot pay any more gives nothing.
            held = replace(held, bill=bill, parts={**dict.fromkeys(held.parts, 0), **parts})
            committed = await self._holds.keep(session, held)
            payable = payers.still_payable(bill, micro_usd, committed)
            if payable is bill:
                break
            bill = payable
        self._know(committed.spent.total())
        self._check(committed.by_guild, parts, bill, payers.budgets)
        return held

    def hold(self, held: Held) -> None:
        """Keep money aside while a request runs."""
        self._holds.hold(held)

    async def release(self, held: Held, *, booked: bool = False) -> None:
        """Keep it no longer; `booked` says that it was settled."""
        await self._holds.release(held, booked=booked)

    async def _payers(self, session: AsyncSession, bill: Bill) -> tuple[dict[int, int], Guests]:
        """Return the budgets of those who are to pay, and what guests among them may spend."""
        guild_ids = bill.guild_ids
        if not guild_ids:
            return {}, Guests((), 0)
        budgets, home = await Guilds(session).payers(guild_ids)
        return budgets, await self._guests.look_at(session, guild_ids, home)

    async def _unpaid(self, session: AsyncSession, worst: WorstCase) -> int:
        """Return the micro-USD of reading these now: what was paid today is free."""
        if not worst.ids:
            return 0
        paid = await Charges(session).paid(self._now().date(), worst.resource, worst.ids)
        return len(worst.ids - paid) * self.prices[worst.resource]

    def _check(
        self, spent: Counter[int], parts: Counter[int], bill: Bill, budgets: Mapping[int, int]
    ) -> None:
        """Raise what says that `parts` more is too much, or what is left is not for that."""
        if self.budget_usd is not None:
            budget = int(self.budget_usd * MICRO)
            _check_whole(spent.total(), parts.total(), budget, bill)
        if (
            budgets
            and budgets.keys() == bill.guild_ids
            and all(
                spent[guild_id] + parts[guild_id] > guild_line(budget, bill)
                for guild_id, budget in budgets.items()
            )
        ):
            is_left = any(spent[guild_id] < budget for guild_id, budget in budgets.items())
            raise GuildBudgetNearlySpent if bill.lookup and is_left else GuildBudgetSpent

    async def left(self, bill: Bill = NOBODY) -> Decimal | None:
        """Return the US dollars that the budgets leave for such a bill, or None without any."""
        async with self._database.reading() as session:
            budgets, guests = await self._payers(session, bill)
            share = await self._members.look(session, bill)
            committed = await self._holds.look(session, bill)
        spent = committed.by_guild
        self._know(committed.spent.total())
        left = [guild_line(budget, bill) - spent[guild] for guild, budget in budgets.items()]
        of_guests = [each for guild in bill.guild_ids if (each := guests.left(guild)) is not None]
        left += of_guests
        if share is not None:
            left.append(share.daily - share.spent - committed.member_held)
        # What all others together have spent is not a guest's to know.
        if self.budget_usd is not None and not of_guests:
            left.append(whole_line(int(self.budget_usd * MICRO), bill) - spent.total())
        return Decimal(max(0, min(left))) / MICRO if left else None

    async def settle(self, session: AsyncSession, held: Held, billed: Collection[Billed]) -> None:
        """Write down what the answer costs that money was held for."""
        await self.book(session, held.bill, billed, held.budgets)
        await self._holds.book(session, held)

    async def book(
        self,
        session: AsyncSession,
        bill: Bill,
        billed: Collection[Billed],
        budgets: Mapping[int, int],
    ) -> None:
        """Write down what an answer costs, and who pays.

        Warn those who have one of these `budgets`, if that nearly spends it.
        """
        today = self._now().date()
        charges, sums = Charges(session), Sums()
        for item in billed:
            if item.times or item.ids:
                sums.add(item.resource, await self._shares(charges, today, bill, item))
        if rows := sums.rows(today, bill.purpose):
            await charges.add(rows)
            if warned := sums.guild_ids & budgets.keys():
                await warn_when_nearly_spent(session, self._spending, warned, self._now())
            await self._members.book(session, bill, sums.micro_usd)
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


@dataclass(frozen=True, slots=True)
class _Payers:
    """Who is to pay for a request, and what they may spend."""

    budgets: Mapping[int, int]
    guests: Guests
    share: MemberShare | None

    def still_payable(self, bill: Bill, micro_usd: int, committed: Commitments) -> Bill:
        """Return the bill for those of it who can pay by now; raise what `afford` raises."""
        if committed.today is None:
            return bill
        if self.share is not None:
            now = replace(self.share, spent=committed.member_spent)
            now.require(micro_usd, committed.member_held)
        return replace(self.guests, spent=committed.today).payable(bill, micro_usd, committed.held)


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


def _check_whole(spent: int, more: int, budget: int, bill: Bill) -> None:
    if spent + more <= whole_line(budget, bill):
        return
    is_left = spent + more <= budget or (bill.lookup and spent < budget)
    raise BudgetNearlySpent if is_left else BudgetSpent
