"""What a test leaves in PostgreSQL is gone before the next one."""

import asyncio

import asyncpg
import pytest
from sqlmodel import select

import tests.databases
from storage.models import ActionLog, Guild
from tests.databases import PostgresServer, opened
from tests.storage.rows import NOW

_END_ALL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid != pg_backend_pid()"
)


def _log() -> ActionLog:
    about = {"guild_id": 1, "member_id": 2, "account": "a", "post_id": 3}
    return ActionLog(at=NOW, action="like", outcome="liked", **about)


async def _leave_rows(url: str) -> int | None:
    async with opened(url) as database, database.transaction() as session:
        session.add_all([Guild(id=1), row := _log()])
        await session.flush()
        return row.id


async def _guilds(url: str) -> list[Guild]:
    async with opened(url) as database, database.reading() as session:
        return list(await session.exec(select(Guild)))


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute(statement)
    await connection.close()


def test_no_row_is_left_and_numbers_begin_anew(postgres: PostgresServer) -> None:
    for _ in range(2):
        with postgres.migrated() as url:
            assert asyncio.run(_guilds(url)) == []
            assert asyncio.run(_leave_rows(url)) == 1


def test_a_test_may_end_all_connections(postgres: PostgresServer) -> None:
    for _ in range(2):
        with postgres.migrated() as url:
            assert asyncio.run(_guilds(url)) == []
            asyncio.run(_leave_rows(url))
            asyncio.run(_execute(url, _END_ALL))


def test_a_transaction_that_is_left_open_is_noticed(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tests.databases, "_LOCKED_MS", 20)

    async def begin(url: str) -> None:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        await connection.execute("BEGIN; SELECT FROM guild")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await asyncio.to_thread(emptied.__exit__, None, None, None)
        await connection.close()

    emptied = postgres.migrated()
    asyncio.run(begin(emptied.__enter__()))

    monkeypatch.undo()
    with postgres.migrated() as url:
        assert asyncio.run(_guilds(url)) == []
