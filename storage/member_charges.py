"""What members have spent at X today."""

from datetime import date

from sqlalchemy import bindparam as given
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import models
from storage.upsert import upsert


class MemberCharges:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def on(self, day: date, guild_id: int, member_id: int) -> int:
        """Return the micro-USD that a member has cost a guild on a day."""
        asked = {"day": day, "guild": guild_id, "member": member_id}
        return (await self._session.exec(_ON, params=asked)).one_or_none() or 0

    async def add(self, day: date, guild_id: int, member_id: int, micro_usd: int) -> None:
        row = {"day": day, "guild_id": guild_id, "member_id": member_id, "micro_usd": micro_usd}
        await upsert(self._session, models.MemberSpend, [row], adding=("micro_usd",))

    async def forget_before(self, day: date) -> None:
        await self._session.exec(
            delete(models.MemberSpend).where(col(models.MemberSpend.day) < day)
        )


# Built once, for it is asked with everything that people look up.
_ON = select(models.MemberSpend.micro_usd).where(
    col(models.MemberSpend.day) == given("day"),
    col(models.MemberSpend.guild_id) == given("guild"),
    col(models.MemberSpend.member_id) == given("member"),
)
