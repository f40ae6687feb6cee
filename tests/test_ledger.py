"""Money: booked by X's day rule, held beforehand, and never past the budget."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.errors import BudgetSpent
from bot.ledger import Ledger
from bot.x.prices import Bill, Charged, Resource
from storage.charges import Charges
from storage.database import Database
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


def _users(*ids: int) -> Charged:
    return Charged(USERS, frozenset(ids))


def _by(guild_id: int) -> Bill:
    return Bill("/likers", guild_id=guild_id)


async def _spent(ledger: Ledger) -> tuple[Decimal, Decimal]:
    return await ledger.spent()


async def test_what_was_paid_today_is_free(ledger: Ledger) -> None:
    await ledger.refresh()
    assert await ledger.price(USERS, [1, 2]) == 20_000

    await ledger.book(_by(1), [_users(1, 2)])

    assert await ledger.price(USERS, [1, 2]) == 0
    assert await ledger.price(USERS, [2, 3]) == 10_000
    assert await ledger.price(Resource.POST_READ, [1, 2]) == 10_000


async def test_reads_are_booked_once_a_day_and_actions_each_time(ledger: Ledger) -> None:
    for _ in range(2):
        await ledger.book(_by(1), [_users(1, 2), Charged(Resource.LIKE, times=1)])

    assert await _spent(ledger) == (Decimal("0.05"), Decimal("0.05"))
    assert ledger.month_usd == pytest.approx(0.05)


async def test_what_is_left_of_the_budget(sqlite: Database, now: Now) -> None:
    assert await Ledger(sqlite, now, None).left() is None
    ledger = Ledger(sqlite, now, Decimal("0.05"))
    assert await ledger.left() == Decimal("0.05")

    await ledger.book(_by(1), [_users(1, 2)])
    async with ledger.hold(10_000):
        assert await ledger.left() == Decimal("0.02")
    await ledger.book(_by(1), [_users(3, 4, 5, 6)])

    assert await ledger.left() == 0


async def test_nothing_costs_nothing(ledger: Ledger) -> None:
    await ledger.book(_by(1), [])
    await ledger.book(_by(1), [_users()])

    assert await _spent(ledger) == (0, 0)


async def test_each_guild_is_booked_what_it_read_first(ledger: Ledger, sqlite: Database) -> None:
    await ledger.book(_by(1), [_users(1, 2)])
    await ledger.book(_by(2), [_users(2, 3)])

    async with sqlite.reading() as session:
        charges = Charges(session)
        day = (JULY - DAY).date()
        assert await charges.spent(day, day, 1) == 20_000
        assert await charges.spent(day, day, 2) == 10_000


async def test_what_was_paid_is_known_after_a_restart(
    ledger: Ledger, sqlite: Database, now: Now
) -> None:
    await ledger.book(_by(1), [_users(1, 2)])

    later = Ledger(sqlite, now, None)
    await later.refresh()

    assert await later.price(USERS, [1, 2, 3]) == 10_000
    assert later.month_usd == pytest.approx(0.02)


async def test_a_new_utc_day_charges_anew_without_being_told(ledger: Ledger, now: Now) -> None:
    await ledger.book(_by(1), [_users(1)])
    now.advance(DAY)

    assert await ledger.price(USERS, [1]) == 10_000
    await ledger.book(_by(1), [_users(1)])

    assert await ledger.price(USERS, [1]) == 0
    assert await _spent(ledger) == (Decimal("0.01"), Decimal("0.02"))


async def test_the_budget_is_enough_to_the_last_thousandth(sqlite: Database, now: Now) -> None:
    ledger = Ledger(sqlite, now, Decimal("0.03"))

    async with ledger.hold(30_000):
        await ledger.book(_by(1), [_users(1, 2, 3)])

    with pytest.raises(BudgetSpent):
        async with ledger.hold(1):
            pass
    async with ledger.hold(0):
        pass


async def test_a_new_month_has_its_own_budget(sqlite: Database, now: Now) -> None:
    now.moment = JULY
    ledger = Ledger(sqlite, now, Decimal("0.01"))
    await ledger.book(_by(1), [_users(1)])
    with pytest.raises(BudgetSpent):
        async with ledger.hold(10_000):
            pass

    now.advance(timedelta(seconds=10))

    async with ledger.hold(10_000):
        await ledger.book(_by(1), [_users(1)])
    assert await _spent(ledger) == (Decimal("0.01"), Decimal("0.01"))


async def test_an_answer_that_comes_in_the_next_month_is_booked_there(
    sqlite: Database, now: Now
) -> None:
    now.moment = JULY
    ledger = Ledger(sqlite, now, Decimal(1))

    async with ledger.hold(10_000):
        now.advance(timedelta(minutes=1))
        await ledger.book(_by(1), [_users(1)])

    assert await _spent(ledger) == (Decimal("0.01"), Decimal("0.01"))
    assert ledger.month_usd == pytest.approx(0.01)


async def test_money_that_was_held_and_not_spent_comes_back(sqlite: Database, now: Now) -> None:
    ledger = Ledger(sqlite, now, Decimal("0.02"))

    async def fail() -> None:
        async with ledger.hold(20_000):
            raise RuntimeError

    for _ in range(3):
        with pytest.raises(RuntimeError):
            await fail()
    async with ledger.hold(20_000):
        pass


async def test_requests_at_once_never_overrun_the_budget(sqlite: Database, now: Now) -> None:
    ledger = Ledger(sqlite, now, Decimal("0.10"))

    async def like() -> bool:
        try:
            async with ledger.hold(15_000):
                await asyncio.sleep(0)
                await ledger.book(_by(1), [Charged(Resource.LIKE, times=1)])
        except BudgetSpent:
            return False
        return True

    liked = await asyncio.gather(*(like() for _ in range(30)))

    assert sum(liked) == 6
    assert await _spent(ledger) == (Decimal("0.09"), Decimal("0.09"))


async def test_what_is_held_is_committed(sqlite: Database, now: Now) -> None:
    ledger = Ledger(sqlite, now, Decimal("0.02"))

    async with AsyncExitStack() as holding:
        await holding.enter_async_context(ledger.hold(15_000))
        with pytest.raises(BudgetSpent):
            await holding.enter_async_context(ledger.hold(5_001))
        await holding.enter_async_context(ledger.hold(5_000))


async def test_without_a_budget_everything_goes(ledger: Ledger) -> None:
    async with ledger.hold(10**12):
        pass


async def test_answers_at_once_pay_each_resource_once(ledger: Ledger) -> None:
    await asyncio.gather(*(ledger.book(_by(guild), [_users(*range(50))]) for guild in range(8)))

    assert await _spent(ledger) == (Decimal("0.50"), Decimal("0.50"))
    assert ledger.month_usd == pytest.approx(0.5)


async def test_a_day_that_turns_among_requests_loses_no_cent(ledger: Ledger, now: Now) -> None:
    await ledger.book(_by(1), [_users(1)])
    now.advance(DAY)

    async def ask(user_id: int) -> None:
        async with ledger.hold(10_000):
            await ledger.book(_by(1), [_users(user_id)])

    await asyncio.gather(*(ask(user_id) for user_id in range(10)))

    assert ledger.month_usd == pytest.approx(0.11)
    assert await _spent(ledger) == (Decimal("0.10"), Decimal("0.11"))
