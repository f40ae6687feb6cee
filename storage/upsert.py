"""INSERT … ON CONFLICT, in the one form that SQLite and PostgreSQL share."""

import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

Row = Mapping[str, object]
Model = TypeVar("Model", bound=SQLModel)


async def insert_new(
    session: AsyncSession, model: type[SQLModel], rows: Sequence[Row], returning: str
) -> list[int]:
    """Insert the rows whose key is not there yet; return their `returning` column, in order.

    Which rows are new is the database's word, so two writers never both get the same one.
    """
    if not rows:
        return []
    statement = _returning(_dialect(session), model, returning)
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
    keeping: Collection[str] = (),
) -> None:
    """Insert rows; where the key is there, overwrite the other columns, or add to `adding`.

    Those in `keeping` stay as they are then. Of rows with the same key the last one counts.
    """
    if not rows:
        return
    names = tuple(name for name in rows[0] if name not in keeping)
    statement = _upserting(_dialect(session), model, names, frozenset(adding))
    await session.exec(statement, params=_in_key_order(model, rows))


async def insert_if_missing(session: AsyncSession, model: type[SQLModel], row: Row) -> None:
    """Insert a row unless its key is there already."""
    await session.exec(_inserting(_dialect(session), model), params=[row])


async def lock_row(session: AsyncSession, model: type[Model], row: Row) -> Model:
    """Return the row that has this one's key, for changing; where there is none, this one.

    Of two who look at once and find none, one inserts it, and the other waits and gets what the
    first has made of it: nobody's change is lost, and nobody fails.
    """
    key = tuple(row[name] for name in _keys(model))
    lock = {"key_share": True}  # who only refers to the row need not wait
    while (
        found := await session.get(model, key, populate_existing=True, with_for_update=lock)
    ) is None:
        await insert_if_missing(session, model, row)
    return found


def _dialect(session: AsyncSession) -> str:
    return session.get_bind().dialect.name


# A statement is made once and compiled once, for any number of rows, which are its parameters: to
# make the one that overwrites takes longer than to execute it.
@cache
def _inserting(dialect: str, model: type[SQLModel]) -> sqlite.Insert | postgresql.Insert:
    return _insert(dialect, model).on_conflict_do_nothing()


@cache
def _returning(dialect: str, model: type[SQLModel], name: str) -> ReturningInsert[Any]:
    return _inserting(dialect, model).returning(inspect(model).local_table.c[name])


@cache
def _upserting(
    dialect: str, model: type[SQLModel], names: tuple[str, ...], adding: frozenset[str]
) -> sqlite.Insert | postgresql.Insert:
    statement = _insert(dialect, model)
    columns, given = inspect(model).local_table.c, statement.excluded
    keys = _keys(model)
    changed = {
        name: columns[name] + given[name] if name in adding else given[name]
        for name in names
        if name not in keys
    }
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


def _insert(dialect: str, model: type[SQLModel]) -> sqlite.Insert | postgresql.Insert:
    table = inspect(model).local_table
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@cache
def _keys(model: type[SQLModel]) -> tuple[str, ...]:
    return tuple(column.name for column in inspect(model).primary_key)


@cache
def _key_of(model: type[SQLModel]) -> Callable[[Row], Any]:
    return operator.itemgetter(*_keys(model))


def _in_key_order(model: type[SQLModel], rows: Sequence[Row]) -> list[Row]:
    """Return each key's last row, in one order everywhere, so that no two writers deadlock."""
    key = _key_of(model)
    last: dict[Any, Row] = {key(row): row for row in rows}
    return [last[found] for found in sorted(last)]
