"""Which announcements are still to be made: their watches may be removed by somebody just now."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam as given
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from storage.models import AccountWatch, Announcement, Watch


async def still_watched(
    session: AsyncSession, rows: Collection[Announcement]
) -> Collection[Announcement]:
    """Return those whose watches are there, and stay there until the transaction ends.

    They were looked at before, and PostgreSQL locks nothing for a look. SQLite has one writer.
    """
    if not rows or session.get_bind().dialect.name != "postgresql":
        return rows
    watches = await _there(session, _WATCHES, {row.watch_id for row in rows})
    accounts = await _there(session, _ACCOUNTS, {row.account_watch_id for row in rows})
    return [row for row in rows if row.watch_id in watches and row.account_watch_id in accounts]


async def _there(
    session: AsyncSession, query: SelectOfScalar[Any], ids: set[int | None]
) -> set[int | None]:
    """Return which of these are there, and None, which is no watch."""
    wanted = ids - {None}
    found = await session.exec(query, params={"ids": [*wanted]}) if wanted else ()
    return {None, *found}


def _some_of(table: type[Watch] | type[AccountWatch]) -> SelectOfScalar[Any]:
    # In one order everywhere, so that no two deadlock.
    some = select(table.id).where(col(table.id).in_(given("ids", expanding=True)))
    return some.order_by(col(table.id)).with_for_update(read=True, key_share=True)


_WATCHES, _ACCOUNTS = _some_of(Watch), _some_of(AccountWatch)
