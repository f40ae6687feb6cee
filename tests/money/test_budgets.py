"""Budgets: how fast polling may spend what is left, and who has how much."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money.budgets import WHOLE_BOT, BudgetBalance, Budgets, guild_line, month_end, whole_line
from bot.x.prices import Bill
from storage.charges import Charges
from storage.database import Database
from storage.models import Guild
from tests.databases import on_sqlite
from tests.x.clients import Now

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, tzinfo=UTC)
MONEY = st.integers(0, 10**12)
MOMENTS = st.integers(0, 31 * 86_400 - 1).map(lambda second: MARCH + timedelta(seconds=second))
STANDINGS = st.builds(BudgetBalance, MONEY, MONEY, MOMENTS, st.just(APRIL), MONEY)
WATCH = Bill("watch", guild_id=1)
EXPORT = Bill("/likers export", guild_id=1, lookup=True)
LIKE = Bill("/like", guild_id=1)


@given(STANDINGS)
def test_there_is_a_pace_from_80_percent_on_and_it_never_spends_more_than_is_left(
    balance: BudgetBalance,
) -> None:
    pace = balance.pace_micro_usd_s

    if balance.spent_micro_usd * 10 < balance.budget_micro_usd * 8:
        assert pace is None
    else:
        assert pace is not None
        seconds = (APRIL - balance.now).total_seconds()
        assert 0 <= pace * seconds <= balance.left_micro_usd + 1
    if balance.spent_micro_usd >= balance.budget_micro_usd:
        assert (balance.left_micro_usd, pace) == (0, 0)


@given(STANDINGS, st.integers(1, 10**9))
def test_who_has_spent_more_is_never_faster(balance: BudgetBalance, more: int) -> None:
    later = BudgetBalance(
        balance.budget_micro_usd,
        balance.spent_micro_usd + more,
        balance.now,
        balance.month_ends_at,
        balance.kept_micro_usd,
    )
    pace, slower = balance.pace_micro_usd_s, later.pace_micro_usd_s

    assert slower is not None if pace is not None else True
    assert pace is None or slower is None or slower <= pace


@given(st.floats(0.8, 1), st.integers(1, 100))
def test_whoever_keeps_to_the_pace_has_money_until_the_month_ends(used: float, hours: int) -> None:
    budget = 10**9
    spent = float(int(used * budget) + 1)
    now = APRIL - timedelta(hours=hours)
    while now < APRIL:
        balance = BudgetBalance(budget, int(spent), now, APRIL)
        assert balance.pace_micro_usd_s is not None
        spent += balance.pace_micro_usd_s * 3600
        now += timedelta(hours=1)

    assert budget - 1 - hours <= spent <= budget + 1


def test_the_shares_of_a_budget() -> None:
    half = BudgetBalance(10_000_000, 5_000_000, MARCH, APRIL)
    over = BudgetBalance(10_000_000, 12_000_000, MARCH, APRIL)

    assert (half.used, half.left_micro_usd, half.pace_micro_usd_s) == (0.5, 5_000_000, None)
    assert (over.used, over.left_micro_usd, over.pace_micro_usd_s) == (1.2, 0, 0)
    assert BudgetBalance(0, 0, MARCH, APRIL).pace_micro_usd_s == 0


@pytest.mark.parametrize(
    ("bill", "whole", "guild"), [(EXPORT, 900, 900), (WATCH, 950, 1000), (LIKE, 1000, 1100)]
)
def test_look_ups_stop_first_and_likes_last(bill: Bill, whole: int, guild: int) -> None:
    assert whole_line(1000, bill) == whole
    assert guild_line(1000, bill) == guild


@given(MOMENTS)
def test_every_moment_of_a_month_has_its_end(moment: datetime) -> None:
    assert month_end(moment) == APRIL
    assert month_end(datetime(2026, 12, 31, 23, tzinfo=UTC)) == datetime(2027, 1, 1, tzinfo=UTC)


async def _charge(database: Database, day: datetime, guild_id: int, micro_usd: int) -> None:
    row = {
        "day": day.date(),
        "guild_id": guild_id,
        "purpose": "watch",
        "post_id": 0,
        "resource": "post_read",
        "count": 1,
        "micro_usd": micro_usd,
    }
    async with database.transaction() as session:
        await Charges(session).add([row])


async def test_standings_are_of_this_month_and_of_all_processes(database: Database) -> None:
    now = Now(MARCH + timedelta(days=9))
    async with database.transaction() as session:
        session.add_all([Guild(id=1, budget_micro_usd=10_000), Guild(id=2)])
    await _charge(database, MARCH - timedelta(days=1), 1, 999)
    await _charge(database, MARCH, 1, 4_000)
    await _charge(database, now(), 2, 500)
    budgets = Budgets(now, Decimal("0.02"))

    async with database.reading() as session:
        balances = await budgets.balances(session, {1: 10_000})
    await _charge(database, now(), 1, 100)
    await _charge(database, now() - timedelta(days=1), 1, 10)
    async with database.reading() as session:
        later = await budgets.balances(session, {1: 10_000})

    assert balances.keys() == {1, WHOLE_BOT}
    assert (balances[1].budget_micro_usd, balances[1].spent_micro_usd) == (10_000, 4_000)
    assert balances[1].month_ends_at == APRIL
    whole = balances[WHOLE_BOT]
    assert (whole.budget_micro_usd, whole.spent_micro_usd) == (20_000, 4_500)
    # Five percent are for people's commands.
    assert whole.left_micro_usd == 14_500
    assert later[1].spent_micro_usd == 4_110


@on_sqlite
async def test_a_month_ends_and_all_is_there_again(database: Database) -> None:
    now = Now(APRIL - timedelta(minutes=1))
    budgets = Budgets(now, Decimal(1))

    async def spent() -> int:
        async with database.reading() as session:
            return (await budgets.balances(session, {}))[WHOLE_BOT].spent_micro_usd

    await _charge(database, now(), 1, 4_000)
    assert await spent() == 4_000

    now.advance(timedelta(minutes=2))

    assert await spent() == 0


async def test_without_budgets_there_are_no_balances(database: Database) -> None:
    async with database.reading() as session:
        assert await Budgets(Now(), None).balances(session, {}) == {}
