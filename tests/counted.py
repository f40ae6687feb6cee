"""How many sessions and statements something takes: both are the same on every machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, event

from storage.database import Database

# SQLite's sessions begin with a statement of their own; PostgreSQL's driver begins unseen.
_BEGINS = ("BEGIN", "PRAGMA")
_READS = ("SELECT", "WITH")


@dataclass
class Counted:
    """The first words of each statement, by session."""

    sessions: list[list[str]] = field(default_factory=list)

    @property
    def statements(self) -> int:
        return sum(map(len, self.sessions))

    @property
    def writes(self) -> list[str]:
        return [one for session in self.sessions for one in session if not one.startswith(_READS)]


@contextmanager
def counted(database: Database) -> Iterator[Counted]:
    """Count the sessions and statements of all that is done inside with this database."""
    found = Counted()
    engine = database._engine.sync_engine

    def began(_connection: Connection) -> None:
        found.sessions.append([])

    def executed(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(_BEGINS):
            found.sessions[-1].append(" ".join(statement.split()))

    event.listen(engine, "begin", began)
    event.listen(engine, "before_cursor_execute", executed)
    try:
        yield found
    finally:
        event.remove(engine, "begin", began)
        event.remove(engine, "before_cursor_execute", executed)
