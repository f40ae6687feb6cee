"""Locks by name, for what has no row yet that could be locked."""

from sqlalchemy import String, func
from sqlalchemy import bindparam as given
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession


async def lock_by_name(session: AsyncSession, name: str) -> None:
    """Let nobody else have this name before the transaction ends; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.exec(_LOCK, params={"name": name})


_LOCK = select(func.pg_advisory_xact_lock(func.hashtextextended(given("name", type_=String), 0)))
