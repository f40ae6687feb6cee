"""What members were given in files, by UTC day."""

from datetime import date

from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import models
from storage.named_locks import lock_by_name
from storage.upsert import upsert


class ExportCounts:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, member_id: int) -> None:
        """Let nobody else count for this member before the transaction ends."""
        await lock_by_name(self._session, f"exported objects:{member_id}")

    async def on(self, member_id: int, day: date) -> int:
        row = await self._session.get(models.ExportedObjects, (member_id, day))
        return row.objects if row is not None else 0

    async def add(self, member_id: int, day: date, objects: int) -> None:
        row = {"member_id": member_id, "day": day, "objects": objects}
        await upsert(self._session, models.ExportedObjects, [row], adding=("objects",))

    async def forget(self, member_id: int) -> None:
        await self._session.exec(
            delete(models.ExportedObjects).where(col(models.ExportedObjects.member_id) == member_id)
        )

    async def forget_before(self, day: date) -> None:
        await self._session.exec(
            delete(models.ExportedObjects).where(col(models.ExportedObjects.day) < day)
        )
