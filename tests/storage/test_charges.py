"""X charges a resource once a UTC day, whoever reads it and however often."""

import asyncio
from datetime import date

from sqlmodel import col, select

from storage.charges import WHOLE_MONTH, Charges
from storage.database import Database
from storage.models import Charge
from storage.upsert import Row

DAY = date(2026, 8, 1)
NEXT_DAY = date(2026, 8, 2)
USER = "user_read"
PRICE = 10_000


def a_sum(
    count: int,
    *,
    guild_id: int = 1,
    day: date = DAY,
    resource: str = USER,
    purpose: str = "watch",
    post_id: int = 0,
) -> Row:
    return {
        "day": day,
        "guild_id": guild_id,
        "purpose": purpose,
        "post_id": post_id,
        "resource": resource,
        "count": count,
        "micro_usd": count * PRICE,
    }


async def _charge(
    database: Database, *ids: int, day: date = DAY, guild_id: int = 1, resource: str = USER
) -> int:
    """Pay for what nobody paid for that day; return how much it was."""
    async with database.transaction() as session:
        charges = Charges(session)
        new = await charges.pay(day, resource, ids)
        if new:
            await charges.add([a_sum(len(new), guild_id=guild_id, day=day, resource=resource)])
        return len(new)


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
    async with database.reading() as session:
        by_guild = await Charges(session).spent_by_guild(DAY, NEXT_DAY)
    assert by_guild == {1: 2 * PRICE, 2: PRICE}


async def test_readers_at_once_pay_each_resource_once(database: Database) -> None:
    ids = range(1, 60)

    counts = await asyncio.gather(*(_charge(database, *ids, guild_id=n) for n in range(4)))

    assert sum(counts) == len(ids)
    assert await _spent(database) == len(ids) * PRICE


async def test_nothing_read_costs_nothing(database: Database) -> None:
    assert await _charge(database) == 0
    assert await _spent(database) == 0


async def test_sums_are_added_to(database: Database) -> None:
    for _ in range(2):
        async with database.transaction() as session:
            await Charges(session).add([a_sum(3, resource="like"), a_sum(1, post_id=5)])

    assert await _spent(database) == 8 * PRICE


async def test_days_that_are_over_lose_their_lists_but_not_their_sums(database: Database) -> None:
    await _charge(database, 1, 2)
    await _charge(database, 3, day=NEXT_DAY)

    async with database.transaction() as session:
        await Charges(session).forget_before(NEXT_DAY)

    async with database.reading() as session:
        charges = Charges(session)
        assert await charges.paid(DAY, USER, [1, 2, 3]) == set()
        assert await charges.paid(NEXT_DAY, USER, [1, 2, 3]) == {3}
        assert await charges.paid(NEXT_DAY, "post_read", [3]) == set()
    assert await _spent(database, DAY, NEXT_DAY) == 3 * PRICE


# What a server spent on what


async def _add(database: Database, *rows: Row) -> None:
    async with database.transaction() as session:
        await Charges(session).add(rows)


async def test_what_a_guild_spent_by_day_by_purpose_and_by_post(database: Database) -> None:
    await _add(
        database,
        a_sum(3, post_id=7),
        a_sum(1, post_id=7, resource="post_read"),
        a_sum(5, post_id=8),
        a_sum(2, purpose="/likers", post_id=7),
        a_sum(9, post_id=9, guild_id=2),
        a_sum(4, post_id=7, day=NEXT_DAY),
        a_sum(1, day=NEXT_DAY),
        a_sum(99, post_id=8, day=date(2026, 8, 3)),
    )

    async with database.reading() as session:
        charges = Charges(session)
        assert await charges.by_day(1, DAY, NEXT_DAY) == {DAY: 110_000, NEXT_DAY: 50_000}
        purposes = await charges.by_purpose(1, DAY, NEXT_DAY)
        dearest = await charges.dearest_posts(1, "watch", DAY, NEXT_DAY, 5)
        assert await charges.dearest_posts(1, "watch", DAY, NEXT_DAY, 1) == {7: 80_000}
        assert await charges.by_day(3, DAY, NEXT_DAY) == {}
    assert purposes == {"watch": 140_000, "/likers": 20_000}
    assert list(dearest.items()) == [(7, 80_000), (8, 50_000)]


async def _fold(database: Database, month: date) -> int:
    """Put together all that was before a month; return how many days that were."""
    days = 0
    while True:
        async with database.transaction() as session:
            if not await Charges(session).fold_a_day_before(month):
                return days
        days += 1


async def _rows(database: Database) -> list[tuple[date, int, str, int, str, int]]:
    async with database.reading() as session:
        rows = (await session.exec(select(Charge).order_by(col(Charge.day)))).all()
    return [
        (row.day, row.guild_id, row.purpose, row.post_id, row.resource, row.count) for row in rows
    ]


async def test_a_month_that_is_over_keeps_its_sums_alone(database: Database) -> None:
    july, august = date(2026, 7, 1), date(2026, 8, 1)
    await _add(
        database,
        a_sum(1, day=date(2026, 7, 1), post_id=7),
        a_sum(2, day=date(2026, 7, 31), post_id=8),
        a_sum(4, day=date(2026, 7, 31), resource="post_read", post_id=8),
        a_sum(8, day=date(2026, 8, 1), post_id=7),
    )

    assert await _fold(database, august) == 2
    assert await _fold(database, august) == 0
    # Something that was left over, by a process that was late.
    await _add(database, a_sum(16, day=date(2026, 7, 31), post_id=9))
    assert await _fold(database, august) == 1

    assert await _rows(database) == [
        (july, 1, "watch", 0, WHOLE_MONTH, 23),
        (august, 1, "watch", 7, USER, 8),
    ]
    assert await _spent(database, july, date(2026, 7, 31)) == 23 * PRICE


async def test_processes_that_tidy_at_once_add_nothing_twice(database: Database) -> None:
    days = [date(2026, 7, number) for number in range(1, 11)]
    await _add(database, *(a_sum(1, day=day, post_id=post) for day in days for post in range(9)))

    await asyncio.gather(*(_fold(database, date(2026, 8, 1)) for _ in range(3)))

    assert await _rows(database) == [(days[0], 1, "watch", 0, WHOLE_MONTH, 90)]
