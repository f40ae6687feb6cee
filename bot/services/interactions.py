"""Which of several processes on one token answers an interaction: Discord sends it to each."""

import asyncio
import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from storage.database import Database
from storage.interaction_claims import InteractionClaims
from storage.lead import Lead

logger = logging.getLogger(__name__)

# The process that leads goes first: what a member has begun there goes on there.
LEAD_S = 0.3
# Within that it has told the others what it took on; by now its first signs are on their way.
_TOLD_AFTER_S = 0.05
# Discord waits for three seconds, and a member for one.
_LONGEST_S = 0.5
KEPT = timedelta(hours=1)
"""For how long it is known who took an interaction on; Discord forgets it after 15 minutes."""


class InteractionsService:
    """Claims interactions in the database: before they are answered, or soon after.

    The process that leads need not wait for its claims, for the others leave it the time to make
    them. Should it stand still for so long after all, Discord takes one first answer (40060).
    """

    def __init__(
        self,
        database: Database,
        lead: Lead,
        now: Callable[[], datetime],
        lead_s: float = LEAD_S,
    ) -> None:
        self._database = database
        self._lead = lead
        self._now = now
        self._lead_s = lead_s
        self._untold: set[int] = set()
        self._telling: asyncio.Task[None] | None = None

    async def take(self, interaction_id: int) -> bool:
        """Say whether an interaction is this process's to answer.

        It is for the process that leads, or else for whoever claims it first. While the database
        cannot be asked, it is for the process that led when it could.
        """
        if self._lead.held:
            self._tell_soon(interaction_id)
            return True
        await asyncio.sleep(self._lead_s)
        claimed = await self._claim([interaction_id])
        return self._lead.answers if claimed is None else interaction_id in claimed

    async def close(self) -> None:
        """Wait until the others have been told of everything."""
        if self._telling is not None:
            await self._telling

    def _tell_soon(self, interaction_id: int) -> None:
        self._untold.add(interaction_id)
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell_all())

    async def _tell_all(self) -> None:
        while self._untold:
            await asyncio.sleep(_TOLD_AFTER_S)
            told, self._untold = self._untold, set()
            await self._claim(told)

    async def _claim(self, ids: Collection[int]) -> frozenset[int] | None:
        """Return those that no process has claimed before; None: the database cannot be asked."""
        try:
            async with asyncio.timeout(_LONGEST_S), self._database.always() as session:
                return await InteractionClaims(session).claim(ids, self._now())
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody must answer
            logger.debug("interactions could not be claimed: %r", error)
            return None
