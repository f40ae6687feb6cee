"""X charges a resource once a UTC day, whoever reads it and however often."""

import asyncio
from datetime import date

from storage.charges import Charges
from storage.database import Database

DAY = date(2026, 8, 1)
NEXT_DAY = date(2026, 8, 2)
USER = "user_read"
PRICE = 10_000


async def _charge(
    database: Database, *ids: int, day: date = DAY, guild_id: int = 1, resource: str = USER
) -> int:
    async with database.transaction() as session:
        return await Charges(session).charge(day, guild_id, resource, ids, PRICE)


async def _spent(
    database: Database, since: date = DAY, until: date = DAY, guild_id: int | None = None
) -> int:
    async with database.reading() as session:
        return await Charges(session).spent(since, until, guild_id)


async def test_a_resource_is_charged_once_a_day(database: Database) -> None:
    assert await _charge(database, 1, 2) == 2
    assert await _charge(database, 2, 3) == 1
    assert await _charge(database, 1, 2, 3) == 0

    assert await _spent(database) == 3 * PRICE


async def test_the_next_day_it_is_charged_again(database: Database) -> None:
    await _charge(database, 1)
    assert await _charge(database, 1, day=NEXT_DAY) == 1

    assert await _spent(database, DAY, NEXT_DAY) == 2 * PRICE
    assert await _spent(database, NEXT_DAY, NEXT_DAY) == PRICE


async def test_another_kind_of_resource_with_the_same_id_is_another(database: Database) -> None:
    await _charge(database, 1)

    assert await _charge(database, 1, resource="post_read") == 1


async def test_who_reads_first_pays(database: Database) -> None:
    await _charge(database, 1, 2, guild_id=1)
    await _charge(database, 2, 3, guild_id=2)

    assert await _spent(database, guild_id=1) == 2 * PRICE
    assert await _spent(database, guild_id=2) == PRICE
    assert await _spent(database, guild_id=404) == 0
    assert await _spent(database) == 3 * PRICE


async def test_readers_at_once_pay_each_resource_once(database: Database) -> None:
    ids = range(1, 60)

    counts = await asyncio.gather(*(_charge(database, *ids, guild_id=n) for n in range(4)))

    assert sum(counts) == len(ids)
    assert await _spent(database) == len(ids) * PRICE


async def test_nothing_read_costs_nothing(database: Database) -> None:
    assert await _charge(database) == 0
    assert await _spent(database) == 0


async def test_actions_are_added_each_time(database: Database) -> None:
    for _ in range(2):
        async with database.transaction() as session:
            await Charges(session).add(DAY, 1, "like", 1, 15_000)

    assert await _spent(database) == 30_000


async def test_days_that_are_over_lose_their_lists_but_not_their_sums(database: Database) -> None:
    await _charge(database, 1, 2)
    await _charge(database, 3, day=NEXT_DAY)

    async with database.transaction() as session:
        await Charges(session).forget_before(NEXT_DAY)

    async with database.reading() as session:
        charges = Charges(session)
        assert await charges.of_day(DAY) == []
        assert [row.resource_id for row in await charges.of_day(NEXT_DAY)] == [3]
    assert await _spent(database, DAY, NEXT_DAY) == 3 * PRICE
