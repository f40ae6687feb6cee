"""What members have spent at X today."""

from datetime import date

from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import models
from storage.upsert import upsert


class MemberCharges:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def on(self, day: date, guild_id: int, member_id: int) -> int:
        """Return the micro-USD that a member has cost a guild on a day."""
        row = await self._session.get(models.MemberSpend, (day, guild_id, member_id))
        return row.micro_usd if row is not None else 0

    async def add(self, day: date, guild_id: int, member_id: int, micro_usd: int) -> None:
        row = {"day": day, "guild_id": guild_id, "member_id": member_id, "micro_usd": micro_usd}
        await upsert(self._session, models.MemberSpend, [row], adding=("micro_usd",))

    async def forget_before(self, day: date) -> None:
        await self._session.exec(
            delete(models.MemberSpend).where(col(models.MemberSpend.day) < day)
        )
