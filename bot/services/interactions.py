"""Which of several processes on one token answers an interaction: Discord sends it to each."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from storage.database import Database
from storage.interaction_claims import InteractionClaims
from storage.lead import Lead

logger = logging.getLogger(__name__)

# The process that leads goes first: what a member has begun there goes on there.
LEAD_S = 0.3
# Discord waits for three seconds, and a member for one.
_LONGEST_S = 0.5
KEPT = timedelta(hours=1)
"""For how long it is known who took an interaction on; Discord forgets it after 15 minutes."""


class InteractionsService:
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

    async def take(self, interaction_id: int) -> bool:
        """Say whether an interaction is this process's to answer: whoever claims it first.

        While the database cannot be asked, it is for the process that led when it could.
        """
        if not self._lead.held:
            await asyncio.sleep(self._lead_s)
        try:
            async with asyncio.timeout(_LONGEST_S), self._database.always() as session:
                return await InteractionClaims(session).claim(interaction_id, self._now())
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody must answer
            logger.debug("an interaction could not be claimed: %r", error)
            return self._lead.answers
