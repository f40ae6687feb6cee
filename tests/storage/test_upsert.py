"""INSERT … ON CONFLICT: who learns that a row is new, and what becomes of one that was there."""

import asyncio
from datetime import date

from sqlalchemy import text
from sqlmodel import col, select

from storage.database import Database
from storage.models import Charge, Charged, XUser
from storage.upsert import insert_new, upsert
from tests.databases import opened
from tests.storage.rows import user_row

DAY = date(2026, 8, 1)


def _charged(*ids: int) -> list[dict[str, object]]:
    return [{"day": DAY, "resource": "user_read", "resource_id": item} for item in ids]


async def _insert(database: Database, *ids: int) -> list[int]:
    async with database.transaction() as session:
        return await insert_new(session, Charged, _charged(*ids), "resource_id")


async def test_only_new_rows_are_told_in_the_order_given(database: Database) -> None:
    assert await _insert(database, 7, 5) == [7, 5]
    assert await _insert(database, 9, 5, 3) == [9, 3]


async def test_a_row_given_twice_is_new_once(database: Database) -> None:
    assert await _insert(database, 4, 4, 4) == [4]


async def test_each_new_row_is_told_to_exactly_one_of_two_writers(database: Database) -> None:
    forwards = range(1, 400)
    first, second = await asyncio.gather(
        _insert(database, *forwards), _insert(database, *reversed(forwards))
    )

    assert sorted([*first, *second]) == list(forwards)


async def test_more_rows_than_a_statement_binds(sqlite: Database) -> None:
    ids = list(range(1, 12_001))

    assert await _insert(sqlite, *ids) == ids


async def test_upsert_overwrites_what_changed(database: Database) -> None:
    async with database.transaction() as session:
        await upsert(session, XUser, [user_row(1, "old"), user_row(2, "other")])
        await upsert(session, XUser, [user_row(1, "new")])

    async with database.reading() as session:
        names = await session.exec(select(XUser.name).order_by(col(XUser.id)))
        assert list(names) == ["new", "other"]


async def test_a_row_upserted_twice_at_once_keeps_its_last_form(database: Database) -> None:
    async with database.transaction() as session:
        await upsert(session, XUser, [user_row(1, "first"), user_row(1, "last")])

    async with database.reading() as session:
        assert (await session.exec(select(XUser.name))).one() == "last"


async def test_upserts_in_opposite_orders_do_not_deadlock(postgres_url: str) -> None:
    async with opened(postgres_url) as database:

        async def save(*ids: int) -> None:
            async with database.transaction() as session:
                await upsert(session, XUser, [user_row(user_id) for user_id in ids])

        await save(1, 2)
        holding = Database(postgres_url)
        async with asyncio.TaskGroup() as group, holding.transaction() as session:
            await upsert(session, XUser, [user_row(1)])
            # Unsorted, the first would get row 1 and want row 2, which the second holds.
            for waiting, ids in enumerate([(1, 2), (2, 1)], start=1):
                group.create_task(save(*ids))
                await _until_waiting(database, waiting)
    await holding.close()


async def _until_waiting(database: Database, writers: int) -> None:
    query = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    while True:
        async with database.reading() as session:
            if (await session.exec(query)).scalar_one() == writers:
                return
        await asyncio.sleep(0.005)


async def test_upsert_adds_to_sums(database: Database) -> None:
    row = {
        "day": DAY,
        "guild_id": 1,
        "purpose": "",
        "post_id": 0,
        "resource": "like",
        "count": 2,
        "micro_usd": 30_000,
    }

    async def add() -> None:
        async with database.transaction() as session:
            await upsert(session, Charge, [row], adding=("count", "micro_usd"))

    await asyncio.gather(add(), add(), add())

    async with database.reading() as session:
        sums = (await session.exec(select(Charge.count, Charge.micro_usd))).one()
        assert tuple(sums) == (6, 90_000)
