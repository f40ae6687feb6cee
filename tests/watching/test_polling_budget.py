"""Whether polling may spend now: the bot's budget and each server's are made to last."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.money.budgets import WHOLE_BOT, BudgetBalance, Budgets
from bot.money.pacing import HOLDS_S
from bot.watching.polling_budget import PollingBudget
from storage.charges import Charges
from storage.database import Database
from storage.models import Guild
from tests.databases import on_sqlite

NOW = datetime(2026, 3, 20, tzinfo=UTC)
MONTH_END = datetime(2026, 4, 1, tzinfo=UTC)
BUDGET = 1_000_000_000
FIRST, SECOND, FREE = 1, 2, 3
HALF_SPENT = BudgetBalance(BUDGET, BUDGET // 2, NOW, MONTH_END)
NEARLY_SPENT = BudgetBalance(BUDGET, BUDGET * 9 // 10, NOW, MONTH_END)
SPENT = BudgetBalance(BUDGET, BUDGET, NOW, MONTH_END)

costs = st.integers(0, 2_000_000)
pauses = st.timedeltas(timedelta(0), timedelta(hours=2))
alone = st.sampled_from([(FIRST,), (SECOND,), (FREE,), ()])
shared = st.lists(st.sampled_from([FIRST, SECOND, FREE]), max_size=3, unique=True).map(tuple)
balances = st.sampled_from([NEARLY_SPENT, replace(NEARLY_SPENT, spent_micro_usd=BUDGET - 3)])
Wishes = list[tuple[int, tuple[int, ...], timedelta]]


class _Told(Budgets):
    """Budgets that stand as a test says."""

    def __init__(self, found: Mapping[int, BudgetBalance]) -> None:
        self.found = dict(found)

    async def balances(self, *_: object) -> Mapping[int, BudgetBalance]:
        return self.found


@dataclass
class Play:
    """Polling that looks at the budgets, asks its budget, and spends what it was allowed."""

    found: Mapping[int, BudgetBalance]
    now: datetime = NOW
    spent: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.budgets = _Told(self.found)
        self.budget = PollingBudget(self.budgets, lambda: self.now)
        self.paces = dict.fromkeys(self.found, 0.0)
        self.wait(timedelta(0))

    def wait(self, pause: timedelta) -> None:
        self.now += pause
        self.budgets.found = {
            payer: replace(
                balance,
                spent_micro_usd=balance.spent_micro_usd + self.spent.get(payer, 0),
                now=self.now,
            )
            for payer, balance in self.found.items()
        }
        for payer, balance in self.budgets.found.items():
            self.paces[payer] = max(self.paces[payer], balance.pace_micro_usd_s or 0.0)
        # It waits for nothing, so it needs no event loop.
        with suppress(StopIteration):
            self.budget.look(AsyncSession(), {}).send(None)

    def ask(self, micro_usd: int, guilds: tuple[int, ...]) -> bool:
        if not self.budget.may_spend(micro_usd, guilds):
            return False
        self.budget.spent(micro_usd, guilds)
        for payer, part in ((WHOLE_BOT, 1), *((guild, len(guilds)) for guild in guilds)):
            self.spent[payer] = self.spent.get(payer, 0) + micro_usd // part
        return True

    def most(self, payer: int, dearest: int) -> float:
        """Return what the payer's pace brought in by now, and one burst."""
        pace = self.paces[payer]
        passed_s = (self.now - NOW).total_seconds()
        return pace * passed_s + max(pace * HOLDS_S, dearest) + 1


def _played(play: Play, wishes: Wishes) -> int:
    """Ask for all wishes, and return what the dearest one costs."""
    for micro_usd, guilds, pause in wishes:
        play.ask(micro_usd, guilds)
        play.wait(pause)
    return max(micro_usd for micro_usd, _, _ in wishes)


# The pace


@given(balances, st.lists(st.tuples(costs, shared, pauses), min_size=1, max_size=30))
def test_the_whole_bot_spends_no_more_than_its_pace_and_a_burst(
    balance: BudgetBalance, wishes: Wishes
) -> None:
    play = Play({WHOLE_BOT: replace(balance, kept_micro_usd=0), FIRST: HALF_SPENT})
    dearest = _played(play, wishes)

    assert play.spent.get(WHOLE_BOT, 0) <= play.most(WHOLE_BOT, dearest)


@given(balances, st.lists(st.tuples(costs, alone, pauses), min_size=1, max_size=30))
def test_each_server_spends_no_more_than_its_pace_and_a_burst(
    balance: BudgetBalance, wishes: Wishes
) -> None:
    play = Play({FIRST: balance, SECOND: NEARLY_SPENT})
    dearest = _played(play, wishes)

    for payer in (FIRST, SECOND):
        assert play.spent.get(payer, 0) <= play.most(payer, dearest)


