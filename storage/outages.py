"""What the database does when it is away for a moment, or its disk is full: waiting helps."""

import errno
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, NoResultFound, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError


class CannotOpen(Exception):
    """The database is not there, not one, or not for us; the text is the reason in one line."""


class DatabaseAway(CannotOpen):
    """The database cannot be used for now; it may be in a moment."""


LOCKED = "another program has it locked"
DISK_FULL = "its disk is full"
# SQLite says so too where there is no room for the file of its index.
_DISK_FAILS = "its disk is full, or fails"
_NO_ANSWER = "it does not answer"
_NO_CONNECTION = "there is no connection to it"
_SQLITE = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_FULL: DISK_FULL,
    sqlite3.SQLITE_IOERR: _DISK_FAILS,
}
# What somebody else has written, or deleted, since it was looked at.
_BY_ANOTHER = (IntegrityError, StaleDataError, NoResultFound)
# PostgreSQL's codes, or their first two signs.
_SQLSTATES = {
    "08": _NO_CONNECTION,
    # One of two that wait for each other is told to go again.
    "40001": "another transaction stood in the way",
    "40P01": "another transaction stood in the way",
    "25P03": "it ended a transaction in which this process stood still",
    "53100": DISK_FULL,
    "53": "it has too much to do",
    "55P03": LOCKED,
    "57P": "it is starting or stopping",
}


def errors_of_asyncpg() -> tuple[type[Exception], ...]:
    """Return what SQLAlchemy hands on as it is while it connects; asyncpg need not be there."""
    asyncpg = sys.modules.get("asyncpg")
    if asyncpg is None:
        return ()
    return (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


def why_away(error: BaseException) -> str | None:
    """Return in a few words why the database cannot be used for now.

    None: waiting would not help, or it is not the database's error at all.
    """
    of_database = (SQLAlchemyError, sqlite3.Error, CannotOpen, *errors_of_asyncpg())
    if not isinstance(error, of_database):
        return None
    for each in _chain(error):
        if (why := _why(each)) is not None:
            return why
    return _NO_CONNECTION if is_cut(error) else None


def while_connecting(error: BaseException) -> str | None:
    """As `why_away`, where the system's own errors are of the way to the database."""
    return why_away(error) or (_of_the_way(error) if isinstance(error, OSError) else None)


def cannot_open(error: Exception) -> CannotOpen:
    """Return what to raise where the database could not be opened: DatabaseAway if it may help."""
    why = while_connecting(error)
    return CannotOpen(_first_line(error)) if why is None else DatabaseAway(why)


def _first_line(error: Exception) -> str:
    """Return the first line of what the driver says, which holds no password."""
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().partition("\n")[0] or type(cause).__name__


@contextmanager
def while_starting() -> Iterator[None]:
    """Raise DatabaseAway for what passes, and CannotOpen for whatever else the database refuses.

    Of two processes that begin at once, one may find that the other has just written, or deleted,
    what it was about to write: that passes, too.
    """
    try:
        yield
    except Exception as error:
        refused = _refused(error)
        if refused is None:
            raise
        raise refused from error


def _refused(error: Exception) -> CannotOpen | None:
    """Return what a database's error is at a start; None where it is ours, or no error of its."""
    if (why := why_away(error)) is not None:
        return DatabaseAway(why)
    if isinstance(error, _BY_ANOTHER):
        return DatabaseAway(f"another process stood in the way ({_first_line(error)})")
    if isinstance(error, (DBAPIError, sqlite3.Error, *errors_of_asyncpg())):
        return CannotOpen(_first_line(error))
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    at: BaseException | None = error
    while at is not None:
        yield at
        at = getattr(at, "orig", None) or at.__cause__


def _why(error: BaseException) -> str | None:
    if isinstance(error, DatabaseAway):
        return str(error)
    if isinstance(error, sqlite3.Error):
        return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return next((why for code, why in _SQLSTATES.items() if state.startswith(code)), None)
    return _of_the_way(error) if isinstance(error, OSError) else None


def _of_the_way(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return _NO_ANSWER
    if error.errno == errno.ENOSPC:
        return DISK_FULL
    return str(error).strip().partition("\n")[0] or _NO_CONNECTION


def is_cut(error: BaseException) -> bool:
    """Say whether the connection went while it was used."""
    return any(_is_cut(each) for each in _chain(error))


def _is_cut(error: BaseException) -> bool:
    """Say whether the connection went, in the words that the driver has for it.

    A server that ends one says so while nothing is asked, which confuses asyncpg.
    """
    asyncpg = sys.modules.get("asyncpg")
    if asyncpg is not None and isinstance(error, asyncpg.InternalClientError):
        return True
    invalidated = isinstance(error, DBAPIError) and error.connection_invalidated
    return invalidated or "connection is closed" in str(error)
