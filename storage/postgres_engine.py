"""PostgreSQL's engine, which goes to its server no more often than must be.

Each way there and back takes as long as a statement does, or much longer where the server is on
another machine. So a connection that was in use a moment ago is not tried first, and what only
reads goes there once for each statement, outside of a transaction.
"""

import asyncio
import socket
from selectors import EVENT_READ, DefaultSelector
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.outages import cannot_open
from storage.postgres_url import for_driver, may_change_servers
from storage.steady import steady_s

_CONNECT_TIMEOUT_S = 10
# No transaction of ours waits for anything: one that does nothing for so long is of a process that
# stands still, and what it has locked is given to the others.
_STANDS_STILL_MS = 10_000
# What stands between may forget a connection that rests, and tells neither side. None forgets one
# within so short a time.
_TRIED_AFTER_S = 5.0
# Nor does what has forgotten one always say so: it may drop what comes without a word.
_TRIED_FOR_S = 3.0
# A connection in which nothing comes back is given up by the system after so long, whether it was
# asked something or waits for an answer. By itself it would take a quarter of an hour, or forever.
_SILENT_S = 15
_TCP = {
    "TCP_USER_TIMEOUT": _SILENT_S * 1000,
    "TCP_KEEPIDLE": _SILENT_S // 3,
    "TCP_KEEPINTVL": _SILENT_S // 3,
    "TCP_KEEPCNT": 2,
}
_RESTS_SINCE = "likecord_rests_since_s"


def postgres_engine(url: URL) -> AsyncEngine:
    address, arguments = for_driver(url, _CONNECT_TIMEOUT_S)
    engine = create_async_engine(address, connect_args=arguments, hide_parameters=True)
    _set_up_connecting(engine.sync_engine)
    _set_up_trying(engine.sync_engine)
    return engine


def reader_of(engine: AsyncEngine, url: URL) -> AsyncEngine:
    """Return the engine for what only reads.

    At PostgreSQL's usual isolation each statement sees what was committed before it, within a
    transaction as without one. A pooler of transactions wants one all the same: it may send the two
    halves of a statement to two servers.
    """
    if may_change_servers(url):
        return engine
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def _set_up_connecting(engine: Engine) -> None:
    @event.listens_for(engine, "do_connect")
    def _connect(
        dialect: Dialect, _record: object, args: tuple[Any, ...], named: dict[str, Any]
    ) -> DBAPIConnection:
        # SQLAlchemy hands the system's own errors on as they are, and nobody could tell later that
        # they were of the way to the database.
        try:
            return dialect.connect(*args, **named)
        except OSError as error:
            raise cannot_open(error) from error

    @event.listens_for(engine, "connect")
    def _connected(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET idle_in_transaction_session_timeout = {_STANDS_STILL_MS}")
        cursor.close()
        connection.commit()
        _notice_silence(record.driver_connection)


def _set_up_trying(engine: Engine) -> None:
    """Use no connection that its server has ended, or that has rested and leads nowhere any more.

    A server says that it ends one, and says nothing else unasked. What the driver has heard is
    looked up here, and what the system has of it that the driver has not heard yet.
    """

    @event.listens_for(engine, "checkin")
    def _given_back(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_RESTS_SINCE] = steady_s()

    @event.listens_for(engine, "checkout")
    def _taken(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        rests_since = record.info.pop(_RESTS_SINCE, None)
        if rests_since is None:
            return  # it is new
        driver = record.driver_connection
        if driver is None or driver.is_closed():
            raise DisconnectionError
        if steady_s() - rests_since >= _TRIED_AFTER_S or _was_told_something(driver):
            _try(engine.dialect, connection, driver)


def _notice_silence(driver: Any) -> None:  # noqa: ANN401 -- asyncpg's own, which has no types
    """Have the system notice what drops all that is sent; each system names some of the ways."""
    way = _socket_of(driver)
    if way is None or way.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    way.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _TCP.items():
        if hasattr(socket, name):
            way.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _was_told_something(driver: Any) -> bool:  # noqa: ANN401 -- asyncpg's own, which has no types
    """Say whether something came over a connection that waits for nothing."""
    way = _socket_of(driver)
    if way is None or way.fileno() < 0:
        return True
    with DefaultSelector() as selector:
        selector.register(way, EVENT_READ)
        return bool(selector.select(0))


def _socket_of(driver: Any) -> socket.socket | None:  # noqa: ANN401 -- asyncpg's own, which has no types
    """Return None in a release of asyncpg that keeps it elsewhere."""
    transport = getattr(driver, "_transport", None)
    return None if transport is None else transport.get_extra_info("socket")


def _try(dialect: Dialect, connection: DBAPIConnection, driver: Any) -> None:  # noqa: ANN401 -- asyncpg's own, which has no types
    given_up = asyncio.get_running_loop().call_later(_TRIED_FOR_S, driver.terminate)
    try:
        dialect.do_ping(connection)
    except Exception as error:  # whatever it is, a new connection is the better one
        raise DisconnectionError from error
    finally:
        given_up.cancel()
