"""One process leads by a lease; when it ends or stands still another does, and it notices."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import func, text
from sqlmodel import select, update

from storage.database import Database
from storage.fence import LeadLost, check_lead
from storage.lead import LASTS, Lead
from storage.models import Lease, XUser
from tests.databases import another_process, on_postgres


class Steady:
    """A process's own steady clock."""

    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        return self.s


@asynccontextmanager
async def a_process(url: str, clock: Steady) -> AsyncIterator[tuple[Database, Lead]]:
    database = Database(url)
    try:
        yield database, Lead(database, clock)
    finally:
        await database.close()


async def runs_out(database: Database) -> None:
    """Let the lease end, by the database's clock."""
    async with database.always() as session:
        await session.exec(update(Lease).values(until=func.clock_timestamp()))


async def nothing() -> None:
    """What happens in between, where nothing does."""


async def add_user(
    database: Database, user_id: int, meanwhile: Callable[[], Awaitable[None]] = nothing
) -> None:
    async with database.transaction() as session:
        session.add(XUser(id=user_id, username=f"user_{user_id}", name="Somebody"))
        await meanwhile()


async def users(database: Database) -> list[int]:
    async with database.reading() as session:
        return sorted(await session.exec(select(XUser.id)))


async def test_alone_it_leads(database_url: str) -> None:
    async with another_process(database_url) as lead:
        assert [await lead.is_ours() for _ in range(3)] == [True, True, True]
        assert await lead.renew()
        with lead.leading():
            check_lead()


@on_postgres
async def test_of_two_one_leads_until_it_ends(database_url: str) -> None:
    async with another_process(database_url) as second:
        async with another_process(database_url) as first:
            assert await first.is_ours()
            assert not await second.is_ours()
            assert await first.is_ours()
        assert await second.is_ours()


@on_postgres
async def test_a_lease_that_is_not_renewed_goes_to_the_next(
    database_url: str, database: Database
) -> None:
    clock = Steady()
    async with a_process(database_url, clock) as (_, first), another_process(database_url) as next_:
        assert await first.is_ours()
        assert not await next_.renew()
        await runs_out(database)
        assert await next_.renew()

        assert not await first.renew()
        await next_.give_up()
        assert await first.is_ours()


@on_postgres
async def test_who_stood_still_notices_by_its_own_clock(
    database_url: str, database: Database
) -> None:
    clock = Steady()
    async with a_process(database_url, clock) as (its, lead):
        assert await lead.is_ours()
        with lead.leading():
            check_lead()
            clock.s += LASTS.total_seconds()
            with pytest.raises(LeadLost):
                check_lead()
            with pytest.raises(LeadLost):
                await add_user(its, 1)
        assert await users(database) == []
        assert await lead.is_ours(), "nobody else has taken it"


@on_postgres
async def test_what_it_would_still_write_is_refused(database_url: str, database: Database) -> None:
    """Its own clock may have stood still with it: the database knows better."""
    clock = Steady()
    async with a_process(database_url, clock) as (its, lead):
        async with another_process(database_url) as next_:
            assert await lead.is_ours()
            with lead.leading():
                await add_user(its, 1)

                async def meanwhile() -> None:
                    await runs_out(database)
                    assert await next_.renew()

                with pytest.raises(LeadLost):
                    await add_user(its, 2, meanwhile)
                with pytest.raises(LeadLost):
                    check_lead()
                async with its.always() as session:
                    session.add(XUser(id=3, username="user_3", name="Charged"))
        assert await users(database) == [1, 3]


@on_postgres
async def test_an_earlier_time_of_leading_is_over(database_url: str, database: Database) -> None:
    """Who has lost the lead and has it again does not go on with what it did before."""
    clock = Steady()
    async with a_process(database_url, clock) as (its, lead):
        assert await lead.is_ours()
        with lead.leading():
            async with another_process(database_url) as next_:
                await runs_out(database)
                assert await next_.renew()
            assert await lead.renew()
            with pytest.raises(LeadLost):
                await add_user(its, 1)
        with lead.leading():
            await add_user(its, 2)
        assert await users(database) == [2]


@on_postgres
async def test_nobody_takes_over_while_it_commits(database_url: str, database: Database) -> None:
    clock = Steady()
    async with (
        a_process(database_url, clock) as (its, lead),
        another_process(database_url) as next_,
    ):
        assert await lead.is_ours()
        async with its.always() as session:
            await lead.hold(session, 1)
            async with database.reading() as other:
                connection = await other.connection()
                await connection.execute(text("SET lock_timeout = 100"))
                with pytest.raises(Exception, match="lock timeout"):
                    await connection.execute(text("UPDATE lease SET term = term + 1"))
        assert not await next_.renew()


@on_postgres
async def test_asked_many_times_at_once(database_url: str) -> None:
    async with another_process(database_url) as first, another_process(database_url) as second:
        answers = await asyncio.gather(
            *(lead.is_ours() for lead in (first, second) for _ in range(10))
        )
        assert sorted([sum(answers[:10]), sum(answers[10:])]) == [0, 10]
