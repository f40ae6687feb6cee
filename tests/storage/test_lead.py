"""One process leads; when it ends, and however it ends, another does."""

import asyncio

from sqlalchemy import text

from storage.database import Database
from tests.databases import another_process, on_postgres


async def test_alone_it_leads(database_url: str) -> None:
    async with another_process(database_url) as lead:
        assert [await lead.is_ours() for _ in range(3)] == [True, True, True]


@on_postgres
async def test_of_two_one_leads_until_it_ends(database_url: str) -> None:
    async with another_process(database_url) as second:
        async with another_process(database_url) as first:
            assert await first.is_ours()
            assert not await second.is_ours()
            assert await first.is_ours()
        assert await second.is_ours()


@on_postgres
async def test_whose_connection_is_gone_leads_no_more(
    database_url: str, database: Database
) -> None:
    async with another_process(database_url) as first, another_process(database_url) as second:
        assert await first.is_ours()
        async with database.transaction() as session:
            connection = await session.connection()
            await connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) "
                    "FROM pg_stat_activity JOIN pg_locks USING (pid) "
                    "WHERE locktype = 'advisory' AND datname = current_database() "
                    "AND pid <> pg_backend_pid()"
                )
            )

        assert await second.is_ours()
        assert not await first.is_ours()
        assert not await first.is_ours()
        await second.give_up()
        assert await first.is_ours()


@on_postgres
async def test_it_holds_no_transaction(database_url: str, database: Database) -> None:
    async with another_process(database_url) as lead:
        assert await lead.is_ours()
        async with database.reading() as session:
            connection = await session.connection()
            states = await connection.execute(
                text(
                    "SELECT state FROM pg_stat_activity JOIN pg_locks USING (pid) "
                    "WHERE locktype = 'advisory' AND datname = current_database()"
                )
            )
            assert states.scalars().all() == ["idle"]


@on_postgres
async def test_asked_many_times_at_once(database_url: str) -> None:
    async with another_process(database_url) as first, another_process(database_url) as second:
        answers = await asyncio.gather(
            *(lead.is_ours() for lead in (first, second) for _ in range(10))
        )
        assert sorted([sum(answers[:10]), sum(answers[10:])]) == [0, 10]
