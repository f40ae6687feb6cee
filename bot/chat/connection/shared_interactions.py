"""Takes of the interactions that several processes on one token hear of those that are ours."""

import asyncio
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from typing import Any, TypeAlias

from bot.chat.connection.held_here import HeldHere
from bot.services.interactions import InteractionsService

_Parsers: TypeAlias = MutableMapping[str, Callable[[Any], None]]
_INTERACTION = "INTERACTION_CREATE"
# Of the five seconds in which the bot promises to stop, what is just being claimed.
_GRACE_S = 0.2


class SharedInteractions:
    """Stands before what the library does with an interaction."""

    def __init__(
        self, parsers: _Parsers, interactions: InteractionsService, held_here: HeldHere
    ) -> None:
        self._interactions = interactions
        self._held_here = held_here
        self._take = parsers[_INTERACTION]
        self._asking: set[asyncio.Task[None]] = set()
        self._is_over = False
        parsers[_INTERACTION] = self._heard

    def _heard(self, data: Any) -> None:  # noqa: ANN401 -- discord.py's own
        if self._is_over:
            return
        task = asyncio.create_task(self._take_or_leave(data))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _take_or_leave(self, data: Any) -> None:  # noqa: ANN401 -- discord.py's own
        held = self._held_here(data)
        if await self._interactions.take(int(data["id"]), is_held_here=held):
            self._take(data)

    async def finish(self) -> None:
        """Take on no more; who has an answer from the database by now is heard."""
        self._is_over = True
        if self._asking:
            await asyncio.wait(self._asking, timeout=_GRACE_S)

    async def close(self, grace_s: float) -> None:
        """Break off what is still being claimed, and tell the others of what was answered here."""
        for task in self._asking:
            task.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(grace_s):
                await self._interactions.close()
