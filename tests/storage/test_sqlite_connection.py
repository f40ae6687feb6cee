"""All rows come, however they are read and however many there are; few need a second way."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage.sqlite_connection import SqliteConnection, sqlite_connection
from tests.patience import GUARD_S

_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n LIMIT ?"
_LONG = "SELECT (SELECT COUNT(*) FROM (?))".replace("?", _NUMBERS).replace("?", "300000")


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[SqliteConnection]:
    file = tmp_path / "a.db"
    with closing(sqlite3.connect(file)) as made:
        made.execute("PRAGMA journal_mode=WAL")
    async with sqlite_connection(str(file), isolation_level=None) as opened:
        yield opened


@pytest.fixture
def ways(connection: SqliteConnection, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the connection's thread was asked for."""
    asked: list[Any] = []
    go = connection._execute

    async def noted(function: Any, *args: Any, **named: Any) -> Any:
        asked.append(function)
        return await go(function, *args, **named)

    monkeypatch.setattr(connection, "_execute", noted)
    return asked


@pytest.mark.parametrize("number", [0, 1, 999, 1_000, 1_001, 2_500])
class TestRows:
    async def test_all_at_once(self, connection: SqliteConnection, number: int) -> None:
        async with connection.cursor() as cursor:
            await cursor.execute(_NUMBERS, (number,))
            assert await cursor.fetchall() == [(i,) for i in range(1, number + 1)]
            assert await cursor.fetchall() == []

    async def test_some_at_a_time(self, connection: SqliteConnection, number: int) -> None:
        async with connection.cursor() as cursor:
            await cursor.execute(_NUMBERS, (number,))
            first = await cursor.fetchone()
            rows = [] if first is None else [first]
            while some := await cursor.fetchmany(700):
                assert len(some) <= 700
                rows += some
            assert rows == [(i,) for i in range(1, number + 1)]

    async def test_one_after_the_other(self, connection: SqliteConnection, number: int) -> None:
        async with connection.cursor() as cursor:
            await cursor.execute(_NUMBERS, (number,))
            assert [row async for row in cursor] == [(i,) for i in range(1, number + 1)]


async def test_a_statement_is_one_way(connection: SqliteConnection, ways: list[Any]) -> None:
    async with connection.cursor() as cursor:
        await cursor.execute("CREATE TABLE a (b INTEGER)")
    async with connection.cursor() as cursor:
        await cursor.executemany("INSERT INTO a VALUES (?)", [(1,), (2,)])
        assert cursor.rowcount == 2
    async with connection.cursor() as cursor:
        await cursor.execute("UPDATE a SET b = b + 1 RETURNING b")
        assert [column[0] for column in cursor.description] == ["b"]
        assert await cursor.fetchall() == [(2,), (3,)]
    assert len(ways) == 3


async def test_what_was_not_read_to_its_end_holds_nobody_up(connection: SqliteConnection) -> None:
    async with connection.cursor() as cursor:
        await cursor.execute("CREATE TABLE a (b INTEGER)")
    async with connection.cursor() as cursor:
        await cursor.execute(f"INSERT INTO a {_NUMBERS}", (2_500,))
    async with connection.cursor() as half_read:
        await half_read.execute("SELECT b FROM a")
    async with connection.cursor() as cursor:
        await cursor.execute("DROP TABLE a")


async def _run(connection: SqliteConnection, sql: str) -> list[Any]:
    async with connection.cursor() as cursor:
        await cursor.execute(sql)
        return list(await cursor.fetchall())


async def test_a_transaction_is_a_way_for_each_statement_that_may_wait(
    connection: SqliteConnection, ways: list[Any]
) -> None:
    connection.begin(only_reads=True)
    for _ in range(2):
        await _run(connection, "SELECT 1")
    await connection.rollback()
    assert not ways

    connection.begin(only_reads=False)
    await _run(connection, "CREATE TABLE a (b INTEGER)")
    await connection.commit()
    assert len(ways) == 2  # what was written is waited for

    connection.begin(only_reads=False)
    await _run(connection, "SELECT b FROM a")
    assert len(ways) == 3  # others may be writing
    await _run(connection, "SELECT b FROM a")
    assert len(ways) == 3
    await connection.rollback()
    assert len(ways) == 4

    connection.begin(only_reads=False)
    await connection.commit()
    await connection.rollback()
    assert len(ways) == 4  # nothing was done


async def test_a_few_rows_are_inserted_on_no_way_once_the_lock_is_there(
    connection: SqliteConnection, ways: list[Any]
) -> None:
    insert = "INSERT INTO a (b) VALUES (?)"
    await _run(connection, "CREATE TABLE a (b INTEGER PRIMARY KEY)")
    async with connection.cursor() as cursor:
        await cursor.execute(insert, (0,))  # is its own transaction, which is written at once
    ways.clear()

    connection.begin(only_reads=False)
    async with connection.cursor() as cursor:
        await cursor.execute(insert, (1,))
        assert len(ways) == 1  # others may be writing
        await cursor.execute(f"{insert} RETURNING b", (2,))
        assert await cursor.fetchall() == [(2,)]
        await cursor.executemany(insert, [(3,), (4,)])
        with pytest.raises(sqlite3.IntegrityError):
            await cursor.execute(insert, (4,))
        assert len(ways) == 1
        await cursor.executemany(insert, [(i,) for i in range(10, 1_000)])
        assert len(ways) == 2  # these take their time
        await cursor.execute("INSERT INTO a (b) SELECT b + 1000 FROM a")
        assert len(ways) == 3  # nobody knows how many these are
    assert await _run(connection, "SELECT COUNT(*) FROM a") == [(2 * 995,)]
    await connection.rollback()

    assert await _run(connection, "SELECT b FROM a") == [(0,)]


