"""Where a guild's watches are announced."""

from bot.domain.errors import NoChannel
from storage.models import Guild


def channel_of(guild: Guild, named: int | None) -> int:
    """Return the channel that was named, else the one that the guild chose; raise NoChannel."""
    channel_id = named or guild.channel_id
    if channel_id is None:
        raise NoChannel
    return channel_id
