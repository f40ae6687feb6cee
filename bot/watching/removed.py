"""Watches that were removed just now: for a minute that can be taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import RemovalOver
from storage.database import Database
from storage.removed_watches import RemovedWatches, Snapshot

UNDONE_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Removed:
    snapshot: Snapshot
    at: datetime


class RemovedJustNow:
    """Remembers them in this process alone: after a restart nothing can be taken back."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._removed: dict[tuple[int, int], _Removed] = {}

    def note(self, guild_id: int, watch_id: int, snapshot: Snapshot) -> None:
        """Keep what a watch was, and what it had yet to announce."""
        oldest = self._now() - UNDONE_WITHIN
        kept = {key: one for key, one in self._removed.items() if one.at >= oldest}
        self._removed = {**kept, (guild_id, watch_id): _Removed(snapshot, self._now())}

    async def restore(self, guild_id: int, watch_id: int) -> None:
        """Go on with it; raise RemovalOver after a minute."""
        key = (guild_id, watch_id)
        removed = self._removed.pop(key, None)
        if removed is None or removed.at < self._now() - UNDONE_WITHIN:
            raise RemovalOver
        try:
            async with self._database.transaction() as session:
                await RemovedWatches(session).restore(removed.snapshot)
        except Exception:
            self._removed[key] = removed  # it can be asked for again
            raise
