"""Money: booked by X's day rule, held beforehand, and never past the budget."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.errors import (
    BudgetNearlySpent,
    BudgetSpent,
    GuildBudgetNearlySpent,
    GuildBudgetSpent,
)
from bot.money.ledger import Ledger
from bot.x.prices import MICRO_USD, Bill, Billed, Resource
from storage.charges import Charges
from storage.database import Database
from storage.models import Guild
from tests.money.ledgers import book, held, price
from tests.x.clients import Now

JULY = datetime(2026, 7, 31, 23, 59, 50, tzinfo=UTC)
DAY = timedelta(days=1)
USERS = Resource.USER_READ


@pytest.fixture
def now() -> Now:
    return Now(JULY - DAY)


@pytest.fixture
def ledger(sqlite: Database, now: Now) -> Ledger:
    return Ledger(sqlite, now, None)


def _users(*ids: int) -> Billed:
    return Billed(USERS, frozenset(ids))


def _by(guild_id: int) -> Bill:
    return Bill("/likers", guild_id=guild_id)


async def _spent(ledger: Ledger) -> tuple[Decimal, Decimal]:
    return await ledger.spent()


async def test_what_was_paid_today_is_free(ledger: Ledger) -> None:
    await ledger.refresh()
    assert await price(ledger, USERS, [1, 2]) == 20_000

    await book(ledger, _by(1), [_users(1, 2)])

    assert await price(ledger, USERS, [1, 2]) == 0
    assert await price(ledger, USERS, [2, 3]) == 10_000
    assert await price(ledger, Resource.POST_READ, [1, 2]) == 10_000


async def test_reads_are_booked_once_a_day_and_actions_each_time(ledger: Ledger) -> None:
    for _ in range(2):
        await book(ledger, _by(1), [_users(1, 2), Billed(Resource.LIKE, times=1)])

    assert await _spent(ledger) == (Decimal("0.05"), Decimal("0.05"))
    assert ledger.month_usd == pytest.approx(0.05)


async def test_what_is_left_of_the_budget(sqlite: Database, now: Now) -> None:
    assert await Ledger(sqlite, now, None).left() is None
    ledger = Ledger(sqlite, now, Decimal("0.05"))
    assert await ledger.left() == Decimal("0.05")

    await book(ledger, _by(1), [_users(1, 2)])
    async with held(ledger, 10_000):
        assert await ledger.left() == Decimal("0.02")
    await book(ledger, _by(1), [_users(3, 4, 5, 6)])

    assert await ledger.left() == 0


async def test_nothing_costs_nothing(ledger: Ledger) -> None:
    await book(ledger, _by(1), [])
    await book(ledger, _by(1), [_users()])

    assert await _spent(ledger) == (0, 0)


async def test_each_guild_is_booked_what_it_read_first(ledger: Ledger, sqlite: Database) -> None:
    await book(ledger, _by(1), [_users(1, 2)])
    await book(ledger, _by(2), [_users(2, 3)])

    async with sqlite.reading() as session:
        charges = Charges(session)
        day = (JULY - DAY).date()
        assert await charges.spent(day, day, 1) == 20_000
        assert await charges.spent(day, day, 2) == 10_000


async def test_what_was_paid_is_known_after_a_restart(
    ledger: Ledger, sqlite: Database, now: Now
) -> None:
    await book(ledger, _by(1), [_users(1, 2)])

    later = Ledger(sqlite, now, None)
    await later.refresh()

    assert await price(later, USERS, [1, 2, 3]) == 10_000
    assert later.month_usd == pytest.approx(0.02)


async def test_a_new_utc_day_charges_anew_without_being_told(ledger: Ledger, now: Now) -> None:
    await book(ledger, _by(1), [_users(1)])
    now.advance(DAY)

    assert await price(ledger, USERS, [1]) == 10_000
    await book(ledger, _by(1), [_users(1)])

    assert await price(ledger, USERS, [1]) == 0
    assert await _spent(ledger) == (Decimal("0.01"), Decimal("0.02"))


async def test_the_budget_is_enough_to_the_last_thousandth(sqlite: Database, now: Now) -> None:
    ledger = Ledger(sqlite, now, Decimal("0.03"))

    async with held(ledger, 30_000):
        await book(ledger, _by(1), [_users(1, 2, 3)])

    with pytest.raises(BudgetSpent):
        async with held(ledger, 1):
            pass
    async with held(ledger, 0):
        pass


async def test_a_new_month_has_its_own_budget(sqlite: Database, now: Now) -> None:
    now.moment = JULY
    ledger = Ledger(sqlite, now, Decimal("0.01"))
    await book(ledger, _by(1), [_users(1)])
    with pytest.raises(BudgetSpent):
        async with held(ledger, 10_000):
            pass

    now.advance(timedelta(seconds=10))

    async with held(ledger, 10_000):
        await book(ledger, _by(1), [_users(1)])
    assert await _spent(ledger) == (Decimal("0.01"), Decimal("0.01"))


async def test_an_answer_that_comes_in_the_next_month_is_booked_there(
    sqlite: Database, now: Now
) -> None:
    now.moment = JULY
    ledger = Ledger(sqlite, now, Decimal(1))

    async with held(ledger, 10_000):
        now.advance(timedelta(minutes=1))
        await book(ledger, _by(1), [_users(1)])

    assert await _spent(ledger) == (Decimal("0.01"), Decimal("0.01"))
    assert ledger.month_usd == pytest.approx(0.01)


async def test_money_that_was_held_and_not_spent_comes_back(sqlite: Database, now: Now) -> None:
    ledger = Ledger(sqlite, now, Decimal("0.02"))

    async def fail() -> None:
        async with held(ledger, 20_000):
            raise RuntimeError

    for _ in range(3):
        with pytest.raises(RuntimeError):
            await fail()
    async with held(ledger, 20_000):
        pass


async def test_requests_at_once_never_overrun_the_budget(sqlite: Database, now: Now) -> None:
    ledger = Ledger(sqlite, now, Decimal("0.10"))

    async def like() -> bool:
        try:
            async with held(ledger, 15_000):
                await asyncio.sleep(0)
                await book(ledger, _by(1), [Billed(Resource.LIKE, times=1)])
        except BudgetSpent:
            return False
        return True

    liked = await asyncio.gather(*(like() for _ in range(30)))

    assert sum(liked) == 6
    assert await _spent(ledger) == (Decimal("0.09"), Decimal("0.09"))


async def test_what_is_held_is_committed(sqlite: Database, now: Now) -> None:
    ledger = Ledger(sqlite, now, Decimal("0.02"))

    async with AsyncExitStack() as holding:
        await holding.enter_async_context(held(ledger, 15_000))
        with pytest.raises(BudgetSpent):
            await holding.enter_async_context(held(ledger, 5_001))
        await holding.enter_async_context(held(ledger, 5_000))


async def test_without_a_budget_everything_goes(ledger: Ledger) -> None:
    async with held(ledger, 10**12):
        pass


async def test_answers_at_once_pay_each_resource_once(ledger: Ledger) -> None:
    await asyncio.gather(*(book(ledger, _by(guild), [_users(*range(50))]) for guild in range(8)))

    assert await _spent(ledger) == (Decimal("0.50"), Decimal("0.50"))
    assert ledger.month_usd == pytest.approx(0.5)


async def test_a_day_that_turns_among_requests_loses_no_cent(ledger: Ledger, now: Now) -> None:
    await book(ledger, _by(1), [_users(1)])
    now.advance(DAY)

    async def ask(user_id: int) -> None:
        async with held(ledger, 10_000):
            await book(ledger, _by(1), [_users(user_id)])

    await asyncio.gather(*(ask(user_id) for user_id in range(10)))

    assert ledger.month_usd == pytest.approx(0.11)
    assert await _spent(ledger) == (Decimal("0.10"), Decimal("0.11"))


# Budgets of servers


WATCH = Bill("watch", {7: (1,)}, post_id=7)
EXPORT = Bill("/likers export", guild_id=1, lookup=True)


async def _budget(database: Database, guild_id: int, micro_usd: int) -> None:
    async with database.transaction() as session:
        session.add(Guild(id=guild_id, budget_micro_usd=micro_usd))


async def _can(ledger: Ledger, micro_usd: int, bill: Bill) -> bool:
    try:
        async with held(ledger, micro_usd, bill):
            return True
    except GuildBudgetSpent:
        return False


async def test_near_its_budget_a_servers_look_ups_stop_then_its_polling_and_likes_last(
    ledger: Ledger, sqlite: Database
) -> None:
    await _budget(sqlite, 1, 100_000)
    await book(ledger, _by(1), [_users(*range(8))])
    for bill, left in ((EXPORT, 10_000), (WATCH, 20_000)):
        assert await _can(ledger, left, bill)
        assert not await _can(ledger, left + 1, bill)
    with pytest.raises(GuildBudgetNearlySpent, match="kept for watches and likes"):
        async with held(ledger, 10_001, EXPORT):
            pass

    await book(ledger, _by(1), [_users(8, 9)])

    assert not await _can(ledger, 1, WATCH)
    assert not await _can(ledger, 1, EXPORT)
    assert await _can(ledger, 10_000, _by(1))
    assert not await _can(ledger, 10_001, _by(1))
    assert await _can(ledger, 10**9, _by(2))
    assert await _can(ledger, 0, WATCH)


async def test_a_post_is_read_while_one_of_those_who_watch_it_can_pay(
    ledger: Ledger, sqlite: Database
) -> None:
    await _budget(sqlite, 1, 10_000)
    await book(ledger, _by(1), [_users(1)])
    shared = Bill("watch", {7: (1, 2)}, post_id=7)
    assert await _can(ledger, 20_000, shared)

    await _budget(sqlite, 2, 10_000)

    assert await _can(ledger, 20_000, shared)
    assert not await _can(ledger, 20_004, shared)


async def test_what_a_server_has_under_way_is_committed(ledger: Ledger, sqlite: Database) -> None:
    await _budget(sqlite, 1, 100_000)

    async with held(ledger, 60_000, EXPORT):
        assert not await _can(ledger, 60_000, EXPORT)
        assert await ledger.left(EXPORT) == Decimal("0.03")

    assert await _can(ledger, 60_000, EXPORT)


async def test_the_last_of_the_whole_budget_is_for_polling_and_then_for_likes(
    sqlite: Database, now: Now
) -> None:
    ledger = Ledger(sqlite, now, Decimal("0.10"))
    await book(ledger, _by(1), [_users(*range(8))])

    for bill, left in ((EXPORT, 10_000), (WATCH, 15_000)):
        async with held(ledger, left, bill):
            pass
        with pytest.raises(BudgetNearlySpent):
            async with held(ledger, left + 1, bill):
                pass
    async with held(ledger, 20_000, _by(1)):
        pass
    with pytest.raises(BudgetSpent, match=r"until the next month begins\. The person"):
        async with held(ledger, 20_001, _by(1)):
            pass
    assert await ledger.left(EXPORT) == Decimal("0.01")


# Several processes


async def test_what_another_process_paid_is_paid(
    ledger: Ledger, sqlite: Database, now: Now
) -> None:
    other = Ledger(sqlite, now, Decimal("0.05"))
    await other.refresh()

    await book(ledger, _by(1), [_users(1, 2, 3)])

    assert await price(other, USERS, [1, 2, 3, 4]) == 10_000
    with pytest.raises(BudgetSpent):
        async with held(other, 20_001):
            pass
    assert other.month_usd == pytest.approx(0.03)


async def test_processes_at_once_pay_each_resource_once_and_agree(database: Database) -> None:
    now = Now(JULY)
    ledgers = [Ledger(database, now, None) for _ in range(4)]
    watched = Bill("watch", {7: (1, 2, 3)}, post_id=7)

    await asyncio.gather(*(book(each, watched, [_users(*range(50))]) for each in ledgers))

    assert {(await each.spent())[0] for each in ledgers} == {Decimal("0.50")}
    async with database.reading() as session:
        by_guild = await Charges(session).spent_by_guild(JULY.date(), JULY.date())
    assert by_guild == {1: 166_668, 2: 166_666, 3: 166_666}


async def test_a_process_whose_clock_is_behind_still_counts_after_midnight(
    sqlite: Database, now: Now
) -> None:
    ahead, behind = Ledger(sqlite, now, Decimal("0.05")), Ledger(sqlite, Now(now()), None)
    midnight = JULY.replace(hour=0, minute=0, second=0)
    now.moment = midnight + timedelta(minutes=5)
    await ahead.refresh()

    await book(behind, _by(1), [_users(1, 2, 3)])

    assert await ahead.left() == Decimal("0.02")
    now.moment = midnight + timedelta(hours=2)
    assert await ahead.left() == Decimal("0.02")


async def test_another_table_of_prices(sqlite: Database, now: Now) -> None:
    ledger = Ledger(sqlite, now, None, {**MICRO_USD, Resource.USER_READ: 7})

    await book(ledger, _by(1), [_users(1, 2)])

    assert await price(ledger, USERS, [2, 3]) == 7
    assert (await ledger.spent())[0] == Decimal("0.000014")
