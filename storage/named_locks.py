"""Locks by name, for what has no row yet that could be locked."""

from sqlalchemy import ColumnElement, String, func, true
from sqlalchemy import bindparam as given
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession


async def lock_by_name(session: AsyncSession, name: str) -> None:
    """Let nobody else have this name before the transaction ends; SQLite has one writer anyway."""
    if has_named_locks(session):
        await session.exec(_LOCK, params={"name": name})


def has_named_locks(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def once_locked() -> ColumnElement[bool]:
    """Return a condition that holds once the parameter `name` is locked, before a row is."""
    return select(_TAKEN).scalar_subquery().is_not(None)


def if_nobody_has(name: str) -> ColumnElement[bool]:
    """Return a condition that locks a name, and holds unless somebody else has it."""
    taken = func.pg_try_advisory_xact_lock(func.hashtextextended(name, 0))
    return select(taken).scalar_subquery().is_(true())


_TAKEN = func.pg_advisory_xact_lock(func.hashtextextended(given("name", type_=String), 0))
_LOCK = select(_TAKEN)
