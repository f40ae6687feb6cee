"""Fixtures that more than one folder of tests uses."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

from storage.database import Database
from tests.databases import COULD_NOT_START, PostgresServer, SqliteFiles, running_postgres

# LIKECORD_LONG=1 looks for minutes at what is otherwise looked at for seconds.
settings.register_profile(
    "likecord",
    deadline=None,
    max_examples=10_000 if os.environ.get("LIKECORD_LONG") == "1" else 100,
)
settings.load_profile("likecord")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL for this session (with xdist: for this worker)."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running_postgres())
        except COULD_NOT_START as error:
            pytest.skip(f"PostgreSQL does not start here: {error}")
        yield server


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
def sqlite_url(sqlite_files: SqliteFiles, tmp_path: Path) -> str:
    """A SQLite database with every table and no row."""
    return sqlite_files.copy(tmp_path / "likecord.db")


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """A PostgreSQL database with every table and no row."""
    with postgres.migrated() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    kind = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(kind))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Each kind of database in turn, without a table."""
    if request.param == "sqlite":
        yield SqliteFiles.url(tmp_path / "empty.db")
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.empty() as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The database of `database_url`, open."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[Database]:
    """A SQLite database, where one kind is enough."""
    opened = Database(sqlite_url)
    yield opened
    await opened.close()
