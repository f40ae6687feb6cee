"""Watching posts for a guild: add, list, remove, forecast."""

from bot.domain import Watch, WatchAdded, WatchChoice


class WatchService:
    async def add(self, guild_id: int, channel_id: int | None, ref: str, by: int) -> WatchAdded:
        """Watch a post; without a channel, in the one that the guild chose (else NoChannel)."""
        raise NotImplementedError

    async def list(self, guild_id: int) -> tuple[Watch, ...]:
        raise NotImplementedError

    async def remove(self, guild_id: int, watch_id: int) -> Watch:
        raise NotImplementedError

    async def choices(self, guild_id: int, typed: str) -> tuple[WatchChoice, ...]:
        """Return at most 25 of the guild's watches that match what was typed."""
        raise NotImplementedError
