"""Notices when a channel is closed to the bot or opened again, by what Discord tells of it."""

import asyncio
import logging
from collections.abc import Mapping

import aiohttp
import discord

from bot.chat.answers.channels import find_trouble
from bot.domain.troubles import DeliveryTrouble
from bot.watching.shut_channels import ShutChannelService

logger = logging.getLogger(__name__)

AGAIN_S = 60.0
"""How long until channels are looked at again of which Discord told nothing."""

_GUILDS_AT_ONCE = 5


class ShutChannelCheck:
    """Looks at all channels of a guild in which something is announced, one look at a time."""

    def __init__(
        self, client: discord.Client, service: ShutChannelService, *, again_s: float = AGAIN_S
    ) -> None:
        self._client = client
        self._service = service
        self._again_s = again_s
        self._looking: dict[int, asyncio.Task[None]] = {}
        self._again: set[int] = set()
        self._slots = asyncio.Semaphore(_GUILDS_AT_ONCE)

    def look(self, guild_id: int) -> None:
        """Look beside everything else; what happens meanwhile is looked at once more."""
        if guild_id in self._looking:
            self._again.add(guild_id)
            return
        task = asyncio.create_task(self._look(guild_id), name=f"channels-{guild_id}")
        self._looking[guild_id] = task
        task.add_done_callback(lambda _: self._looking.pop(guild_id, None))

    async def note(self, channel_id: int, trouble: DeliveryTrouble) -> None:
        """Note what an event says of a channel; where nothing is announced, it does no harm."""
        await self._service.found({channel_id: trouble})

    async def close(self) -> None:
        tasks = tuple(self._looking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self, guild_id: int) -> None:
        self._again.add(guild_id)
        while guild_id in self._again:
            self._again.discard(guild_id)
            try:
                async with self._slots:
                    found = await self._find(await self._service.watched(guild_id))
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                logger.warning("Discord tells nothing of channels: %s", type(error).__name__)
                await asyncio.sleep(self._again_s)
                self._again.add(guild_id)
                continue
            if found:
                await self._service.found(found)

    async def _find(
        self, known: Mapping[int, DeliveryTrouble | None]
    ) -> dict[int, DeliveryTrouble | None]:
        """Return how each channel is now, where that has changed."""
        found = {}
        for channel_id, before in known.items():
            if before is DeliveryTrouble.THREAD_ARCHIVED and self._is_archived(channel_id):
                continue
            now = await find_trouble(self._client, channel_id)
            if now is not before:
                found[channel_id] = now
        return found

    def _is_archived(self, channel_id: int) -> bool:
        """Return whether it is not among the open threads, which are those that are known."""
        return self._client.get_channel(channel_id) is None
