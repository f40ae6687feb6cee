"""`backup`, `restore` and `db copy`: a backup is an SQLite file, whatever the database is."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.domain.errors import Mistake
from bot.run.opening import alone_on, open_database
from storage.backups import copy_sqlite, put_back, version_of
from storage.copying import InUse, NotEmpty, copy_rows
from storage.database import Database
from storage.one_process import sqlite_file
from storage.outages import CannotOpen


async def backup(url: str, file: Path) -> None:
    """Write everything into a new SQLite file, while a bot goes on; raise Mistake if it cannot."""
    source = sqlite_file(url)
    _look_before(file, source)
    with _told(file):
        if source is not None:
            await asyncio.to_thread(copy_sqlite, source, file)
            return
        with _workshop(file) as made:
            async with open_database(url) as database, _opened(made) as copy:
                await copy_rows(database, copy, replace=True)
            await asyncio.to_thread(copy_sqlite, made, file)


async def restore(url: str, file: Path) -> None:
    """Make the database what it was when a backup was made; raise Mistake if it cannot.

    No bot may run on it. What an SQLite file held is kept beside it.
    """
    with _told(file):
        await asyncio.to_thread(_look_at, file)
        target = sqlite_file(url)
        if target is None:
            await _restore_rows(url, file)
            return
        with alone_on(url):
            if target.exists():
                kept = target.with_name(f"{target.name}.before-restore")
                await asyncio.to_thread(copy_sqlite, target, kept)
            await asyncio.to_thread(put_back, file, target)
            async with open_database(url):
                pass


async def copy(url: str, to: str) -> int:
    """Copy everything into a database that holds nothing; return how many rows. No bot may run."""
    try:
        with alone_on(url), alone_on(to):
            async with open_database(url) as source, open_database(to) as target:
                return await copy_rows(source, target, replace=False)
    except NotEmpty:
        raise Mistake(
            "There are rows already where you want to copy to. Nothing was copied."
        ) from None
    except InUse:
        raise _in_use() from None


async def _restore_rows(url: str, file: Path) -> None:
    with _workshop(file) as made:
        await asyncio.to_thread(copy_sqlite, file, made)
        async with _opened(made) as source, open_database(url) as target:
            try:
                await copy_rows(source, target, replace=True)
            except InUse:
                raise _in_use() from None


def _in_use() -> Mistake:
    return Mistake(
        "A bot runs on this database. Stop it first, and wait for 15 seconds if it was killed."
    )


@contextmanager
def _workshop(file: Path) -> Iterator[Path]:
    """Yield where a file can be worked on, beside the backup: there is room for it there."""
    with TemporaryDirectory(prefix=".likecord-", dir=file.parent) as folder:
        yield Path(folder, "likecord.db")


@asynccontextmanager
async def _opened(file: Path) -> AsyncIterator[Database]:
    async with open_database(f"sqlite+aiosqlite:///{file}") as database:
        yield database


def _look_before(file: Path, source: Path | None) -> None:
    if file.exists():
        raise Mistake(f"{file} is there already; name a new file.")
    if source is not None and not source.exists():
        raise Mistake(f"There is no database yet: {source} is not there.")


def _look_at(file: Path) -> None:
    if not file.is_file():
        raise Mistake(f"{file} is not there.")
    if version_of(file) is None:
        raise Mistake(f"{file} is no backup of Likecord's.")


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """Say in a sentence what is wrong with a file."""
    try:
        yield
    except OSError as error:
        raise Mistake(f"{file} cannot be used: {error.strerror}.") from None
    except (sqlite3.Error, CannotOpen) as error:
        raise Mistake(f"{file} cannot be used: {error}.") from None
