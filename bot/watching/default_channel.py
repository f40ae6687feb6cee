"""Where a guild's watches are announced."""

from bot.domain.errors import NoChannel
from storage.database import Database
from storage.guilds import Guilds


async def chosen_channel(database: Database, guild_id: int) -> int:
    """Return the channel that the guild chose for announcements; raise NoChannel without one."""
    async with database.reading() as session:
        guild = await Guilds(session).get(guild_id)
    if guild.channel_id is None:
        raise NoChannel
    return guild.channel_id
