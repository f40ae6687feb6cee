"""INSERT … ON CONFLICT: who learns that a row is new, and what becomes of one that was there."""

import asyncio
from datetime import date

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.database import Database
from storage.models import Charge, Charged, KeyRefusal, XUser
from storage.upsert import insert_new, lock_row, upsert
from tests.at_once import all_looking_before_any_writes, before_it_is_stored, until_waiting
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
        tasks: list[asyncio.Task[None]] = []
        async with asyncio.TaskGroup() as group, holding.transaction() as session:
            await upsert(session, XUser, [user_row(1)])
            # Unsorted, the first would get row 1 and want row 2, which the second holds.
            for ids in ((1, 2), (2, 1)):
                tasks.append(group.create_task(save(*ids)))
                await until_waiting(database, tasks)
    await holding.close()


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


async def test_what_is_kept_of_a_row_that_was_there(database: Database) -> None:
    async with database.transaction() as session:
        await upsert(session, XUser, [user_row(1, "old")], keeping=("name",))
        changed = {**user_row(1, "new"), "username": "changed"}
        await upsert(session, XUser, [changed], keeping=("name",))

    async with database.reading() as session:
        user = (await session.exec(select(XUser))).one()
        assert (user.username, user.name) == ("changed", "old")


NEW = {"account": "user:1", "endpoint": "", "looks": 0}


async def _look_once_more(database: Database) -> int:
    async with database.transaction() as session:
        row = await lock_row(session, KeyRefusal, NEW)
        row.looks += 1
        return row.looks


async def test_of_two_who_find_no_row_to_change_both_change_it(postgres_url: str) -> None:
    async with opened(postgres_url) as one, opened(postgres_url) as other:
        looks = await all_looking_before_any_writes(
            postgres_url, KeyRefusal, _look_once_more(one), _look_once_more(other)
        )
    assert sorted(looks) == [1, 2]


async def test_a_row_that_is_deleted_just_now_is_there_anew(postgres_url: str) -> None:
    async def forget(session: AsyncSession) -> None:
        await session.exec(delete(KeyRefusal))

    async with opened(postgres_url) as database:
        assert [await _look_once_more(database) for _ in range(2)] == [1, 2]
        (looks,) = await before_it_is_stored(postgres_url, forget, _look_once_more(database))
    assert looks == 1


async def test_a_row_to_change_is_made_once(sqlite: Database) -> None:
    assert [await _look_once_more(sqlite) for _ in range(2)] == [1, 2]
