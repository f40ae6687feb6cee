"""X users, as last seen."""

from collections.abc import Collection, Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import XUser
from storage.upsert import Row, upsert


class Users:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def save(self, rows: Sequence[Row]) -> None:
        """Store users, or what changed of them; each row has every column of XUser."""
        if rows:
            await upsert(self._session, XUser, rows)

    async def get(self, ids: Collection[int]) -> dict[int, XUser]:
        found = await self._session.exec(select(XUser).where(col(XUser.id).in_(set(ids))))
        return {user.id: user for user in found}