def test_who_keeps_to_the_pace_may_go_on_to_the_end_of_the_month() -> None:
    play, times = Play({FIRST: NEARLY_SPENT}), []
    while play.now < MONTH_END:
        if play.ask(1_000_000, (FIRST,)):
            times.append(play.now)
        play.wait(timedelta(minutes=30))

    assert 0.95 * BUDGET / 10 <= play.spent[FIRST] <= BUDGET / 10
    middle = NOW + (MONTH_END - NOW) / 2
    assert 0.4 <= sum(time < middle for time in times) / len(times) <= 0.6


# Who is held back


@given(costs, shared)
def test_without_any_budget_it_is_always_open(micro_usd: int, guilds: tuple[int, ...]) -> None:
    play = Play({})
    assert all(play.ask(micro_usd, guilds) for _ in range(50))


@given(costs)
def test_a_budget_that_is_half_spent_holds_nobody_back(micro_usd: int) -> None:
    play = Play({WHOLE_BOT: HALF_SPENT, FIRST: HALF_SPENT})
    assert all(play.ask(micro_usd, (FIRST,)) for _ in range(10))


def test_more_than_a_budget_has_left_waits_long_before_it_is_nearly_spent() -> None:
    play = Play({FIRST: HALF_SPENT})
    left = HALF_SPENT.left_micro_usd

    assert not play.ask(left + 1, (FIRST,))
    assert play.ask(left + 1, (FIRST, FREE))
    assert play.ask(left, (FIRST,))


def test_a_server_without_a_budget_is_not_held_back_by_anothers() -> None:
    play = Play({FIRST: NEARLY_SPENT, SECOND: SPENT})
    assert play.ask(2_000_000, (FIRST,))

    assert not play.ask(1_000_000, (FIRST,))
    assert not play.ask(1, (SECOND,))
    assert all(play.ask(2_000_000, (FREE,)) for _ in range(9))


def test_a_spent_budget_stays_shut_and_what_is_free_goes() -> None:
    for found in ({FIRST: SPENT}, {WHOLE_BOT: SPENT}):
        play = Play(found)
        assert not play.ask(1, (FIRST,))
        play.wait(timedelta(days=9))
        assert not play.ask(1, (FIRST,))
        assert play.ask(0, (FIRST,))


def test_whose_budget_is_spent_is_known() -> None:
    budget = Play({FIRST: SPENT, SECOND: NEARLY_SPENT, WHOLE_BOT: SPENT}).budget
    assert budget.is_shut([FIRST])
    assert not budget.is_shut([SECOND])
    assert not budget.is_shut([FIRST, SECOND])
    assert not Play({}).budget.is_shut([FIRST])


def test_what_the_bot_keeps_for_people_is_not_for_polling() -> None:
    play = Play({WHOLE_BOT: replace(SPENT, spent_micro_usd=BUDGET - 5, kept_micro_usd=10)})
    assert not play.ask(1, (FREE,))


def test_what_several_ask_for_is_read_as_long_as_one_of_them_can_pay() -> None:
    play = Play({FIRST: SPENT, SECOND: HALF_SPENT})

    assert play.ask(1_000_000, (FIRST, SECOND))
    assert play.ask(1_000_000, (FIRST, FREE))
    assert not play.ask(1_000_000, (FIRST,))


def test_each_of_several_pays_its_part() -> None:
    play = Play({FIRST: NEARLY_SPENT, SECOND: NEARLY_SPENT})
    burst = int(play.paces[FIRST] * HOLDS_S)
    assert play.ask(burst, (FIRST, SECOND))
    assert play.ask(burst, (FIRST, SECOND))

    assert not play.ask(burst // 10, (FIRST,))
    assert not play.ask(burst // 10, (SECOND,))


# In the database


@on_sqlite
@pytest.mark.parametrize(
    ("used", "now_and_again"), [(0, [True, True]), (90, [True, False]), (100, [False, False])]
)
async def test_the_standing_is_that_of_the_stored_charges(
    database: Database, used: int, now_and_again: list[bool]
) -> None:
    budget = PollingBudget(Budgets(lambda: NOW, Decimal(2_000)), lambda: NOW)
    async with database.transaction() as session:
        session.add(Guild(id=FIRST, budget_micro_usd=BUDGET))
        row = {"guild_id": FIRST, "purpose": "watch", "post_id": 0, "resource": "post_read"}
        spent = BUDGET * used // 100
        await Charges(session).add([{**row, "day": NOW.date(), "count": 1, "micro_usd": spent}])
    async with database.reading() as session:
        await budget.look(session, {FIRST: BUDGET})

    answers = []
    for _ in range(2):
        answers.append(budget.may_spend(1_000_000, (FIRST,)))
        budget.spent(1_000_000, (FIRST,))
    assert answers == now_and_again
    assert budget.may_spend(1_000_000, (FREE,))
