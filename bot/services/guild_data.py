"""Deleting all that is stored of a server: at a manager's wish, or days after the bot has left."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.domain.retention import LEFT_GUILD_KEPT
from storage.database import Database
from storage.erasing import let_others_write
from storage.guild_data import GuildData

# So much is deleted in one transaction: others write between two of them.
_AT_ONCE = 500


class GuildDataService:
    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def delete(self, guild_id: int) -> None:
        """Delete all of a server, at once; what was liked for and told in it goes first.

        What it watches goes last: a delete that breaks off can be begun again from what is left.
        """
        await self._delete(guild_id, only_if_left=False)
        await self._database.scrub()

    async def delete_left(self) -> int:
        """Delete the servers that the bot left days ago; return how many."""
        async with self._database.reading() as session:
            left = await GuildData(session).left_before(self._now() - LEFT_GUILD_KEPT)
        for guild_id in left:
            await self._delete(guild_id, only_if_left=True)
        return len(left)

    async def _delete(self, guild_id: int, *, only_if_left: bool) -> None:
        async def some(delete: Callable[[GuildData], Awaitable[int | None]]) -> bool:
            """Delete some in a transaction of its own; say whether there may be more."""
            async with self._database.transaction() as session:
                data = GuildData(session)
                if only_if_left and not await data.has_left(guild_id):
                    return False  # the bot is back
                return await delete(data) == _AT_ONCE

        today = self._now().date()
        while await some(lambda data: data.some_messages(guild_id, _AT_ONCE)):
            await let_others_write()
        while await some(lambda data: data.some_actions(guild_id, _AT_ONCE)):
            await let_others_write()
        await some(lambda data: data.rest(guild_id, today))
