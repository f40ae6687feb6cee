"""Budgets: what a month may cost the bot and each server, and how that is made to last.

The order in which things stop is: look-ups and exports, then polling, then all else that people
ask for, such as likes. A server's budget stops polling, a little before it the first, and a little
beyond it the last. The whole bot's budget is never passed: a little before it, it stops polling.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.budget_shares import LIKES_OF_A_SERVER, LOOKUPS, NEARLY_SPENT, POLLING_OF_THE_BOT
from bot.domain.money import in_micro_usd, in_usd
from bot.domain.usage import MonthSoFar
from bot.money.spent_this_month import Spending
from bot.x.prices import MICRO_USD, Bill, Prices, Resource
from storage.guilds import Guilds

WHOLE_BOT = 0


@dataclass(frozen=True, slots=True)
class BudgetBalance:
    """How much of a month's budget is spent; `kept_micro_usd` of it are not for polling.

    The least that polling has to pay to see who likes a post is `least_micro_usd`.
    """

    budget_micro_usd: int
    spent_micro_usd: int
    now: datetime
    month_ends_at: datetime
    kept_micro_usd: int = 0
    least_micro_usd: int = 1

    @property
    def used(self) -> float:
        """Return the share of the budget that is spent: 0 is nothing, 1 is all."""
        if self.budget_micro_usd <= 0:
            return 1.0
        return self.spent_micro_usd / self.budget_micro_usd

    @property
    def is_nearly_spent(self) -> bool:
        return self.used >= NEARLY_SPENT / 100

    @property
    def left_micro_usd(self) -> int:
        """Return what polling may still spend this month."""
        return max(0, self.budget_micro_usd - self.kept_micro_usd - self.spent_micro_usd)

    @property
    def is_spent(self) -> bool:
        """Return whether polling stands still, because what is left pays for nothing."""
        return self.left_micro_usd < self.least_micro_usd

    def pays(self, micro_usd: int) -> bool:
        """Say whether polling may spend so much before the month ends."""
        return not self.is_spent and micro_usd <= self.left_micro_usd

    @property
    def pace_micro_usd_s(self) -> float | None:
        """Return how much polling may spend a second for what is left to last the month.

        None is no limit, which is so until the budget is nearly spent.
        """
        if not self.is_nearly_spent:
            return None
        return self.left_micro_usd / max(1.0, (self.month_ends_at - self.now).total_seconds())


Balances = Mapping[int, BudgetBalance]
"""How budgets stand, by the guild; the whole bot's is that of guild 0."""


@dataclass(frozen=True, slots=True)
class ThisMonth:
    """How a guild stands this month, what all have spent, and each budget that was asked about."""

    month: MonthSoFar
    whole_usd: Decimal
    balances: Balances


def whole_line(budget_micro_usd: int, bill: Bill) -> int:
    """Return what the bot's spending may come to with this bill."""
    percent = LOOKUPS if bill.lookup else POLLING_OF_THE_BOT if bill.is_polling else 100
    return budget_micro_usd * percent // 100


def guild_line(budget_micro_usd: int, bill: Bill) -> int:
    """Return what a server's spending may come to with this bill."""
    percent = LOOKUPS if bill.lookup else 100 if bill.is_polling else LIKES_OF_A_SERVER
    return budget_micro_usd * percent // 100


def month_end(now: datetime) -> datetime:
    """Return the first moment of the next month."""
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


def _kept(budget_micro_usd: int) -> int:
    return budget_micro_usd - budget_micro_usd * POLLING_OF_THE_BOT // 100


class Budgets:
    """Reads how budgets stand, with what all processes spent."""

    def __init__(
        self,
        now: Callable[[], datetime],
        budget_usd: Decimal | None,
        prices: Prices = MICRO_USD,
    ) -> None:
        self._now = now
        self._budget = None if budget_usd is None else in_micro_usd(budget_usd)
        self._spending = Spending(now)
        # The shortest list that shows whether somebody is new: a new liker, and a known one.
        self._least = max(1, 2 * prices[Resource.USER_READ])

    async def balances(self, session: AsyncSession, budgets: Mapping[int, int]) -> Balances:
        """Return how much is spent of these guilds' budgets (micro-USD), and of the bot's as 0."""
        if self._budget is None and not budgets:
            return {}
        return self._balances(budgets, await self._spending.by_guild(session))

    async def month_of(self, session: AsyncSession, guild_id: int) -> MonthSoFar:
        """Return what a guild has spent this month, and whether a budget stops what it watches."""
        budgets = await Guilds(session).budgets([guild_id])
        return (await self.this_month(session, guild_id, budgets)).month

    async def this_month(
        self, session: AsyncSession, guild_id: int, budgets: Mapping[int, int]
    ) -> ThisMonth:
        """Return how a guild and the whole bot stand, where the `budgets` are loaded already."""
        spent = await self._spending.by_guild(session)
        balances = self._balances(budgets, spent)
        own, whole = balances.get(guild_id), balances.get(WHOLE_BOT)
        month = MonthSoFar(
            spent_usd=in_usd(spent[guild_id]),
            ends_at=month_end(self._now()),
            budget_usd=in_usd(budgets[guild_id]) if guild_id in budgets else None,
            server_is_paused=own is not None and own.is_spent,
            bot_is_paused=whole is not None and whole.is_spent,
        )
        return ThisMonth(month, in_usd(spent.total()), balances)

    def _balances(self, budgets: Mapping[int, int], spent: Mapping[int, int]) -> Balances:
        now = self._now()
        ends = month_end(now)
        found = {
            guild_id: BudgetBalance(budget, spent.get(guild_id, 0), now, ends, 0, self._least)
            for guild_id, budget in budgets.items()
        }
        if self._budget is not None:
            kept, whole = _kept(self._budget), sum(spent.values())
            found[WHOLE_BOT] = BudgetBalance(self._budget, whole, now, ends, kept, self._least)
        return found
