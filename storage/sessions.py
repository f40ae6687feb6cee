"""Sessions that go to the database once more where their connection turns out to lead nowhere.

A connection that was in use a moment ago is not tried before it is used, for that takes as long as
a statement. So the first statement is the trial: where the server had ended the connection, nothing
was done yet, and it is said again over another.
"""

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import SessionTransaction
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import GenerativeSelect
from sqlmodel import Session

from storage.outages import is_cut

# A server that restarts ends all connections of the pool.
_TRIES = 3
_BEGUN = "likecord_begun"
READS = "likecord_reads"
"""In a session's `info`: it only reads, so that any of its statements may be said again."""


class WritesNothing(Exception):
    """A session that only reads was to write, or to lock: it may be outside of a transaction."""


class SteadySession(Session):
    def _execute_internal(self, *args: Any, **named: Any) -> Any:  # noqa: ANN401 -- SQLAlchemy's own
        """Execute whatever the public ways to do so were given."""
        if READS in self.info:
            _require_reading(args[0] if args else named["statement"])
        for _ in range(_TRIES - 1):
            may_be_said_again = self._has_done_nothing()
            try:
                return super()._execute_internal(*args, **named)
            except DBAPIError as error:
                if not may_be_said_again or not is_cut(error):
                    raise
            self.invalidate()
            self.info.pop(_BEGUN, None)
        return super()._execute_internal(*args, **named)

    def _has_done_nothing(self) -> bool:
        if READS in self.info:
            return True
        return _BEGUN not in self.info and not (self.new or self.dirty or self.deleted)


def _require_reading(statement: object) -> None:
    """Raise WritesNothing for what changes rows, or keeps others from it."""
    writes = isinstance(statement, UpdateBase)
    locks = isinstance(statement, GenerativeSelect) and _is_for_update(statement)
    if writes or locks:
        raise WritesNothing


def _is_for_update(statement: GenerativeSelect) -> bool:
    return getattr(statement, "_for_update_arg", None) is not None


@event.listens_for(SteadySession, "before_flush")
def _flushes(session: Session, *_: object) -> None:
    if READS in session.info:
        raise WritesNothing


@event.listens_for(SteadySession, "after_begin")
def _begun(session: Session, _transaction: SessionTransaction, _connection: Connection) -> None:
    session.info[_BEGUN] = True
