"""How often PostgreSQL is gone to, and that a connection which leads nowhere is not used again."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from storage import postgres_engine
from storage.database import Database
from storage.guilds import Guilds
from storage.models import Guild
from tests.databases import opened
from tests.e2e.test_database_away import server_on


class Way:
    """Between a bot and PostgreSQL: counts what the bot sends, and may forget that it is there."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._open: list[asyncio.StreamWriter] = []
        self.trips = 0
        self.connections = 0
        self.forgotten = 0
        self.is_silent = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        answers, asking = await asyncio.open_unix_connection(self._server)
        self._open += [writer, asking]
        number = self.connections
        back = asyncio.create_task(_hand_on(answers, writer))
        while data := await reader.read(1 << 16):
            if number <= self.forgotten:
                writer.transport.abort()
                break
            if self.is_silent and number == 1:
                continue
            self.trips += 1
            asking.write(data)
        asking.close()
        await back

    def close(self) -> None:
        for each in self._open:
            each.close()


async def _hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1 << 16):
        writer.write(data)
    writer.close()


@asynccontextmanager
async def on_the_way(url: str, folder: Path) -> AsyncIterator[tuple[Way, str]]:
    """Yield what stands between, and the URL that leads by it."""
    parsed = make_url(url)
    host = parsed.query["host"]
    assert isinstance(host, str)
    way = Way(str(Path(host, ".s.PGSQL.5432")))
    server = await asyncio.start_unix_server(way.serve, folder / ".s.PGSQL.5432")
    try:
        async with server:
            by_it = parsed.update_query_dict({"host": str(folder)})
            yield way, by_it.render_as_string(hide_password=False)
    finally:
        way.close()


async def _read(database: Database) -> None:
    async with database.reading() as session:
        await Guilds(session).get(1)


async def test_what_reads_goes_there_once_for_each_statement(
    postgres_url: str, tmp_path: Path
) -> None:
    async with on_the_way(postgres_url, tmp_path) as (way, url), opened(url) as database:
        await _read(database)  # connects, and has the statement prepared
        before = way.trips

        await _read(database)
        assert way.trips == before + 1

        async with database.transaction() as session:
            session.add(Guild(id=1))
        before = way.trips
        async with database.transaction() as session:
            await session.exec(select(Guild))
        assert way.trips <= before + 4  # it begins, has it prepared, reads, and ends


async def test_a_pooler_of_transactions_gets_transactions(postgres_url: str) -> None:
    """What is prepared in one and executed in another is unknown there."""
    url = f"{postgres_url}&statement_cache_size=0&prepared_statement_cache_size=0"
    async with opened(url) as database, database.reading() as session:
        first = await session.scalar(text("SELECT now()"))
        assert await session.scalar(text("SELECT now()")) == first, "the same transaction"
    async with opened(postgres_url) as database, database.reading() as session:
        first = await session.scalar(text("SELECT now()"))
        assert await session.scalar(text("SELECT now()")) != first


async def test_a_connection_that_was_ended_is_not_used_again(
    postgres_url: str, tmp_path: Path
) -> None:
    async with on_the_way(postgres_url, tmp_path) as (way, url), opened(url) as database:
        await _read(database)
        ended = await _end_of_connection(database)
        way.close()
        await ended.wait()

        await _read(database)
        assert way.connections == 2


async def test_one_that_rested_is_tried_before_it_is_used(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither side hears that what stands between has forgotten it."""
    async with on_the_way(postgres_url, tmp_path) as (way, url), opened(url) as database:
        await _read(database)
        way.forgotten = 1
        monkeypatch.setattr(postgres_engine, "_TRIED_AFTER_S", 0)

        await _read(database)
        assert way.connections == 2


async def test_one_that_rested_and_has_gone_silent_is_given_up(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands between may drop all that comes, and say nothing."""
    async with on_the_way(postgres_url, tmp_path) as (way, url), opened(url) as database:
        await _read(database)
        way.is_silent = True
        monkeypatch.setattr(postgres_engine, "_TRIED_AFTER_S", 0)
        monkeypatch.setattr(postgres_engine, "_TRIED_FOR_S", 0.05)

        await _read(database)
        assert way.connections == 2


async def test_the_system_gives_up_what_is_silent(postgres_url: str, unused_tcp_port: int) -> None:
    async with server_on(unused_tcp_port, postgres_url.partition("?host=")[2]):
        url = postgres_url.partition("?")[0].replace("@/", f"@127.0.0.1:{unused_tcp_port}/")
        async with (
            opened(f"{url}?ssl=disable") as database,
            database._engine.connect() as connection,
        ):
            driver: Any = (await connection.get_raw_connection()).driver_connection
            way = driver._transport.get_extra_info("socket")
            assert way.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            assert way.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 15_000


async def test_one_that_leads_nowhere_any_more_is_replaced(
    postgres_url: str, tmp_path: Path
) -> None:
    """What is asked first shows it: nothing was done yet, and it is asked over another."""
    async with on_the_way(postgres_url, tmp_path) as (way, url), opened(url) as database:
        await _read(database)
        way.forgotten = 1
        await _read(database)
        assert way.connections == 2

        way.forgotten = 2
        async with database.transaction() as session:
            assert (await session.exec(select(Guild))).all() == []
            session.add(Guild(id=1))
        assert way.connections == 3

        way.forgotten = 3
        async with database.reading() as session:
            assert (await session.exec(select(Guild.id))).all() == [1]
            way.forgotten = 4
            assert (await session.exec(select(Guild.id))).all() == [1], "reading is no half"


async def test_what_was_begun_is_not_done_by_halves(postgres_url: str, tmp_path: Path) -> None:
    async with on_the_way(postgres_url, tmp_path) as (way, url), opened(url) as database:
        with pytest.raises(DBAPIError):
            await _add_and_look(database, way)
        async with database.reading() as session:
            assert await session.get(Guild, 1) is None


async def test_what_the_server_said_while_nobody_listened_is_heard(postgres_url: str) -> None:
    """The loop was busy: the driver does not know yet that its connection has ended."""
    async with opened(postgres_url) as database:
        await _read(database)
        ending = threading.Thread(target=asyncio.run, args=(_end_all(postgres_url),))
        ending.start()
        ending.join()

        async with database.transaction() as session:
            session.add(Guild(id=1))
        async with database.reading() as session:
            assert await session.get(Guild, 1)


async def _add_and_look(database: Database, way: Way) -> None:
    async with database.transaction() as session:
        session.add(Guild(id=1))
        await session.flush()
        way.forgotten = 1
        await session.exec(select(Guild))


async def _end_all(postgres_url: str) -> None:
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
    server = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    try:
        await server.execute(f"SELECT pg_terminate_backend(pid) {others}")
        while await server.fetchval(f"SELECT count(*) {others}"):
            pass
    finally:
        await server.close()


async def _end_of_connection(database: Database) -> asyncio.Event:
    """Return what is set when the driver hears that its connection is over."""
    ended = asyncio.Event()
    async with database._engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        driver.add_termination_listener(lambda _driver: ended.set())
    return ended
