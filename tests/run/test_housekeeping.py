"""What is tidied away, and what stays."""

from datetime import UTC, date, datetime
from decimal import Decimal

from sqlmodel import col, select

from bot.money.ledger import Ledger
from bot.run.housekeeping import Housekeeping
from bot.x.prices import Bill, Billed, Resource
from storage.charges import WHOLE_MONTH, Charges
from storage.database import Database
from storage.models import Charge
from tests.databases import on_sqlite
from tests.money.ledgers import book, price
from tests.x.clients import Now


async def _rows(database: Database) -> list[tuple[date, str, int]]:
    async with database.reading() as session:
        rows = await session.exec(select(Charge).order_by(col(Charge.day)))
        return [(row.day, row.resource, row.micro_usd) for row in rows]


async def test_charges_lose_their_details_when_their_month_and_the_forecast_are_done_with_them(
    database: Database,
) -> None:
    now = Now(datetime(2026, 7, 30, 12, tzinfo=UTC))
    ledger, housekeeping = Ledger(database, now, None), Housekeeping(database, now)
    bill = Bill("watch", {7: (1,)}, post_id=7)
    for moment in (datetime(2026, 7, 30, tzinfo=UTC), datetime(2026, 7, 31, tzinfo=UTC)):
        now.moment = moment
        await book(ledger, bill, [Billed(Resource.USER_READ, frozenset({1, 2}))])
    now.moment = datetime(2026, 8, 8, 23, tzinfo=UTC)
    await book(ledger, bill, [Billed(Resource.USER_READ, frozenset({1}))])

    await housekeeping.tidy()
    before = await _rows(database)
    now.moment = datetime(2026, 8, 9, tzinfo=UTC)
    await housekeeping.tidy()

    august = (date(2026, 8, 8), "user_read", 10_000)
    assert before == [
        (date(2026, 7, 30), "user_read", 20_000),
        (date(2026, 7, 31), "user_read", 20_000),
        august,
    ]
    assert await _rows(database) == [(date(2026, 7, 1), WHOLE_MONTH, 40_000), august]


@on_sqlite
async def test_what_is_paid_for_is_forgotten_when_its_day_is_over(database: Database) -> None:
    now = Now(datetime(2026, 7, 30, 12, tzinfo=UTC))
    ledger, housekeeping = Ledger(database, now, None), Housekeeping(database, now)
    users = Billed(Resource.USER_READ, frozenset({1, 2}))
    await book(ledger, Bill("/likers", guild_id=1), [users])

    await housekeeping.tidy()
    assert await price(ledger, Resource.USER_READ, [1, 2, 3]) == 10_000
    now.moment = datetime(2026, 7, 31, 0, 59, tzinfo=UTC)
    await housekeeping.tidy()
    # Another process may be a little behind.
    async with database.reading() as session:
        assert await Charges(session).paid(date(2026, 7, 30), "user_read", [1, 2, 3]) == {1, 2}
    now.moment = datetime(2026, 7, 31, 1, tzinfo=UTC)
    await housekeeping.tidy()

    async with database.reading() as session:
        assert await Charges(session).paid(date(2026, 7, 30), "user_read", [1, 2]) == set()
    _, month = await ledger.spent()
    assert month == Decimal("0.02")
