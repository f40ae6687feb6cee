"""Which of several processes on one token answers an interaction: Discord sends it to each."""

import asyncio
import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from bot.services.interaction_queue import InteractionQueue
from storage.database import Database
from storage.interaction_claims import InteractionClaims
from storage.lead import Lead

logger = logging.getLogger(__name__)

# The process that leads goes first.
LEAD_S = 0.3
# And for longer the one in which a member has begun what goes on now.
HOLDER_S = 0.6
# Within that it has told the others what it took on; by now its first signs are on their way.
_TOLD_AFTER_S = 0.05
# Discord waits for three seconds, and a member for one.
_LONGEST_S = 0.5
# For so long who led may answer first, where no claim can be made.
DOUBT_S = 0.4
KEPT = timedelta(hours=1)
"""For how long it is known who took an interaction on; Discord forgets it after 15 minutes."""


class InteractionsService:
    """Claims interactions in the database: before they are answered, or soon after.

    The process that leads need not wait for its claims, for the others leave it the time to make
    them. Should it stand still for so long after all, Discord takes one first answer (40060), and
    nothing is done before it has taken that.
    """

    def __init__(
        self,
        database: Database,
        lead: Lead,
        now: Callable[[], datetime],
        lead_s: float = LEAD_S,
        *,
        holder_s: float = HOLDER_S,
        doubt_s: float = DOUBT_S,
    ) -> None:
        self._database = database
        self._lead = lead
        self._now = now
        self._lead_s = lead_s
        self._holder_s = holder_s
        self._doubt_s = doubt_s
        self._told = InteractionQueue(self._claim, _TOLD_AFTER_S)
        self._asked = InteractionQueue(self._claim)

    async def take(self, interaction_id: int, *, is_held_here: bool | None = None) -> bool:
        """Say whether an interaction is this process's to answer.

        It is for the process that holds what it goes on with (`is_held_here`; None: it goes on
        with nothing that one process holds), for the one that leads, or else for whoever claims it
        first. While the database cannot be asked, it is for the process that led when it could;
        and a moment later for any, for that one may be gone.
        """
        if self._lead.held if is_held_here is None else is_held_here:
            self._told.put(interaction_id)
            return True
        await asyncio.sleep(self._lead_s if is_held_here is None else self._holder_s)
        claimed = await self._claimed(interaction_id)
        if claimed is None and not self._lead.answers:
            await asyncio.sleep(self._doubt_s)
        return claimed is not False

    async def close(self) -> None:
        """Wait until the others have been told of everything, or cannot be."""
        await self._told.empty(_LONGEST_S)

    async def _claimed(self, interaction_id: int) -> bool | None:
        """Say whether this process has it; None: that cannot be known soon enough."""
        claiming = self._asked.put(interaction_id)
        await asyncio.wait([claiming], timeout=_LONGEST_S)
        return claiming.result() if claiming.done() else None

    async def _claim(self, ids: Collection[int]) -> frozenset[int] | None:
        """Return those that no process has claimed before; None: the database cannot be asked."""
        try:
            async with asyncio.timeout(_LONGEST_S), self._database.always() as session:
                return await InteractionClaims(session).claim(ids, self._now())
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody must answer
            logger.debug("interactions could not be claimed: %r", error)
            return None
