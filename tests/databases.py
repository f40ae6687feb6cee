"""Databases for the tests: SQLite in a file, and a PostgreSQL of our own that nobody installed."""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import TypeAlias

import asyncpg
import pytest
from sqlmodel import SQLModel

import storage.database
from storage.database import Database
from storage.lead import Lead
from tests.compiled import share_what_is_compiled
from tests.e2e.forks import alone_in_run

share_what_is_compiled()
# A test's data need not outlive a power cut.
storage.database._SYNCHRONOUS = "OFF"
# For a test of `database_url` that one kind is enough for.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
_TEMPLATE = "likecord_template"
# For so long a connection that a test left behind may take to let go of its locks.
_LOCKED_MS = 5_000
_Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
_ENDED = (asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError)


async def _upgrade(url: str) -> None:
    database = Database(url)
    try:
        await database.upgrade()
    finally:
        await database.close()


class OpenDatabases:
    """One Database for each URL, from test to test: the SQL compiled for it stays compiled."""

    def __init__(self) -> None:
        self._by_url: dict[str, Database] = {}

    @asynccontextmanager
    async def of(self, url: str) -> AsyncIterator[Database]:
        """Yield it without a connection, and close those that it opens."""
        database = self._by_url.setdefault(url, Database(url))
        try:
            yield database
        finally:
            await database.close()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """Yield a database, and close it whatever happens: what stays open fails other tests."""
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def another_process(url: str) -> AsyncIterator[Lead]:
    """Yield the lead of a process with connections of its own; give it up at the end."""
    database = Database(url)
    lead = Lead(database)
    try:
        yield lead
    finally:
        await lead.give_up()
        await database.close()


class SqliteFiles:
    """Copies of one file in which the tables were made once a run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with alone_in_run("sqlite") as shared:
            self._template = shared / "template.db"
            if not self._template.exists():
                made = shared / "made.db"
                asyncio.run(_upgrade(self.url(made)))
                made.rename(self._template)

    def fresh(self) -> str:
        """Return the URL of a file with every table and no row; the one before is gone."""
        path = self._folder / "likecord.db"
        for old in (path, path.with_name("likecord.db-wal"), path.with_name("likecord.db-shm")):
            old.unlink(missing_ok=True)
        return self.copy(path)

    @staticmethod
    def url(path: Path) -> str:
        return f"sqlite+aiosqlite:///{path}"

    def copy(self, path: Path) -> str:
        shutil.copyfile(self._template, path)
        return self.url(path)


# A table in which nothing was ever written since its last TRUNCATE has a file of no length.
_TRUNCATE_USED = """
DO $$
DECLARE used text;
BEGIN
    SELECT string_agg(format('%I', relname), ', ') INTO used FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    AND relname != 'alembic_version' AND pg_relation_size(oid) > 0;
    IF used IS NOT NULL THEN
        EXECUTE 'TRUNCATE ' || used || ' CASCADE';
    END IF;
END $$"""


class _Emptying:
    """Empties the tables of one database, over a connection that is kept from test to test.

    A table is truncated, which gives it and its indexes new files, only where it has been used.
    """

    def __init__(self, connect: Callable[[], Awaitable[_Connection]]) -> None:
        self._connect = connect
        self._loop = asyncio.new_event_loop()
        self._kept: _Connection | None = None
        self._statement = ""

    def run(self) -> None:
        """Leave every table without a row, and each numbering at its beginning.

        A transaction left open makes this fail.
        """
        self._loop.run_until_complete(self._run())

    def close(self) -> None:
        if self._kept is not None:
            self._loop.run_until_complete(self._kept.close())
        self._loop.close()

    async def _run(self) -> None:
        kept = self._kept
        if kept is not None:
            try:
                return await self._empty(kept)
            except _ENDED:
                kept.terminate()  # a test has ended all connections
        self._kept = await self._connect()
        self._statement = self._statement or await _emptying(self._kept)
        return await self._empty(self._kept)

    async def _empty(self, connection: _Connection) -> None:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL lock_timeout = '{_LOCKED_MS}ms'")
            await connection.execute(self._statement)


async def _emptying(connection: _Connection) -> str:
    tables = ", ".join(f'"{name}"' for name in SQLModel.metadata.tables)
    numberings = await connection.fetch(
        "SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences"
    )
    return "; ".join(
        (
            f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE",
            _TRUNCATE_USED,
            *(f"SELECT setval('{name}', 1, false)" for (name,) in numberings),
        )
    )


class PostgresServer:
    """Databases on one PostgreSQL: one whose tables are emptied after use, and others.

    Several processes may use the server, each with databases that bear its `name`; the tables are
    made once for all.
    """

    def __init__(self, socket_dir: Path, name: str = "likecord") -> None:
        self._socket_dir = socket_dir
        self._name = name
        self._numbers = itertools.count(1)
        with alone_in_run("postgres"):
            self._make_template()
        self._run(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        self._emptying = _Emptying(partial(self._connect, name))

    def _make_template(self) -> None:
        if not self._run(f"SELECT FROM pg_database WHERE datname = '{_TEMPLATE}'"):
            self._run("CREATE DATABASE being_made")
            asyncio.run(_upgrade(self._url("being_made")))
            self._run(f"ALTER DATABASE being_made RENAME TO {_TEMPLATE}")

    def close(self) -> None:
        self._emptying.close()

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """Yield the URL of a database with every table and no row."""
        try:
            yield self._url(self._name)
        finally:
            self._emptying.run()

    def empty(self) -> AbstractContextManager[str]:
        """Yield the URL of a database without a table."""
        return self._one_more("template1")

    def copied(self) -> AbstractContextManager[str]:
        """Yield the URL of a database with every table, which goes after use."""
        return self._one_more(_TEMPLATE)

    @contextmanager
    def _one_more(self, template: str) -> Iterator[str]:
        name = f"{self._name}_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self._url(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _url(self, name: str) -> str:
        return f"postgresql+asyncpg://postgres@/{name}?host={self._socket_dir}"

    def _run(self, statement: str) -> list[asyncpg.Record]:
        async def run() -> list[asyncpg.Record]:
            connection = await self._connect("postgres")
            try:
                return await connection.fetch(statement)
            finally:
                await connection.close()

        return asyncio.run(run())

    async def _connect(self, database: str) -> _Connection:
        return await asyncpg.connect(host=str(self._socket_dir), user="postgres", database=database)
