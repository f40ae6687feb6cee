"""INSERT … ON CONFLICT, in the one form that SQLite and PostgreSQL share."""

from collections.abc import Collection, Iterable, Mapping, Sequence

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
    for chunk in _chunks(rows):
        statement = _insert(session, model).values(list(chunk)).on_conflict_do_nothing()
        column = inspect(model).columns[returning]
        new.update((await session.exec(statement.returning(column))).scalars())
    return [key for row in rows if isinstance(key := row[returning], int) and key in new]


async def upsert(
    session: AsyncSession,
    model: type[SQLModel],
    rows: Sequence[Row],
    *,
    adding: Collection[str] = (),
) -> None:
    """Insert rows; where the key is there, overwrite the other columns, or add to `adding`."""
    mapper = inspect(model)
    keys = [column.name for column in mapper.primary_key]
    for chunk in _chunks(rows):
        statement = _insert(session, model).values(list(chunk))
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


def _chunks(rows: Sequence[Row]) -> Iterable[Sequence[Row]]:
    for start in range(0, len(rows), _ROWS_A_STATEMENT):
        yield rows[start : start + _ROWS_A_STATEMENT]
