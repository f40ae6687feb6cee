"""Budgets: what a month may cost the bot and each server, and how that is made to last.

The order in which things stop is: polling and what is dear (exports, whole pages), then people's
single commands. A server's budget stops the first at 100 %, the last at 110 %. The whole bot's
budget is never passed: it stops the first at 95 %, and everything at 100 %.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.domain.money import in_micro_usd
from bot.money.spent_this_month import Spending
from bot.x.prices import Bill
from storage.database import Database
from storage.guilds import Guilds

WHOLE_BOT = 0
_WARNED_AT = 0.8
# Percent of the whole bot's budget that polling and dear things leave to people's commands, and of
# a server's budget that those may go beyond it.
_KEPT = 5
_BEYOND = 10


@dataclass(frozen=True, slots=True)
class BudgetBalance:
    """How much of a month's budget is spent; `kept_micro_usd` of it are not for polling."""

    budget_micro_usd: int
    spent_micro_usd: int
    now: datetime
    month_ends_at: datetime
    kept_micro_usd: int = 0

    @property
    def used(self) -> float:
        """Return the share of the budget that is spent: 0 is nothing, 1 is all."""
        if self.budget_micro_usd <= 0:
            return 1.0
        return self.spent_micro_usd / self.budget_micro_usd

    @property
    def is_nearly_spent(self) -> bool:
        return self.used >= _WARNED_AT

    @property
    def left_micro_usd(self) -> int:
        """Return what polling may still spend this month."""
        return max(0, self.budget_micro_usd - self.kept_micro_usd - self.spent_micro_usd)

    @property
    def pace_micro_usd_s(self) -> float | None:
        """Return how much polling may spend a second for what is left to last the month.

        None is no limit, which is so until the budget is nearly spent.
        """
        if not self.is_nearly_spent:
            return None
        return self.left_micro_usd / max(1.0, (self.month_ends_at - self.now).total_seconds())


def whole_line(budget_micro_usd: int, bill: Bill) -> int:
    """Return what the bot's spending may come to with this bill."""
    return budget_micro_usd - (_kept(budget_micro_usd) if _goes_first(bill) else 0)


def guild_line(budget_micro_usd: int, bill: Bill) -> int:
    """Return what a server's spending may come to with this bill."""
    beyond = 0 if _goes_first(bill) else budget_micro_usd * _BEYOND // 100
    return budget_micro_usd + beyond


def month_end(now: datetime) -> datetime:
    """Return the first moment of the next month."""
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


def _goes_first(bill: Bill) -> bool:
    return bill.is_polling or bill.dear


def _kept(budget_micro_usd: int) -> int:
    return -(-budget_micro_usd * _KEPT // 100)


class Budgets:
    """Reads how budgets stand, with what all processes spent."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], budget_usd: Decimal | None
    ) -> None:
        self._database = database
        self._now = now
        self._budget = None if budget_usd is None else in_micro_usd(budget_usd)
        self._spending = Spending(now)

    async def balances(self, guild_ids: Collection[int]) -> Mapping[int, BudgetBalance]:
        """Return the balance of those guilds that have a budget, and the bot's own as 0."""
        async with self._database.reading() as session:
            budgets = await Guilds(session).budgets(guild_ids)
            if self._budget is None and not budgets:
                return {}
            spent = await self._spending.by_guild(session)
        now = self._now()
        ends = month_end(now)
        found = {
            guild_id: BudgetBalance(budget, spent[guild_id], now, ends)
            for guild_id, budget in budgets.items()
        }
        if self._budget is not None:
            kept = _kept(self._budget)
            found[WHOLE_BOT] = BudgetBalance(self._budget, spent.total(), now, ends, kept)
        return found
