"""The announcements that wait, and what became of them: each is sent exactly once."""

from datetime import datetime

from bot.domain import Delivery


class Outbox:
    async def claim(self) -> tuple[Delivery, ...]:
        """Take what is due, one delivery per channel at most; nobody else gets it meanwhile."""
        raise NotImplementedError

    async def sent(self, delivery: Delivery, message_id: int) -> None:
        raise NotImplementedError

    async def postpone(self, delivery: Delivery, until: datetime, trouble: str | None) -> None:
        """Try again later; `trouble` is a sentence for the guild's admins."""
        raise NotImplementedError
