"""The servers for which the commands were registered on their own."""

from storage.command_scopes import CommandScopes
from storage.database import Database


class CommandScopeService:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, guild_id: int) -> None:
        """Note that a server has, or is about to have, commands of its own."""
        async with self._database.transaction() as session:
            await CommandScopes(session).add(guild_id)

    async def others(self, guild_id: int | None) -> tuple[int, ...]:
        """Return the servers that have commands of their own, but for this one."""
        async with self._database.reading() as session:
            known = await CommandScopes(session).all()
        return tuple(known_id for known_id in known if known_id != guild_id)

    async def forget(self, guild_id: int) -> None:
        """Note that a server has none any more."""
        async with self._database.transaction() as session:
            await CommandScopes(session).remove(guild_id)
