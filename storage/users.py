"""X users, as last seen."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam as given
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.forgotten import ForgottenList
from storage.models import XUser
from storage.upsert import Row, upsert


class Users:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def save(self, rows: Sequence[Row]) -> None:
        """Store users, or what changed of them; each row has every column of XUser."""
        if rows:
            await upsert(self._session, XUser, rows)

    async def stand_ins(self, ids: Collection[int]) -> dict[int, int]:
        """Return who of these asked to be forgotten, and whose ID stands for each."""
        return await ForgottenList(self._session).stand_ins(ids)

    async def remove_stand_in(self, stand_in_id: int) -> None:
        """Delete who stood for somebody, and has no likes any more."""
        await self._session.exec(delete(XUser).where(col(XUser.id) == stand_in_id))

    async def get(self, ids: Collection[int]) -> dict[int, XUser]:
        found = await self._session.exec(_SOME, params={"ids": [*set(ids)]})
        return {user.id: user for user in found}


# Built once, for it is asked with everything that is announced by name.
_SOME = select(XUser).where(col(XUser.id).in_(given("ids", expanding=True)))
