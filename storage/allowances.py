"""What X still allows, shared by every process and kept across restarts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import StoredAllowance
from storage.upsert import Row, upsert


class Allowances:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, account: str) -> None:
        """Let nobody else change this account's allowances before the transaction ends.

        SQLite has one writer anyway. PostgreSQL is asked for a lock by name, because the first
        request of a window has no row that could be locked.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            name = func.hashtextextended(f"allowance:{account}", 0)
            await self._session.exec(select(func.pg_advisory_xact_lock(name)))

    async def of(self, account: str, endpoints: Sequence[str]) -> list[StoredAllowance]:
        """Return the known windows, past ones too: their limit is still the best guess."""
        query = select(StoredAllowance).where(
            col(StoredAllowance.account) == account, col(StoredAllowance.endpoint).in_(endpoints)
        )
        return list(await self._session.exec(query))

    async def save(self, rows: Sequence[Row]) -> None:
        if rows:
            await upsert(self._session, StoredAllowance, rows)

    async def forget(self, account: str) -> None:
        await self._session.exec(
            delete(StoredAllowance).where(col(StoredAllowance.account) == account)
        )

    async def forget_before(self, now: datetime) -> None:
        await self._session.exec(
            delete(StoredAllowance).where(col(StoredAllowance.resets_at) <= now)
        )
