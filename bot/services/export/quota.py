"""How much X's policy lets a person be given in files."""

from collections.abc import Callable
from datetime import datetime

from bot.services.export.values import MOST_OBJECTS
from storage.database import Database
from storage.exported import ExportCounts


class ExportQuota:
    """Counts users and posts a person and UTC day, whichever server they ask in."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def take(self, member_id: int, objects: int) -> int:
        """Return how many of these objects a person may still be given whole, and note them."""
        day = self._now().date()
        async with self._database.transaction() as session:
            counts = ExportCounts(session)
            # Two at once would both be given what is left.
            await counts.lock(member_id)
            taken = min(objects, max(0, MOST_OBJECTS - await counts.on(member_id, day)))
            if taken:
                await counts.add(member_id, day, taken)
        return taken
