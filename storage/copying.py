"""All rows of one database into another, whatever each is: SQLite or PostgreSQL."""

from sqlalchemy import Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel, col

from storage.database import Database
from storage.models import InteractionClaim, Lease, MoneyHold

_ROWS_AT_ONCE = 1_000
# Which process does what is of the processes on one database.
_NOT_COPIED = {Lease.__tablename__, InteractionClaim.__tablename__, MoneyHold.__tablename__}


class NotEmpty(Exception):
    """There are rows already where others were to be copied to."""


class InUse(Exception):
    """A bot runs on the database."""


def _tables() -> list[Table]:
    """Return the tables, each after those that it refers to."""
    return [each for each in SQLModel.metadata.sorted_tables if each.name not in _NOT_COPIED]


async def copy_rows(source: Database, target: Database, *, replace: bool) -> int:
    """Copy every row, as all were at one moment, in one transaction; return how many.

    Both have the newest tables. What the target holds goes when it is to be replaced, else NotEmpty
    is raised. InUse is raised when a bot runs on the target.
    """
    async with source.reading() as reading, target.always() as writing:
        snapshot = {} if source.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        there = await reading.connection(execution_options=snapshot)
        here = await writing.connection()
        await _make_room(here, replace=replace)
        copied = 0
        for table in _tables():
            copied += await _copy(table, there, here)
            if not target.is_sqlite:
                await _number_on(table, here)
        return copied


async def _make_room(here: AsyncConnection, *, replace: bool) -> None:
    led = select(func.count()).where(col(Lease.until) > func.clock_timestamp())
    if here.dialect.name == "postgresql" and (await here.execute(led)).scalar_one():
        raise InUse
    for table in reversed(_tables()):
        if replace:
            await here.execute(table.delete())
        elif (await here.execute(select(table).limit(1))).first() is not None:
            raise NotEmpty


async def _copy(table: Table, there: AsyncConnection, here: AsyncConnection) -> int:
    copied = 0
    async with there.stream(select(table)) as found:
        async for rows in found.mappings().partitions(_ROWS_AT_ONCE):
            await here.execute(table.insert(), [dict(row) for row in rows])
            copied += len(rows)
    return copied


async def _number_on(table: Table, here: AsyncConnection) -> None:
    """Let PostgreSQL number new rows after those that brought their numbers along."""
    column = table.autoincrement_column
    if column is None:
        return
    newest = (await here.execute(select(func.max(column)))).scalar_one()
    if newest is not None:
        sequence = text("SELECT setval(pg_get_serial_sequence(:table, :column), :newest)")
        named = {"table": f'"{table.name}"', "column": column.name, "newest": newest}
        await here.execute(sequence, named)
