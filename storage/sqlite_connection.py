"""Connections to SQLite that go to their thread at most once for each statement.

aiosqlite has a thread for each connection, and goes there and back for each call: for a cursor, to
begin, to execute, for the rows, to close, to roll back. Each of these ways costs more than most
statements do. So a transaction begins on the way of its first statement, what was only read is
rolled back without such a way, and where nothing was done nothing is ended.

In the mode WAL what only reads waits for nobody, and most often it takes a tenth of such a way. So
it is read at once, by the loop itself, for a moment at most: what takes longer is begun anew in the
thread. So are a few rows inserted in a transaction that has the lock already: they are found by
their keys, and nothing is written to the disk before the end.
"""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any, Self

import aiosqlite
from aiosqlite.context import contextmanager

# Of a statement with more rows than these, the others are fetched as they are read.
_AT_ONCE = 1_000
# So long the loop reads by itself, and so many of SQLite's steps pass between two looks at that.
_IN_LOOP_S, _STEPS = 0.002, 1_000
# Rows with so many values between them are few.
_FEW_VALUES = 200
# How a file is kept where whoever reads waits for no lock.
_READS_WAIT_FOR_NOBODY = ("wal", "memory")


class _Cursor(aiosqlite.Cursor):
    """Executes a statement, and takes its first rows along."""

    def __init__(self, connection: "SqliteConnection") -> None:
        self.iter_chunk_size = _AT_ONCE
        self._conn = self._opened = connection
        self._rows: list[sqlite3.Row] = []
        self._has_more = False

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> Self:
        given = tuple(parameters or ())
        inserts = _inserts_few(sql, len(given))
        run = partial(self._run, sql, given)
        await self._opened.do(run, only_reads=sql.startswith("SELECT"), inserts_few=inserts)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> Self:
        given = [tuple(each) for each in parameters]
        inserts = _inserts_few(sql, sum(map(len, given)))
        await self._opened.do(partial(self._run_many, sql, given), inserts_few=inserts)
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
        self._may_read_here = False

    @contextmanager
    async def cursor(self) -> aiosqlite.Cursor:
        return _Cursor(self)

    def learn_of(self, opened: sqlite3.Connection) -> None:
        """Learn whether reading may wait; what is wrong with the file is told when it is used."""
        with suppress(sqlite3.Error):
            (mode,) = opened.execute("PRAGMA journal_mode").fetchone()
            self._may_read_here = mode in _READS_WAIT_FOR_NOBODY

    def new_cursor(self) -> sqlite3.Cursor:
        """Return SQLite's own cursor, in the connection's thread or while that stands still."""
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

    async def do(
        self, work: Callable[[], None], *, only_reads: bool = False, inserts_few: bool = False
    ) -> None:
        """Begin, if that is due, and do something: here if it is soon done, else in the thread."""
        reads = self._only_reads or (only_reads and self._begin is None)
        if self._may_read_here and self._is_idle and (reads or (inserts_few and self._has_lock())):
            await asyncio.sleep(0)  # others have their turn, as on the way to the thread
            if not reads:
                return work()
            if self._is_soon_done(self._next(work)):
                return None
        go: Callable[[Callable[[], None]], Awaitable[None]] = self._execute
        return await go(self._next(work))

    def _has_lock(self) -> bool:
        return self._begin is None and self._conn.in_transaction

    def _next(self, work: Callable[[], None]) -> Callable[[], None]:
        """Return what is to be done, with the beginning of its transaction if that is due."""
        begin, self._begin, self._is_used = self._begin, None, True
        return work if begin is None else partial(self._begun, begin, work)

    def _is_soon_done(self, reading: Callable[[], None]) -> bool:
        """Read something; return False when it was given up, for it takes long."""
        give_up_at = time.perf_counter() + _IN_LOOP_S
        # Only here: in the thread each look would wait until the loop stands still.
        self._conn.set_progress_handler(lambda: time.perf_counter() > give_up_at, _STEPS)
        try:
            reading()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return False
        finally:
            self._conn.set_progress_handler(None, 0)
        return True

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


def _inserts_few(sql: str, values: int) -> bool:
    return values <= _FEW_VALUES and sql.startswith("INSERT INTO") and ") VALUES (" in sql


def sqlite_connection(
    file: str,
    pragmas: Iterable[str] = (),
    **options: Any,  # noqa: ANN401 -- SQLite's
) -> SqliteConnection:
    """Return a connection that opens when it is awaited, as `aiosqlite.connect` does."""
    # A connection has a thread of its own, and is also used outside of it while that stands still.
    options["check_same_thread"] = False

    def connect() -> sqlite3.Connection:
        opened: sqlite3.Connection = sqlite3.connect(file, **options)
        for pragma in pragmas:
            opened.execute(f"PRAGMA {pragma}")
        connection.learn_of(opened)
        return opened

    connection = SqliteConnection(connect, _AT_ONCE)
    # The process may end while one is open.
    connection._thread.daemon = True  # noqa: SLF001 -- so does SQLAlchemy with aiosqlite's own
    return connection
