"""Guilds that have commands of their own."""

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import CommandScope
from storage.upsert import insert_new


class CommandScopes:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, guild_id: int) -> None:
        await insert_new(self._session, CommandScope, [{"guild_id": guild_id}], "guild_id")

    async def all(self) -> list[int]:
        query = select(CommandScope.guild_id).order_by(col(CommandScope.guild_id))
        return list(await self._session.exec(query))

    async def remove(self, guild_id: int) -> None:
        await self._session.exec(delete(CommandScope).where(col(CommandScope.guild_id) == guild_id))
