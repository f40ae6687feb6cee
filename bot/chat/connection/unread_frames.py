"""A frame of Discord's gateway that discord.py cannot bear costs its connection alone."""

import contextlib
import logging

import aiohttp
import discord
from discord.gateway import DiscordWebSocket

logger = logging.getLogger(__name__)

_MOST_TOLD = 10
_BROKEN = 4000  # a close code with which Discord keeps the session


class UnreadFrames:
    """Tells of each once, with the place."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def met(self, error: Exception) -> None:
        if (what := repr(error)) not in self._told and len(self._told) < _MOST_TOLD:
            self._told.add(what)
            logger.error("Discord's gateway sent what cannot be read", exc_info=error)


async def hang_up(connection: DiscordWebSocket) -> None:
    """Close it, so that nothing more comes over it; one that is closed stays so."""
    with contextlib.suppress(discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError):
        await connection.close(code=_BROKEN)
