"""What X still allows, kept across restarts."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Allowance
from storage.upsert import Row, upsert


class Allowances:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def open(self, now: datetime) -> list[Allowance]:
        """Return the windows that have not been reset yet."""
        query = select(Allowance).where(col(Allowance.resets_at) > now)
        return list(await self._session.exec(query))

    async def save(self, rows: Sequence[Row]) -> None:
        if rows:
            await upsert(self._session, Allowance, rows)

    async def forget_before(self, now: datetime) -> None:
        await self._session.exec(delete(Allowance).where(col(Allowance.resets_at) <= now))
