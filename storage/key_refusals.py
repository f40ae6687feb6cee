"""Accounts whose keys X answered 401 to, as far as that is suspected or sure."""

from datetime import datetime

from sqlalchemy import bindparam as given
from sqlmodel import col, delete, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import KeyRefusal
from storage.tables import table_of
from storage.upsert import lock_row


class KeyRefusals:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, account: str) -> KeyRefusal | None:
        return await self._session.get(KeyRefusal, account)

    async def lock(self, account: str) -> KeyRefusal:
        """Return an account's row, which may say nothing yet; nobody else changes it meanwhile."""
        row = {"account": account, "endpoint": "", "looks": 0}
        return await lock_row(self._session, KeyRefusal, row)

    async def open(self) -> list[KeyRefusal]:
        """Return what is suspected, and what was found to be refused."""
        return list(await self._session.exec(_OPEN))

    async def accepted(self, account: str, at: datetime) -> None:
        """Take back what is suspected of an account, if anything ever was."""
        await self._session.exec(_ACCEPTED, params={"of": account, "at": at})

    async def forget(self, account: str) -> None:
        await self._session.exec(_FORGET, params={"of": account})


# Built once, for these are asked all the time.
_OPEN = (
    select(KeyRefusal)
    .where(or_(col(KeyRefusal.suspected_at).is_not(None), col(KeyRefusal.refused_at).is_not(None)))
    .order_by(col(KeyRefusal.account))
)
_refusals = table_of(KeyRefusal)
_ACCEPTED = (
    update(_refusals)
    .where(_refusals.c.account == given("of"))
    .values(suspected_at=None, looks=0, looked_at=given("at"), refused_at=None)
)
_FORGET = delete(_refusals).where(_refusals.c.account == given("of"))
