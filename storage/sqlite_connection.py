"""Connections to SQLite that go to their thread once for each statement.

aiosqlite has a thread for each connection, and goes there and back for each call: for a cursor, to
begin, to execute, for the rows, to close, to roll back. Each of these ways costs more than most
statements do. So a transaction begins on the way of its first statement, what was only read is
rolled back without such a way, and where nothing was done nothing is ended.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any, Self

import aiosqlite
from aiosqlite.context import contextmanager

# Of a statement with more rows than these, the others are fetched as they are read.
_AT_ONCE = 1_000


class _Cursor(aiosqlite.Cursor):
    """Executes a statement, and takes its first rows along."""

    def __init__(self, connection: "SqliteConnection") -> None:
        self.iter_chunk_size = _AT_ONCE
        self._conn = self._opened = connection
        self._rows: list[sqlite3.Row] = []
        self._has_more = False

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> Self:
        await self._opened.in_thread(partial(self._run, sql, tuple(parameters or ())))
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> Self:
        given = [tuple(each) for each in parameters]
        await self._opened.in_thread(partial(self._run_many, sql, given))
        return self

    async def fetchone(self) -> sqlite3.Row | None:
        return next(iter(await self.fetchmany(1)), None)

    async def fetchmany(self, size: int | None = None) -> Iterable[sqlite3.Row]:
        """Return at most so many of the rows that came along, or of the next; none at the end."""
        if self._rows:
            size = self.arraysize if size is None else size
            rows, self._rows = self._rows[:size], self._rows[size:]
            return rows
        return await super().fetchmany(size) if self._has_more else []

    async def fetchall(self) -> Iterable[sqlite3.Row]:
        rows, self._rows = self._rows, []
        if self._has_more:
            rows += await super().fetchall()
            self._has_more = False
        return rows

    async def close(self) -> None:
        """Free the statement, which has freed itself where all rows were fetched."""
        self._rows = []
        if self._has_more:
            self._has_more = False
            await super().close()

    def _run(self, sql: str, parameters: tuple[Any, ...]) -> None:
        self._cursor = self._opened.new_cursor()
        self._cursor.execute(sql, parameters)
        self._rows = self._cursor.fetchmany(_AT_ONCE)
        self._has_more = len(self._rows) == _AT_ONCE

    def _run_many(self, sql: str, parameters: list[tuple[Any, ...]]) -> None:
        self._cursor = self._opened.new_cursor()
        self._cursor.executemany(sql, parameters)


class SqliteConnection(aiosqlite.Connection):
    def __init__(self, *args: Any) -> None:  # noqa: ANN401 -- aiosqlite's
        super().__init__(*args)
        self._begin: str | None = None
        self._only_reads = False
        self._is_used = False
        self._is_idle = True

    @contextmanager
    async def cursor(self) -> aiosqlite.Cursor:
        return _Cursor(self)

    def new_cursor(self) -> sqlite3.Cursor:
        """Return SQLite's own cursor; only the connection's thread may ask for it."""
        return self._conn.cursor()

    def begin(self, *, only_reads: bool) -> None:
        """Begin a transaction with the next statement: one that writes has the lock from then on.

        A write that starts as a read fails at once when another writer came between; starting as
        a writer waits its turn instead.
        """
        self._begin = "BEGIN" if only_reads else "BEGIN IMMEDIATE"
        self._only_reads = only_reads

    async def commit(self) -> None:
        if self._ended():
            await super().commit()

    async def rollback(self) -> None:
        only_read = self._only_reads
        if not self._ended():
            return
        if not only_read or self._connection is None:
            await super().rollback()
        elif self._is_idle:
            self._connection.rollback()  # lets go of a state, without a look at the file
        else:
            # The thread is at a statement that nobody waits for any more. It does one thing after
            # the other: whoever has the connection next is behind.
            self._tx.put_nowait((None, self._connection.rollback))

    def _ended(self) -> bool:
        """Note that a transaction ends; say whether there is anything to end."""
        was_used = self._is_used
        self._begin, self._only_reads, self._is_used = None, False, False
        return was_used

    async def in_thread(self, work: Callable[[], None]) -> None:
        begin, self._begin, self._is_used = self._begin, None, True
        go: Callable[[Callable[[], None]], Awaitable[None]] = self._execute
        await go(work if begin is None else partial(self._begun, begin, work))

    async def _execute(self, *work: Any, **named: Any) -> Any:  # noqa: ANN401 -- aiosqlite's
        """Have something done in the thread, and note that it stands still once that is back."""
        go: Callable[..., Awaitable[Any]] = super()._execute
        self._is_idle = False
        result = await go(*work, **named)
        self._is_idle = True
        return result

    def _begun(self, begin: str, work: Callable[[], None]) -> None:
        if self._conn.in_transaction:  # the rollback that nobody waited for has failed
            self._conn.rollback()
        self._conn.execute(begin)
        work()


def sqlite_connection(file: str, **options: Any) -> SqliteConnection:  # noqa: ANN401 -- SQLite's
    """Return a connection that opens when it is awaited, as `aiosqlite.connect` does."""
    # A connection has a thread of its own, and is also used outside of it while that stands still.
    options["check_same_thread"] = False
    connection = SqliteConnection(partial(sqlite3.connect, file, **options), _AT_ONCE)
    # The process may end while one is open.
    connection._thread.daemon = True  # noqa: SLF001 -- so does SQLAlchemy with aiosqlite's own
    return connection
