"""INSERT … ON CONFLICT, in the one form that SQLite and PostgreSQL share."""

import operator
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

Row = Mapping[str, object]


async def insert_new(
    session: AsyncSession, model: type[SQLModel], rows: Sequence[Row], returning: str
) -> list[int]:
    """Insert the rows whose key is not there yet; return their `returning` column, in order.

    Which rows are new is the database's word, so two writers never both get the same one.
    """
    if not rows:
        return []
    column = inspect(model).local_table.c[returning]
    statement = _insert(session, model).on_conflict_do_nothing().returning(column)
    inserted = await session.exec(statement, params=_in_key_order(model, rows))
    new = set(inserted.scalars())
    given = dict.fromkeys(row[returning] for row in rows)
    return [key for key in given if isinstance(key, int) and key in new]


async def upsert(
    session: AsyncSession,
    model: type[SQLModel],
    rows: Sequence[Row],
    *,
    adding: Collection[str] = (),
) -> None:
    """Insert rows; where the key is there, overwrite the other columns, or add to `adding`.

    Of rows with the same key the last one counts.
    """
    if not rows:
        return
    columns = inspect(model).local_table.c
    keys = _keys(model)
    statement = _insert(session, model)
    changed = {
        name: columns[name] + statement.excluded[name]
        if name in adding
        else statement.excluded[name]
        for name in rows[0]
        if name not in keys
    }
    statement = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    await session.exec(statement, params=_in_key_order(model, rows))


async def insert_if_missing(session: AsyncSession, model: type[SQLModel], row: Row) -> None:
    """Insert a row unless its key is there already."""
    await session.exec(_insert(session, model).on_conflict_do_nothing(), params=[row])


def _insert(session: AsyncSession, model: type[SQLModel]) -> sqlite.Insert | postgresql.Insert:
    """Begin a statement that is compiled once for any number of rows, which are its parameters."""
    table = inspect(model).local_table
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def _keys(model: type[SQLModel]) -> list[str]:
    return [column.name for column in inspect(model).primary_key]


def _in_key_order(model: type[SQLModel], rows: Sequence[Row]) -> list[Row]:
    """Return each key's last row, in one order everywhere, so that no two writers deadlock."""
    key = operator.itemgetter(*_keys(model))
    last: dict[Any, Row] = {key(row): row for row in rows}
    return [last[found] for found in sorted(last)]
