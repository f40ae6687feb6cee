"""Guilds' settings."""

from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Guild


class Guilds:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, guild_id: int) -> Guild:
        """Return the guild's settings; a guild that never chose anything has the defaults."""
        return await self._session.get(Guild, guild_id) or Guild(id=guild_id)

    async def save(self, guild: Guild) -> None:
        self._session.add(guild)
        await self._session.flush()
