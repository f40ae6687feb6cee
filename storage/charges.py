"""What X has charged."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Charge, Charged
from storage.upsert import Row, insert_new, upsert


class Charges:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def paid(self, day: date, resource: str, ids: Collection[int]) -> set[int]:
        """Return which of the resources are paid for until the UTC day ends."""
        query = select(Charged.resource_id).where(
            col(Charged.day) == day,
            col(Charged.resource) == resource,
            col(Charged.resource_id).in_(set(ids)),
        )
        return set(await self._session.exec(query))

    async def pay(self, day: date, resource: str, ids: Collection[int]) -> list[int]:
        """Note resources as paid for; return those that nobody had paid for today."""
        rows = [{"day": day, "resource": resource, "resource_id": item} for item in ids]
        return await insert_new(self._session, Charged, rows, "resource_id")

    async def add(self, rows: Sequence[Row]) -> None:
        """Add to the sums of a day, each of which is named once."""
        await upsert(self._session, Charge, rows, adding=("count", "micro_usd"))

    async def spent(self, since: date, until: date, guild_id: int | None = None) -> int:
        """Return the micro-USD charged from `since` to `until`, both included."""
        query = select(func.coalesce(func.sum(Charge.micro_usd), 0)).where(
            col(Charge.day) >= since, col(Charge.day) <= until
        )
        if guild_id is not None:
            query = query.where(col(Charge.guild_id) == guild_id)
        return int((await self._session.exec(query)).one())

    async def spent_by_guild(self, since: date, until: date) -> dict[int, int]:
        """Return each guild's micro-USD (0: nobody's) from `since` to `until`, both included."""
        query = (
            select(Charge.guild_id, func.sum(Charge.micro_usd))
            .where(col(Charge.day) >= since, col(Charge.day) <= until)
            .group_by(col(Charge.guild_id))
        )
        return {guild_id: int(spent) for guild_id, spent in await self._session.exec(query)}

    async def forget_before(self, day: date) -> None:
        """Drop the lists of single resources of days that are over; the sums stay."""
        await self._session.exec(delete(Charged).where(col(Charged.day) < day))
