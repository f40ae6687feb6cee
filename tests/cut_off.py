"""A database whose connection goes in the middle of what is done on it, as when it restarts."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPICursor

from storage.database import Database


@contextmanager
def cut_off_at(database: Database, beginning: str, *, times: int = 1) -> Iterator[list[str]]:
    """Let PostgreSQL end the connection on which a statement that begins so is to be executed.

    Yield the statements that were not; there are as many as `times` says, if they are tried.
    """
    lost: list[str] = []
    engine = database._engine.sync_engine

    def end_it(_connection: object, cursor: DBAPICursor, statement: str, *_more: Any) -> None:
        if len(lost) < times and statement.startswith(beginning):
            lost.append(statement)
            with suppress(Exception):  # that is the end of the connection
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())", ())

    event.listen(engine, "before_cursor_execute", end_it)
    try:
        yield lost
    finally:
        event.remove(engine, "before_cursor_execute", end_it)
