"""SQLite's driver with one trip to its thread a statement.

aiosqlite makes four: for the cursor, the statement, its rows and the cursor's end. Each waits for
the other thread and then for the loop, which is most of what a small statement takes.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite

# A short answer comes with its statement; of a long one, so many rows at once.
_ROWS_AT_ONCE = 1_000


def connect(database: str, **settings: Any) -> aiosqlite.Connection:  # noqa: ANN401 -- sqlite3's
    """Return a connection to await."""
    return _Connection(partial(sqlite3.connect, database, **settings))


class _Connection(aiosqlite.Connection):
    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, _ROWS_AT_ONCE)
        # It must not keep a process alive that is to end.
        self._thread.daemon = True

    @property
    def of_thread(self) -> sqlite3.Connection:
        """Return SQLite's own connection, for what runs in its thread."""
        return self._conn

    async def run(self, work: Callable[..., None], *args: object) -> None:
        """Do something in the connection's thread."""
        # aiosqlite gives this method no types.
        await self._execute(work, *args)  # type: ignore[no-untyped-call]

    def cursor(self) -> Any:  # noqa: ANN401 -- what SQLAlchemy asks of a cursor, and no more
        return _Cursor(self)


class _Cursor:
    """Makes SQLite's cursor in the trip of its statement, and ends it there if it can."""

    def __init__(self, connection: _Connection) -> None:
        self._run = connection.run
        self._connection = connection
        self._cursor: sqlite3.Cursor | None = None
        self._rows: list[Any] = []
        self.arraysize = 1
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, values: Iterable[Any] = ()) -> None:
        await self._run(self._execute, statement, values)

    async def executemany(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        await self._run(self._execute_many, statement, rows)

    async def fetchone(self) -> Any:  # noqa: ANN401 -- a row
        rows = await self.fetchmany(1)
        return rows[0] if rows else None

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        count = size or self.arraysize
        if len(self._rows) < count and self._cursor is not None:
            await self._run(self._fetch)
        rows, self._rows = self._rows[:count], self._rows[count:]
        return rows

    async def fetchall(self) -> list[Any]:
        while self._cursor is not None:
            await self._run(self._fetch)
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []
        if self._cursor is not None:
            await self._run(self._end)

    def _execute(self, statement: str, values: Iterable[Any]) -> None:
        self._begun(self._connection.of_thread.execute(statement, tuple(values)))

    def _execute_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        self._begun(self._connection.of_thread.executemany(statement, rows))

    def _begun(self, cursor: sqlite3.Cursor) -> None:
        self._cursor, self.description = cursor, cursor.description
        self.lastrowid = cursor.lastrowid
        self._fetch()

    def _fetch(self) -> None:
        """Fetch some more rows; after the last, SQLite has nothing to keep for them."""
        if self._cursor is None:
            return
        found = self._cursor.fetchmany(_ROWS_AT_ONCE) if self.description else []
        self._rows += found
        self.rowcount = self._cursor.rowcount
        if len(found) < _ROWS_AT_ONCE:
            self._end()

    def _end(self) -> None:
        if self._cursor is not None:
            self._cursor.close()
            self._cursor = None
