"""The database: one engine, write and read sessions, and its migrations."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.backups import copy_sqlite, make_private, version_of
from storage.fence import fence_here
from storage.outages import cannot_open, errors_of_asyncpg
from storage.postgres_engine import postgres_engine, reader_of
from storage.scrubbing import is_busy, scrub
from storage.sessions import READS, SteadySession
from storage.sqlite_connection import SqliteConnection, sqlite_connection

_MIGRATIONS = Path(__file__).with_name("migrations")
# Any number that no other program is likely to lock in the same PostgreSQL database.
_MIGRATION_LOCK = 0x6C696B65636F7264
_BUSY_TIMEOUT_MS = 10_000
_BUSY_PAUSE_S = 0.02
# After a power cut the last moments may be missing, and nothing is broken.
_SYNCHRONOUS = "NORMAL"


class NestedSession(Exception):
    """A session was asked for by a task that holds one.

    It would wait for a second connection with the first one in its hands: as many tasks as there
    are connections then stand still, each waiting for the others.
    """


class Database:
    """Hands out sessions; one transaction is one use case, and none waits for the network."""

    def __init__(self, url: str) -> None:
        self._engine = _create_engine(url)
        self._reader = _reader_of(self._engine, url)
        self._holding: set[asyncio.Task[object] | None] = set()

    @property
    def is_sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Yield a session that commits at the end, or rolls back on an error.

        What is done as the process that leads is written only if it leads until the end; else
        LeadLost is raised.
        """
        fence = fence_here()
        async with self.always() as session:
            if fence is not None:
                fence.check()
            yield session
            if fence is not None:
                await fence.hold(session)

    @asynccontextmanager
    async def always(self) -> AsyncIterator[AsyncSession]:
        """Yield a session for what is to be written whoever leads, such as what X has charged."""
        async with self._alone(self._engine) as session:
            yield session
            await session.commit()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Yield a session that writes nothing.

        In SQLite it sees one state; in PostgreSQL each statement sees what is there by then.
        """
        async with self._alone(self._reader) as session:
            session.info[READS] = True
            yield session

    @asynccontextmanager
    async def _alone(self, engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
        """Yield a session; raise NestedSession when this task has one."""
        task = asyncio.current_task()
        if task in self._holding:
            raise NestedSession
        self._holding.add(task)
        session = AsyncSession(engine, sync_session_class=SteadySession, expire_on_commit=False)
        try:
            yield session
        except BaseException:
            async with session:  # is closed even by a task that is cancelled again meanwhile
                raise
        else:
            await session.close()  # waits for nothing: what was written is committed
        finally:
            self._holding.discard(task)

    async def upgrade(self) -> None:
        """Bring the tables to the newest migration; safe while other processes do the same.

        Raises CannotOpen when the database is not there, or does not let us in; DatabaseAway when
        waiting may help.
        """
        try:
            await self._upgrade()
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise cannot_open(error) from error
        except errors_of_asyncpg() as error:
            raise cannot_open(error) from error

    async def _upgrade(self) -> None:
        if self.is_sqlite:
            await asyncio.to_thread(_prepare_file, self._engine.url.database or ":memory:")
        async with (
            self._engine.connect() as connection,
            self._loosely(connection),
            connection.begin(),
        ):
            if not self.is_sqlite:
                await connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK}
                )
            await connection.run_sync(_upgrade)

    @asynccontextmanager
    async def _loosely(self, connection: AsyncConnection) -> AsyncIterator[None]:
        """Let SQLite's tables be made anew, as migrations do, without a thought for their rows.

        To drop a table deletes its rows first, and with them all that refers to them. Only outside
        of a transaction can this be chosen, so the driver is asked, which begins none.
        """
        driver = (await connection.get_raw_connection()).driver_connection
        if not self.is_sqlite or driver is None:
            yield
            return
        await driver.execute("PRAGMA foreign_keys=OFF")
        try:
            yield
        finally:
            await driver.execute("PRAGMA foreign_keys=ON")

    async def scrub(self) -> bool:
        """Leave nothing of what was deleted in SQLite's files; elsewhere that is the server's.

        Return False when it could not be done, because others used them all the time.
        """
        if not self.is_sqlite:
            return True
        async with self._engine.connect() as connection:
            return await scrub(connection)

    async def close(self) -> None:
        await self._engine.dispose()


def _prepare_file(file: str) -> None:
    """Let an SQLite file be read while it is written, which it stays; raise if it cannot be opened.

    Opened here first, because aiosqlite leaves a thread alone when it cannot.
    """
    if file != ":memory:" and not file.startswith("file:"):
        make_private(Path(file))
    give_up = time.monotonic() + _BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            with closing(sqlite3.connect(file, isolation_level=None)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
                if _keep_a_copy(file):
                    # Of what earlier releases deleted something may be left.
                    connection.execute("VACUUM")
        except sqlite3.OperationalError as error:
            # SQLite's own waiting does not cover this change: two that make it refuse each other.
            if not is_busy(error) or time.monotonic() > give_up:
                raise
            time.sleep(_BUSY_PAUSE_S)
        else:
            return


def _keep_a_copy(file: str) -> bool:
    """Copy a file whose tables are of an older version, before they are changed; say if it was."""
    if file == ":memory:":
        return False
    path = Path(file).resolve()
    newest, *older = _versions()
    is_older = version_of(path) in older
    if is_older:
        copy_sqlite(path, path.with_name(f"{path.name}.before-{newest}"))
    return is_older


@cache
def _versions() -> tuple[str, ...]:
    """Return the names of the migrations, the newest first: each file's begins with it."""
    files = (_MIGRATIONS / "versions").glob("[0-9]*_*.py")
    return tuple(sorted((file.name.partition("_")[0] for file in files), reverse=True))


def _upgrade(connection: Connection) -> None:
    if _version(connection) == _versions()[0]:
        return
    # Most starts find the tables as they are to be, and to import Alembic takes a tenth of a start.
    from storage.migrating import migrate  # noqa: PLC0415

    migrate(connection)


def _version(connection: Connection) -> str | None:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def _create_engine(url: str) -> AsyncEngine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return postgres_engine(parsed)
    # isolation_level None: the driver must not begin transactions by itself, ours does.
    arguments = {
        "isolation_level": None,
        "async_creator_fn": sqlite_connection,
        "pragmas": (
            f"busy_timeout={_BUSY_TIMEOUT_MS}",
            f"synchronous={_SYNCHRONOUS}",
            "foreign_keys=ON",
            # What is deleted is overwritten; pages that were split may keep a copy until `scrub`.
            "secure_delete=ON",
        ),
    }
    engine = create_async_engine(parsed, connect_args=arguments, hide_parameters=True)
    _set_up_sqlite(engine.sync_engine)
    return engine


def _reader_of(engine: AsyncEngine, url: str) -> AsyncEngine:
    if engine.dialect.name == "sqlite":
        return engine.execution_options(likecord_reads=True)
    return reader_of(engine, make_url(url))


def _set_up_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "begin")
    def _began(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        if isinstance(driver, SqliteConnection):
            reads = connection.get_execution_options().get("likecord_reads", False)
            driver.begin(only_reads=reads)
