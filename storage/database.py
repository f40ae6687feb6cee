"""The database: one engine, write and read sessions, and its migrations."""

import asyncio
import contextlib
import os
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

_MIGRATIONS = Path(__file__).with_name("migrations")
# Any number that no other program is likely to lock in the same PostgreSQL database.
_MIGRATION_LOCK = 0x6C696B65636F7264
_BUSY_TIMEOUT_MS = 10_000
_BUSY_PAUSE_S = 0.02
_CONNECT_TIMEOUT_S = 10
_OWNER_ALONE = 0o600


class NestedSession(Exception):
    """A session was asked for by a task that holds one.

    It would wait for a second connection with the first one in its hands: as many tasks as there
    are connections then stand still, each waiting for the others.
    """


class CannotOpen(Exception):
    """The database is not there, not one, or not for us; the text is the reason in one line."""


class Database:
    """Hands out sessions; one transaction is one use case, and none waits for the network."""

    def __init__(self, url: str) -> None:
        self._engine = _create_engine(url)
        self._reader = self._engine.execution_options(likecord_reads=True)
        self._holding: set[asyncio.Task[object] | None] = set()

    @property
    def is_sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Yield a session that commits at the end, or rolls back on an error."""
        async with self._alone(self._engine) as session, session.begin():
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Yield a session that sees one consistent state and writes nothing."""
        async with self._alone(self._reader) as session:
            yield session

    @asynccontextmanager
    async def _alone(self, engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
        """Yield a session; raise NestedSession when this task has one."""
        task = asyncio.current_task()
        if task in self._holding:
            raise NestedSession
        self._holding.add(task)
        try:
            async with AsyncSession(engine, expire_on_commit=False) as session:
                yield session
        finally:
            self._holding.discard(task)

    async def connect(self) -> AsyncConnection:
        """Return a connection of its own, in no transaction; whoever asks closes it."""
        connection = await self._engine.connect()
        return await connection.execution_options(isolation_level="AUTOCOMMIT")

    async def upgrade(self) -> None:
        """Bring the tables to the newest migration; safe while other processes do the same.

        Raises CannotOpen when the database is not there, or does not let us in.
        """
        try:
            await self._upgrade()
        except (SQLAlchemyError, sqlite3.Error, OSError, CommandError) as error:
            raise CannotOpen(_reason(error)) from error
        except _errors_of_asyncpg() as error:
            raise CannotOpen(_reason(error)) from error

    async def _upgrade(self) -> None:
        if self.is_sqlite:
            await asyncio.to_thread(_prepare_file, self._engine.url.database or ":memory:")
        async with self._engine.begin() as connection:
            if not self.is_sqlite:
                await connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK}
                )
            await connection.run_sync(_upgrade)

    async def close(self) -> None:
        await self._engine.dispose()


def _prepare_file(file: str) -> None:
    """Let an SQLite file be read while it is written, which it stays; raise if it cannot be opened.

    Opened here first, because aiosqlite leaves a thread alone when it cannot.
    """
    _make_private(file)
    give_up = time.monotonic() + _BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            with closing(sqlite3.connect(file, isolation_level=None)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            # SQLite's own waiting does not cover this change: two that make it refuse each other.
            if not _is_busy(error) or time.monotonic() > give_up:
                raise
            time.sleep(_BUSY_PAUSE_S)
        else:
            return


def _make_private(file: str) -> None:
    """Make a file that is not there yet for this user alone; SQLite makes those beside it alike."""
    if file != ":memory:" and not file.startswith("file:"):
        # What keeps it from being made keeps SQLite from opening it, which says why.
        with contextlib.suppress(OSError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OWNER_ALONE))


def _is_busy(error: sqlite3.OperationalError) -> bool:
    """Whether another has it for now; the low byte is the code, the rest says more of it."""
    return error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def _errors_of_asyncpg() -> tuple[type[Exception], ...]:
    """Return what SQLAlchemy hands on as it is while it connects; asyncpg need not be there."""
    asyncpg = sys.modules.get("asyncpg")
    return (asyncpg.PostgresError, asyncpg.InterfaceError) if asyncpg is not None else ()


def _reason(error: Exception) -> str:
    """Return the first line of what the driver says, which holds no password."""
    if isinstance(error, TimeoutError):
        return "it does not answer"
    if isinstance(error, CommandError):
        return "its tables are of a newer Likecord"
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().partition("\n")[0] or type(cause).__name__


def alembic_config(connection: Connection) -> Config:
    """Return what Alembic's commands need to work on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(alembic_config(connection), "head")


def _create_engine(url: str) -> AsyncEngine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        timeout = {"timeout": _CONNECT_TIMEOUT_S}
        return create_async_engine(
            parsed, pool_pre_ping=True, connect_args=timeout, hide_parameters=True
        )
    # isolation_level None: the driver must not begin transactions by itself, _began does.
    engine = create_async_engine(
        parsed, connect_args={"isolation_level": None}, hide_parameters=True
    )
    _set_up_sqlite(engine.sync_engine)
    return engine


def _set_up_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connected(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={_BUSY_TIMEOUT_MS}",
            "synchronous=NORMAL",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _began(connection: Connection) -> None:
        # A write that starts as a read fails at once when another writer came between; starting as
        # a writer waits its turn instead.
        reads = connection.get_execution_options().get("likecord_reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
