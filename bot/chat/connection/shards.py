"""Shards that come back soon: discord.py's own pause grows to a quarter of an hour.

While one shard sits its pause out, discord.py connects no other.
"""

import asyncio
import logging
from collections.abc import Callable
from errno import ECONNRESET

import discord.shard
from discord.errors import ConnectionClosed, PrivilegedIntentsRequired
from discord.gateway import DiscordWebSocket
from discord.shard import EventItem, EventType, Shard
from yarl import URL

from bot.chat.connection.gateway_pause import until_worth_a_try
from bot.chat.connection.unread_frames import UnreadFrames, hang_up

logger = logging.getLogger(__name__)

_RESET = (ECONNRESET, 54, 10054)  # on Linux, on a Mac, on Windows
_CLEANLY = 1000
# A shard that was there for so long begins with the shortest pause again.
_WAS_THERE_S = 120.0
_FIRST_PAUSE_S = 1.0


class PatientShard(Shard):
    """Waits beside the others, and no longer than until Discord is back."""

    _pausing: asyncio.Task[None] | None = None
    _pause_s = _FIRST_PAUSE_S
    _launched_at = 0.0

    def __init__(
        self,
        ws: DiscordWebSocket,
        client: discord.AutoShardedClient,
        queue_put: Callable[[EventItem], None],
    ) -> None:
        super().__init__(ws, client, self._put)
        self._tell_client = queue_put
        self._unread = UnreadFrames()

    def launch(self) -> None:
        self._launched_at = asyncio.get_running_loop().time()
        super().launch()

    async def close(self) -> None:
        if self._pausing is not None:
            self._pausing.cancel()
        await super().close()

    def _put(self, item: EventItem) -> None:
        """Have the client look at it: it would end them all for a frame that one cannot read."""
        match item:
            case EventItem(type=EventType.terminate, error=Exception() as error) if not isinstance(
                error, PrivilegedIntentsRequired
            ):
                self._unread.met(error)
                self._lost(error, is_there=True)
            case _:
                self._tell_client(item)

    async def _handle_disconnect(self, error: Exception) -> None:
        if self._is_decided(error):
            await super()._handle_disconnect(error)
        else:
            self._lost(error)

    def _is_decided(self, error: Exception) -> bool:
        """Say whether discord.py goes on at once, or not at all."""
        if not self._reconnect or self._client.is_closed():
            return True
        if isinstance(error, ConnectionClosed):
            return error.code != _CLEANLY
        return isinstance(error, OSError) and error.errno in _RESET

    def _lost(self, error: Exception, *, is_there: bool = False) -> None:
        """Come back after a pause, from a connection that perhaps `is_there` still."""
        self._dispatch("disconnect")
        self._dispatch("shard_disconnect", self.id)
        if self._pausing is not None and not self._pausing.done():
            return  # it comes back once, and knows since when Discord is away
        now = asyncio.get_running_loop().time()
        was_there = self._launched_at and now - self._launched_at >= _WAS_THERE_S
        pause_s = _FIRST_PAUSE_S if was_there else self._pause_s
        # What until_worth_a_try makes of it has an end.
        self._pause_s = 2 * pause_s
        told = "shard %s lost Discord's gateway; it is tried again"
        logger.warning(told, self.id, exc_info=error)
        self._pausing = asyncio.create_task(self._come_back(error, pause_s, is_there=is_there))

    async def _come_back(self, error: Exception, pause_s: float, *, is_there: bool) -> None:
        if is_there:
            await hang_up(self.ws)
        if await until_worth_a_try(pause_s):
            self._pause_s = _FIRST_PAUSE_S  # its gateway may need some moments more
        self._tell_client(EventItem(EventType.reconnect, self, error))


class _TryAgain(Exception):
    """A shard could not be launched."""


class PatientLaunches(discord.AutoShardedClient):
    """Launches a shard however often Discord's gateway is away, and closes whenever it is to.

    discord.py tries again from within the try that failed: after a thousand times, which is an
    hour and a half, Python lets it go no deeper.
    """

    _is_launching = False

    async def close(self) -> None:
        if not hasattr(self.loop, "create_task"):
            # It has not logged in yet, and discord.py closes what it makes only then.
            await self._async_setup_hook()
        await super().close()

    async def launch_shard(self, gateway: URL, shard_id: int, *, initial: bool = False) -> None:
        if self._is_launching:
            raise _TryAgain
        self._is_launching = True
        try:
            while True:
                try:
                    await super().launch_shard(gateway, shard_id, initial=initial)
                except _TryAgain:
                    initial = False
                else:
                    return
        finally:
            self._is_launching = False


def use_patient_shards() -> None:
    """Have discord.py make its shards of this class: it offers no other way to choose one."""
    discord.shard.Shard = PatientShard  # type: ignore[misc]
