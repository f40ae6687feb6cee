"""What X has charged."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Charge, Charged
from storage.upsert import insert_new, upsert


class Charges:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_day(self, day: date) -> list[Charged]:
        """Return every resource that is paid for until the UTC day ends."""
        found = await self._session.exec(select(Charged).where(col(Charged.day) == day))
        return list(found)

    async def charge(
        self, day: date, guild_id: int, resource: str, ids: Collection[int], micro_usd: int
    ) -> int:
        """Book those of the resources that were not charged today; return how many they are."""
        rows = [{"day": day, "resource": resource, "resource_id": item} for item in ids]
        new = await insert_new(self._session, Charged, rows, "resource_id")
        if new:
            await self.add(day, guild_id, resource, len(new), len(new) * micro_usd)
        return len(new)

    async def add(
        self, day: date, guild_id: int, resource: str, count: int, micro_usd: int
    ) -> None:
        """Add to a day's sum."""
        row = {
            "day": day,
            "guild_id": guild_id,
            "purpose": "",
            "post_id": 0,
            "resource": resource,
            "count": count,
            "micro_usd": micro_usd,
        }
        await upsert(self._session, Charge, [row], adding=("count", "micro_usd"))

    async def spent(self, since: date, until: date, guild_id: int | None = None) -> int:
        """Return the micro-USD charged from `since` to `until`, both included."""
        query = select(func.coalesce(func.sum(Charge.micro_usd), 0)).where(
            col(Charge.day) >= since, col(Charge.day) <= until
        )
        if guild_id is not None:
            query = query.where(col(Charge.guild_id) == guild_id)
        return int((await self._session.exec(query)).one())

    async def forget_before(self, day: date) -> None:
        """Drop the lists of single resources of days that are over; the sums stay."""
        await self._session.exec(delete(Charged).where(col(Charged.day) < day))
