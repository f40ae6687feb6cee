"""Channels that are gone or closed to the bot: their watches pause, and go on when it is mended."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.troubles import DeliveryTrouble
from storage.database import Database
from storage.shut_channels import ShutChannels

Troubles = Mapping[int, DeliveryTrouble | None]


class ShutChannelService:
    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def watched(self, guild_id: int) -> Troubles:
        """Return the channels that a guild's watches announce in, and what shuts each."""
        async with self._database.reading() as session:
            channels = ShutChannels(session)
            watched = await channels.watched_in(guild_id)
            shut = await channels.some(watched)
        return {
            channel: DeliveryTrouble(shut[channel]) if channel in shut else None
            for channel in watched
        }

    async def found(self, troubles: Troubles) -> None:
        """Note how channels are now: pause what announces where it cannot, and go on elsewhere."""
        now = self._now()
        async with self._database.transaction() as session:
            channels = ShutChannels(session)
            await channels.reopen([one for one, why in troubles.items() if why is None], now)
            watched = await channels.watched_among(troubles)
            # In one order everywhere, so that no two deadlock.
            for channel_id, why in sorted(troubles.items()):
                if why is not None and channel_id in watched:
                    await channels.shut(channel_id, why, now)
