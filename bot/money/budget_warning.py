"""Telling a server, once a month, that its budget is nearly spent."""

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.money import in_usd
from bot.domain.notices import BudgetWarning
from bot.domain.stored_notices import stored_notice
from bot.money.budgets import BudgetBalance, month_end
from bot.money.spent_this_month import Spending
from storage.announcements import Announcements
from storage.guilds import Guilds
from storage.new_announcements import about_guild


async def warn_when_nearly_spent(
    session: AsyncSession, spending: Spending, guild_ids: Collection[int], now: datetime
) -> None:
    """Announce to each of these guilds whose budget is nearly spent that it is.

    It is told where the guild has its announcements, and hangs on one of its watches: a guild
    that watches nothing is told as soon as it does.
    """
    month = now.date().replace(day=1)
    budgets = await Guilds(session).unwarned(guild_ids, month)
    if not budgets:
        return
    spent = await spending.by_guild(session)
    for guild_id, budget in budgets.items():
        balance = BudgetBalance(budget, spent[guild_id], now, month_end(now))
        # Of what is spent altogether, the round of troubles tells.
        if balance.is_nearly_spent and not balance.is_spent:
            await _warn(session, guild_id, balance, month)


async def _warn(session: AsyncSession, guild_id: int, balance: BudgetBalance, month: date) -> None:
    guilds = Guilds(session)
    watch = await guilds.active_watch(guild_id)
    if watch is None or not await guilds.warn(guild_id, month):
        return
    chosen = (await guilds.get(guild_id)).channel_id
    warning = stored_notice(
        BudgetWarning(in_usd(balance.spent_micro_usd), in_usd(balance.budget_micro_usd))
    )
    notice = about_guild(watch, chosen or watch.channel_id, *warning, balance.now)
    await Announcements(session).add([notice])
