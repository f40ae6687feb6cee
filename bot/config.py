"""A guild's settings."""

from bot.domain import GuildConfig


class ConfigService:
    async def show(self, guild_id: int) -> GuildConfig:
        raise NotImplementedError

    async def set_channel(self, guild_id: int, channel_id: int | None) -> GuildConfig:
        raise NotImplementedError

    async def set_like_role(self, guild_id: int, role_id: int | None) -> GuildConfig:
        raise NotImplementedError
