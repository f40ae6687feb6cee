"""Whose turn it is: how often each server's posts were read in an account's window."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

# X's reset may move by a little from answer to answer; windows are a quarter of an hour apart.
_SAME_WINDOW = timedelta(minutes=5)


class FairShare:
    def __init__(self) -> None:
        self._served: dict[str, dict[int, float]] = {}
        self._resets_at: dict[str, datetime] = {}

    def served(self, account: str, resets_at: datetime) -> Mapping[int, float]:
        """Return the readings that each guild had in the window that ends at `resets_at`."""
        known = self._resets_at.get(account)
        if known is None or resets_at > known + _SAME_WINDOW:
            self._served[account] = {}
            self._resets_at[account] = resets_at
        return self._served[account]

    def serve(self, account: str, guild_ids: Collection[int]) -> None:
        """Count a reading, which the guilds that asked for it share."""
        served = self._served[account]
        for guild_id in guild_ids:
            served[guild_id] = served.get(guild_id, 0.0) + 1 / len(guild_ids)
