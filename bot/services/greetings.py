"""Which servers were greeted: each is, once."""

from collections.abc import Callable
from datetime import datetime

from storage.database import Database
from storage.guilds import Guilds


class GreetingService:
    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def begin(self, guild_id: int) -> bool:
        """Note that a guild is greeted; return False where it was before, by any process."""
        async with self._database.transaction() as session:
            return await Guilds(session).greet(guild_id, self._now())

    async def take_back(self, guild_id: int) -> None:
        """Note that the greeting did not arrive: the next time that the bot joins, it is sent."""
        async with self._database.transaction() as session:
            await Guilds(session).ungreet(guild_id)
