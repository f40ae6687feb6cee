"""Opening the database: all that looking after it needs, without anything of X or Discord."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager

from sqlalchemy.engine import make_url

from bot.domain.errors import SettingsError
from storage.database import Database
from storage.one_process import FileInUse, only_process
from storage.outages import CannotOpen, DatabaseAway, while_starting


@asynccontextmanager
async def open_database(url: str, *, waits: bool = False) -> AsyncIterator[Database]:
    """Open the database, with its tables brought up to date; raise SettingsError if it cannot.

    Who can wait for one that is away for a moment gets DatabaseAway instead.
    """
    try:
        database = Database(url)
    except ModuleNotFoundError as error:
        raise SettingsError(
            [f"DATABASE_URL: needs the package {error.name}; install it with: make postgres"]
        ) from None
    try:
        try:
            await database.upgrade()
        except CannotOpen as error:
            if waits and isinstance(error, DatabaseAway):
                raise
            told = f"the database cannot be opened at {_without_password(url)} ({error})"
            raise SettingsError([f"DATABASE_URL: {told}"]) from None
        yield database
    finally:
        await database.close()


@contextmanager
def refusals_told(url: str) -> Iterator[None]:
    """Raise SettingsError for what the database refuses at the start; DatabaseAway if it passes."""
    try:
        with while_starting():
            yield
    except DatabaseAway:
        raise
    except CannotOpen as error:
        told = f"the database cannot be used at {_without_password(url)} ({error})"
        raise SettingsError([f"DATABASE_URL: {told}"]) from None


def _without_password(url: str) -> str:
    return make_url(url).set(query={}).render_as_string()


@contextmanager
def alone_on(url: str) -> Iterator[None]:
    """Be the only bot on an SQLite file; raise SettingsError when there is one already."""
    with ExitStack() as stack:
        try:
            stack.enter_context(only_process(url))
        except FileInUse as error:
            process = f" (process {error.process_id})" if error.process_id else ""
            taken = f"another Likecord runs on {error.file}{process}; stop it first"
            raise SettingsError(
                [f"DATABASE_URL: {taken}. Several can run together on PostgreSQL"]
            ) from None
        yield


async def upgrade(url: str) -> None:
    async with open_database(url):
        pass