async def test_what_only_reads_sees_one_state_until_it_ends(
    connection: SqliteConnection, tmp_path: Path
) -> None:
    await _run(connection, "CREATE TABLE a (b INTEGER)")
    async with sqlite_connection(str(tmp_path / "a.db"), isolation_level=None) as other:
        for seen in range(3):
            connection.begin(only_reads=True)
            assert await _run(connection, "SELECT COUNT(*) FROM a") == [(seen,)]
            await _run(other, "INSERT INTO a VALUES (1)")
            assert await _run(connection, "SELECT COUNT(*) FROM a") == [(seen,)]
            await connection.rollback()
            await _run(connection, "SELECT 1")  # comes after it
            assert not connection.in_transaction


async def test_who_writes_has_the_lock_from_the_first_statement_on(
    connection: SqliteConnection, tmp_path: Path
) -> None:
    await _run(connection, "CREATE TABLE a (b INTEGER)")
    async with sqlite_connection(str(tmp_path / "a.db"), isolation_level=None, timeout=0) as other:
        connection.begin(only_reads=False)
        await _run(connection, "SELECT b FROM a")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            await _run(other, "INSERT INTO a VALUES (1)")
        await connection.rollback()
        await _run(other, "INSERT INTO a VALUES (1)")


async def test_a_transaction_that_was_left_open_is_ended_first(
    connection: SqliteConnection,
) -> None:
    await _run(connection, "CREATE TABLE a (b INTEGER)")
    await _run(connection, "BEGIN")
    await _run(connection, "INSERT INTO a VALUES (1)")

    connection.begin(only_reads=True)

    assert await _run(connection, "SELECT b FROM a") == []


async def test_what_was_only_read_ends_at_once(connection: SqliteConnection) -> None:
    """Its state is kept for nobody, and the thread is not woken for it."""
    connection.begin(only_reads=True)
    await _run(connection, "SELECT 1")
    assert connection.in_transaction

    await connection.rollback()

    assert not connection.in_transaction
    assert connection._tx.empty()


async def test_the_end_waits_for_no_statement_that_was_given_up(
    connection: SqliteConnection,
) -> None:
    here, begun, go_on, ended = threading.get_ident(), *(threading.Event() for _ in range(3))

    def stand_still() -> None:
        if threading.get_ident() != here:
            begun.set()
            go_on.wait(GUARD_S)
            ended.set()

    await connection.create_function("stand_still", 0, stand_still)
    connection.begin(only_reads=True)
    given_up = asyncio.create_task(_run(connection, f"{_LONG}, (SELECT stand_still())"))
    await asyncio.to_thread(begun.wait, GUARD_S)
    given_up.cancel()
    await asyncio.wait([given_up])

    await connection.rollback()

    assert not ended.is_set()
    assert given_up.cancelled()
    reading = asyncio.create_task(_run(connection, "SELECT 1"))
    for _ in range(3):
        await asyncio.sleep(0)
    go_on.set()
    assert await reading == [(1,)]  # comes after both
    assert not connection.in_transaction


@pytest.mark.parametrize("only_reads", [True, False])
async def test_others_go_on_while_something_long_is_read(
    connection: SqliteConnection, *, only_reads: bool
) -> None:
    await _run(connection, "CREATE TABLE a (b INTEGER)")
    connection.begin(only_reads=only_reads)
    if not only_reads:
        await _run(connection, "INSERT INTO a VALUES (1)")
    long = asyncio.create_task(_run(connection, _LONG))
    for _ in range(3):
        await asyncio.sleep(0)
    assert not long.done()

    assert await long == [(300_000,)]
    assert connection.in_transaction
    await connection.commit()
    assert await _run(connection, "SELECT COUNT(*) FROM a") == [(0 if only_reads else 1,)]


async def test_who_reads_much_lets_others_have_their_turn(connection: SqliteConnection) -> None:
    reads, turns = 20, 0

    async def read() -> None:
        for _ in range(reads):
            await _run(connection, "SELECT 1")

    reading = asyncio.create_task(read())
    while not reading.done():
        turns += 1
        await asyncio.sleep(0)

    assert turns >= reads


async def test_what_is_given_up_before_its_turn_does_nothing(connection: SqliteConnection) -> None:
    connection.begin(only_reads=True)
    given_up = asyncio.create_task(_run(connection, "SELECT 1"))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.wait([given_up])

    assert not connection.in_transaction
    await connection.rollback()


async def test_a_file_in_which_reading_may_wait_is_read_in_the_thread(tmp_path: Path) -> None:
    """Where WAL is not to be had, such as on a network's disk, a writer may hold a reader up."""
    file = str(tmp_path / "b.db")
    async with (
        sqlite_connection(file, isolation_level=None) as reader,
        sqlite_connection(file, isolation_level=None) as writer,
    ):
        await _run(writer, "CREATE TABLE a (b INTEGER)")
        await _run(reader, "SELECT 1")
        await _run(writer, "BEGIN EXCLUSIVE")
        reading = asyncio.create_task(_run(reader, "SELECT COUNT(*) FROM a"))
        for _ in range(3):
            await asyncio.sleep(0)
        await _run(writer, "INSERT INTO a VALUES (1)")
        await _run(writer, "COMMIT")

        assert await reading == [(1,)]


async def test_what_fails_at_once_is_told(connection: SqliteConnection, ways: list[Any]) -> None:
    connection.begin(only_reads=True)
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await _run(connection, "SELECT b FROM a")
    assert not ways
    await connection.rollback()
    assert await _run(connection, "SELECT 1") == [(1,)]
