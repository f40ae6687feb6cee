"""Telling a server, once, of what keeps it from being told anything else."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.money import in_usd
from bot.domain.notices import BotBudgetSpent, Notice, ServerBudgetSpent
from bot.domain.stored_notices import stored_notice
from bot.domain.troubles import TroubleKind
from bot.money.budgets import WHOLE_BOT, BudgetBalance, Budgets
from storage.announcements import Announcements
from storage.database import Database
from storage.guilds import Guilds
from storage.new_announcements import about_guild
from storage.told_troubles import ToldTroubles, TroubleKey

Troubles = Mapping[TroubleKey, Notice]


class TroublesRound:
    """Compares what is wrong with what was told, and tells the difference.

    That a trouble is told and its announcement are written together: both, or neither. What is over
    is forgotten, so that it is told again should it come again.
    """

    def __init__(self, database: Database, budgets: Budgets, now: Callable[[], datetime]) -> None:
        self._database = database
        self._budgets = budgets
        self._now = now

    async def run_once(self) -> int:
        """Tell what is new; return how many announcements that makes."""
        async with self._database.reading() as session:
            told = await ToldTroubles(session).all()
            found = await self._find(session, told)
        if found.keys() == told:
            return 0
        async with self._database.transaction() as session:
            # What was found may have changed until now.
            told = await ToldTroubles(session).all()
            found = await self._find(session, told)
            await ToldTroubles(session).end(told - found.keys())
            new = [key for key in found if key not in told]
            return sum([await self._tell(session, key, found[key]) for key in new])

    async def _tell(self, session: AsyncSession, key: TroubleKey, notice: Notice) -> bool:
        now, guilds = self._now(), Guilds(session)
        watch = await guilds.active_watch(key.guild_id, now)
        if watch is None or not await ToldTroubles(session).begin(key, now):
            return False
        channel_id = (await guilds.get(key.guild_id)).channel_id or watch.channel_id
        row = about_guild(watch, channel_id, *stored_notice(notice), now)
        await Announcements(session).add([row])
        return True

    async def _find(self, session: AsyncSession, told: frozenset[TroubleKey]) -> Troubles:
        """Return what is wrong where something is watched, or was told of."""
        guilds = await Guilds(session).watching(self._now())
        return await self._spent_budgets(session, guilds | {key.guild_id for key in told})

    async def _spent_budgets(self, session: AsyncSession, guild_ids: frozenset[int]) -> Troubles:
        budgets = await Guilds(session).budgets(guild_ids) if guild_ids else {}
        balances = await self._budgets.balances(session, budgets)
        found: dict[TroubleKey, Notice] = {}
        for payer, balance in balances.items():
            if not balance.is_spent:
                continue
            if payer == WHOLE_BOT:
                keys = [TroubleKey(guild_id, TroubleKind.BOT_BUDGET) for guild_id in guild_ids]
                found |= dict.fromkeys(keys, BotBudgetSpent())
            else:
                found[TroubleKey(payer, TroubleKind.SERVER_BUDGET)] = _server_budget_spent(balance)
        return found


def _server_budget_spent(balance: BudgetBalance) -> ServerBudgetSpent:
    return ServerBudgetSpent(in_usd(balance.spent_micro_usd), in_usd(balance.budget_micro_usd))
