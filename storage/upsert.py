"""INSERT … ON CONFLICT, in the one form that SQLite and PostgreSQL share."""

import operator
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

# SQLite binds at most 32,766 values in a statement.
_ROWS_A_STATEMENT = 1_000

Row = Mapping[str, object]


async def insert_new(
    session: AsyncSession, model: type[SQLModel], rows: Sequence[Row], returning: str
) -> list[int]:
    """Insert the rows whose key is not there yet; return their `returning` column, in order.

    Which rows are new is the database's word, so two writers never both get the same one.
    """
    new: set[int] = set()
    column = inspect(model).columns[returning]
    for chunk in _chunks(_in_key_order(model, rows)):
        statement = _insert(session, model).values(chunk).on_conflict_do_nothing()
        new.update((await session.exec(statement.returning(column))).scalars())
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
    mapper = inspect(model)
    keys = _keys(model)
    for chunk in _chunks(_in_key_order(model, rows)):
        statement = _insert(session, model).values(chunk)
        changed = {
            name: mapper.columns[name] + statement.excluded[name]
            if name in adding
            else statement.excluded[name]
            for name in chunk[0]
            if name not in keys
        }
        await session.exec(statement.on_conflict_do_update(index_elements=keys, set_=changed))


def _insert(session: AsyncSession, model: type[SQLModel]) -> sqlite.Insert | postgresql.Insert:
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(model)
    return postgresql.insert(model)


def _keys(model: type[SQLModel]) -> list[str]:
    return [column.name for column in inspect(model).primary_key]


def _in_key_order(model: type[SQLModel], rows: Sequence[Row]) -> list[Row]:
    """Return each key's last row, in one order everywhere, so that no two writers deadlock."""
    key = operator.itemgetter(*_keys(model))
    last: dict[Any, Row] = {key(row): row for row in rows}
    return [last[found] for found in sorted(last)]


def _chunks(rows: list[Row]) -> Iterable[list[Row]]:
    for start in range(0, len(rows), _ROWS_A_STATEMENT):
        yield rows[start : start + _ROWS_A_STATEMENT]
