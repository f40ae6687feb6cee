"""How the bot stands: accounts, allowances, watches, money."""

from bot.domain import Status


class StatusService:
    async def show(self, guild_id: int) -> Status:
        raise NotImplementedError
