"""Guilds' settings."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Guild, Watch
from storage.told_watches import is_active


class Guilds:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, guild_id: int) -> Guild:
        """Return the guild's settings; a guild that never chose anything has the defaults."""
        return await self._session.get(Guild, guild_id) or Guild(id=guild_id)

    async def budgets(self, guild_ids: Collection[int]) -> dict[int, int]:
        """Return the micro-USD a month of those guilds that have a budget."""
        query = select(Guild.id, Guild.budget_micro_usd).where(
            col(Guild.id).in_(set(guild_ids)), col(Guild.budget_micro_usd).is_not(None)
        )
        found = await self._session.exec(query)
        return {guild_id: budget for guild_id, budget in found if budget is not None}

    async def watching(self, now: datetime) -> frozenset[int]:
        """Return the guilds for which X is asked now."""
        return frozenset(
            await self._session.exec(select(Watch.guild_id).where(*is_active(now)).distinct())
        )

    async def unwarned(self, guild_ids: Collection[int], month: date) -> dict[int, int]:
        """Return the budgets of those guilds that were not warned in this month."""
        query = select(Guild.id, Guild.budget_micro_usd).where(
            col(Guild.id).in_(set(guild_ids)),
            col(Guild.budget_micro_usd).is_not(None),
            _not_warned(month),
        )
        found = await self._session.exec(query)
        return {guild_id: budget for guild_id, budget in found if budget is not None}

    async def warn(self, guild_id: int, month: date) -> bool:
        """Note that a guild is warned; return False when another process was first."""
        result = await self._session.exec(
            update(Guild)
            .where(col(Guild.id) == guild_id, _not_warned(month))
            .values(budget_warned=month)
        )
        return result.rowcount > 0

    async def active_watch(self, guild_id: int, now: datetime) -> Watch | None:
        """Return the watch of a guild that news for all of it can hang on: the oldest."""
        query = (
            select(Watch)
            .where(col(Watch.guild_id) == guild_id, *is_active(now))
            .order_by(col(Watch.id))
            .limit(1)
        )
        return (await self._session.exec(query)).first()

    async def save(self, guild: Guild) -> None:
        self._session.add(guild)
        await self._session.flush()


def _not_warned(month: date) -> ColumnElement[bool]:
    return (col(Guild.budget_warned).is_(None)) | (col(Guild.budget_warned) < month)
