"""Where a server is told of troubles."""

from sqlmodel.ext.asyncio.session import AsyncSession

from storage.guilds import Guilds
from storage.shut_channels import ShutChannels


async def trouble_place(session: AsyncSession, guild_id: int, channel_id: int) -> int | None:
    """Return the channel for troubles, else that for announcements, else the one it is about.

    Those that are shut are passed over; None where all are.
    """
    settings = await Guilds(session).get(guild_id)
    places = (settings.alerts_channel_id, settings.channel_id, channel_id)
    open_ = [place for place in places if place is not None]
    shut = await ShutChannels(session).some(open_)
    return next((place for place in open_ if place not in shut), None)
