"""Who leads: of the processes on one database, one at a time does what must not be done twice."""

import asyncio
from contextlib import suppress

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database

_NAME = func.hashtextextended("lead", 0)
# When a machine loses its power nobody closes its connection: the server looks, in seconds, whether
# it is still there. By itself it would keep the lock for two hours. No effect on local sockets.
_KEEPALIVE = (
    "SET tcp_keepalives_idle = 10",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
)


class Lead:
    """A lock that PostgreSQL takes back when the process ends, however it ends.

    SQLite is for one process, which leads. PostgreSQL's lock belongs to a connection, which is
    held without a transaction. (A pooler that hands one connection to several clients breaks it.)
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: AsyncConnection | None = None
        self._one_at_a_time = asyncio.Lock()

    async def is_ours(self) -> bool:
        """Say whether this process leads now; if nobody does, it does from now on.

        Raise what a session would when the database cannot be reached.
        """
        if self._database.is_sqlite:
            return True
        async with self._one_at_a_time:
            if self._connection is None:
                self._connection = await self._locked()
                return self._connection is not None
            try:
                await self._connection.execute(select(1))
            except (SQLAlchemyError, OSError):
                # With the connection the lock is gone; somebody else may have it.
                await self._drop(self._connection)
                return False
            return True

    async def give_up(self) -> None:
        """Let another process lead from now on."""
        async with self._one_at_a_time:
            if self._connection is not None:
                await self._drop(self._connection)

    async def _locked(self) -> AsyncConnection | None:
        connection = await self._database.connect()
        try:
            tried = await connection.execute(select(func.pg_try_advisory_lock(_NAME)))
            if tried.scalar_one():
                for setting in _KEEPALIVE:
                    await connection.exec_driver_sql(setting)
                return connection
        except BaseException:
            await self._drop(connection)
            raise
        await connection.close()
        return None

    async def _drop(self, connection: AsyncConnection) -> None:
        """Close the connection itself: in the pool it would keep the lock."""
        self._connection = None
        with suppress(SQLAlchemyError, OSError):
            await connection.invalidate()
        with suppress(SQLAlchemyError, OSError):
            await connection.close()
