"""What servers that are not the operator's may cost on a day, to the cent."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.errors import GuestBudgetSpent, GuestNotServed
from bot.money.guest_budget import GuestBudget
from bot.money.home_guilds import HomeGuilds
from bot.money.ledger import Ledger
from bot.x.prices import WATCH, Bill, Billed, Resource, WorstCase
from storage.database import Database
from storage.guilds import Guilds
from tests.databases import on_sqlite
from tests.money.ledgers import book
from tests.storage.rows import NOW
from tests.x.clients import Now

HOME, GUEST, OTHER = 1, 2, 3
FREE, USER = WorstCase(), WorstCase(micro_usd=10_000)


@pytest.fixture
def now() -> Now:
    return Now(NOW)


@pytest.fixture
async def database(database: Database) -> Database:
    async with database.transaction() as session:
        await Guilds(session).set_owned({HOME: True, GUEST: False})
    return database


def ledger_of(database: Database, now: Now, daily: str, *named: int) -> Ledger:
    guests = GuestBudget(HomeGuilds(named), now, Decimal(daily))
    return Ledger(database, now, None, guests=guests)


async def _afford(ledger: Ledger, worst: WorstCase, bill: Bill) -> Bill:
    async with ledger._database.transaction() as session:
        held = await ledger.afford(session, worst, bill)
    ledger.hold(held)
    return held.bill


@on_sqlite
async def test_nothing_is_asked_for_a_guest_not_even_what_is_free(
    database: Database, now: Now
) -> None:
    ledger = ledger_of(database, now, "0")
    for worst in (FREE, USER):
        with pytest.raises(GuestNotServed):
            await _afford(ledger, worst, Bill("/likers", guild_id=GUEST))
    assert await _afford(ledger, USER, Bill("/likers", guild_id=HOME))


async def test_the_settings_name_others(database: Database, now: Now) -> None:
    ledger = ledger_of(database, now, "0", GUEST)
    assert await _afford(ledger, USER, Bill("/likers", guild_id=GUEST))
    with pytest.raises(GuestNotServed):
        await _afford(ledger, USER, Bill("/likers", guild_id=HOME))


@on_sqlite
async def test_a_day_may_cost_so_much_with_what_is_under_way(database: Database, now: Now) -> None:
    ledger, bill = ledger_of(database, now, "0.03"), Bill("/likers", guild_id=GUEST)
    await book(ledger, bill, [Billed(Resource.USER_READ, frozenset({11}))])
    assert await ledger.left(bill) == Decimal("0.02")
    await _afford(ledger, USER, bill)
    await _afford(ledger, USER, bill)

    with pytest.raises(GuestBudgetSpent):
        await _afford(ledger, USER, bill)
    with pytest.raises(GuestBudgetSpent):
        await _afford(ledger, FREE, bill)
    assert await _afford(ledger, USER, Bill("/likers", guild_id=OTHER))

    now.advance(timedelta(days=1))
    assert await _afford(ledger_of(database, now, "0.03"), USER, bill)


@on_sqlite
async def test_of_a_post_that_is_watched_at_home_a_guest_pays_only_what_they_can(
    database: Database, now: Now
) -> None:
    ledger = ledger_of(database, now, "0.004")
    shared = Bill(WATCH, {9: (HOME, GUEST)}, post_id=9)

    assert (await _afford(ledger, WorstCase(micro_usd=8_000), shared)).guild_ids == {HOME, GUEST}
    assert (await _afford(ledger, WorstCase(micro_usd=8_000), shared)).guild_ids == {HOME}
