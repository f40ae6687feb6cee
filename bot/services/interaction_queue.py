"""Interactions that wait to be claimed: one statement at a time, for all that came meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import TypeAlias

_Claim: TypeAlias = Callable[[Collection[int]], Awaitable[frozenset[int] | None]]


class InteractionQueue:
    """A hundred at once take one connection, and not all that there are."""

    def __init__(self, claim: _Claim, pause_s: float = 0.0) -> None:
        """Each statement waits for others to join it for so long."""
        self._claim = claim
        self._pause_s = pause_s
        self._waiting: dict[int, asyncio.Future[bool | None]] = {}
        self._work: asyncio.Task[None] | None = None

    def put(self, interaction_id: int) -> asyncio.Future[bool | None]:
        """Return what becomes True if it is ours now, None where the database cannot be asked."""
        claimed = asyncio.get_running_loop().create_future()
        self._waiting[interaction_id] = claimed
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._claim_all())
        return claimed

    async def empty(self, within_s: float) -> None:
        """Wait until all are claimed, or could not be, but no longer."""
        if self._work is not None:
            await asyncio.wait([self._work], timeout=within_s)

    async def _claim_all(self) -> None:
        while self._waiting:
            await asyncio.sleep(self._pause_s)
            waiting, self._waiting = self._waiting, {}
            claimed = await self._claim(waiting)
            for interaction_id, future in waiting.items():
                future.set_result(None if claimed is None else interaction_id in claimed)
