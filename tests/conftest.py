"""Fixtures that more than one folder of tests uses."""

import gc
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from storage.database import Database
from tests.chromium import chromium
from tests.databases import OpenDatabases, PostgresServer, SqliteFiles
from tests.for_all_workers import (
    import_in_turn,
    pytest_configure_node,
    pytest_xdist_auto_num_workers,
    pytest_xdist_make_scheduler,
    pytest_xdist_setupnodes,
    server_for,
)
from tests.postgres_server import COULD_NOT_START, in_memory, running_postgres

__all__ = [
    "chromium",
    "pytest_configure_node",
    "pytest_xdist_auto_num_workers",
    "pytest_xdist_make_scheduler",
    "pytest_xdist_setupnodes",
]

# Their bots are processes of their own, and some take long: the last to begin are others, so that
# no process works alone at the end.
_WAITING, _ENDS = ("e2e", "crash", "benchmarks"), 0.95
# LIKECORD_LONG=1 looks for minutes at what is otherwise looked at for seconds.
settings.register_profile(
    "likecord",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=10_000 if os.environ.get("LIKECORD_LONG") == "1" else 100,
)
settings.load_profile("likecord")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Spread each folder's files over the whole run: some wait a lot, some keep a core busy.

    Only where files are shared out among processes, in this order.
    """
    if not hasattr(config, "workerinput"):
        return
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    folders: dict[Path, list[Path]] = {}
    for path in files:
        folders.setdefault(path.parent, []).append(path)
    when = {
        path: (index + 0.5) / len(paths) * (_ENDS if folder.name in _WAITING else 1)
        for folder, paths in folders.items()
        for index, path in enumerate(paths)
    }
    items[:] = [item for path in sorted(files, key=when.__getitem__) for item in files[path]]


def pytest_collection(session: pytest.Session) -> None:
    """What is imported and collected is no garbage."""
    gc.disable()
    config = session.config
    told: dict[str, Any] | None = getattr(config, "workerinput", None)
    if told is not None and config.args == config.getini("testpaths"):
        import_in_turn(told, config.rootpath)


def pytest_collection_finish() -> None:
    """Let the garbage collector look at what the tests make, and seldom at all of it.

    Hundreds of thousands of objects live as long as the run does: modules, tests, and what aiohttp
    keeps of each server that a test started.
    """
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 50)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Collect what is garbage. pytest does so five times more, which is quick without the rest."""
    for _ in range(5):
        if not gc.collect():
            break
    gc.freeze()


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[PostgresServer]:
    """A PostgreSQL for this session; the processes of xdist have one together."""
    told: dict[str, str] | None = getattr(request.config, "workerinput", None)
    with ExitStack() as stack:
        try:
            if told is None:
                server = PostgresServer(stack.enter_context(running_postgres()))
            else:
                server = server_for(told)
        except COULD_NOT_START as error:
            pytest.skip(f"PostgreSQL does not start here: {error}")
        stack.callback(server.close)
        yield server


@pytest.fixture(scope="session")
def sqlite_files() -> Iterator[SqliteFiles]:
    with tempfile.TemporaryDirectory(prefix="likecord-sqlite-", dir=in_memory()) as folder:
        yield SqliteFiles(Path(folder))


@pytest.fixture(scope="session")
def open_databases() -> OpenDatabases:
    return OpenDatabases()


@pytest.fixture
def sqlite_url(sqlite_files: SqliteFiles) -> str:
    """A SQLite database with every table and no row."""
    return sqlite_files.fresh()


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


@pytest.fixture(params=["sqlite", "postgresql"])
def own_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each kind of database in turn, with every table, for what changes the tables themselves."""
    if request.param == "sqlite":
        yield str(request.getfixturevalue("sqlite_url"))
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.copied() as url:
        yield url


@pytest.fixture
async def database(open_databases: OpenDatabases, database_url: str) -> AsyncIterator[Database]:
    """The database of `database_url`, open."""
    async with open_databases.of(database_url) as opened:
        yield opened


@pytest.fixture
async def sqlite(open_databases: OpenDatabases, sqlite_url: str) -> AsyncIterator[Database]:
    """A SQLite database, where one kind is enough."""
    async with open_databases.of(sqlite_url) as opened:
        yield opened
