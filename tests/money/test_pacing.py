"""A pacer: polling spends no faster than the pace, and a dear reading only waits longer."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.money.budgets import BudgetBalance
from bot.money.pacing import HOLDS_S, Pacer

NOW = datetime(2026, 3, 20, tzinfo=UTC)
MONTH_END = datetime(2026, 4, 1, tzinfo=UTC)
PACES = st.floats(0, 10_000)
COSTS = st.integers(0, 2_000_000)


@dataclass(frozen=True)
class Wish:
    """Who wants to spend so much, at what pace, so long after the one before."""

    micro_usd: int
    pace: float
    after: timedelta


WISHES = st.lists(
    st.builds(Wish, COSTS, PACES, st.timedeltas(timedelta(0), timedelta(hours=2))), min_size=1
)


def _in(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def _excess(wishes: list[Wish]) -> float:
    """Return how much more is spent than the pace brought in."""
    pacer, now = Pacer(), NOW
    spent, came_in = 0, 0.0
    for number, wish in enumerate(wishes):
        now += wish.after
        came_in += wish.pace * wish.after.total_seconds() if number else 0.0
        if pacer.may_spend(wish.micro_usd, wish.pace, now):
            pacer.spent(wish.micro_usd, now)
            spent += wish.micro_usd
    return spent - came_in


@given(WISHES, PACES)
def test_never_more_is_spent_than_the_pace_brought_in_and_one_burst(
    wishes: list[Wish], pace: float
) -> None:
    steady = [replace(wish, pace=pace) for wish in wishes]

    assert _excess(steady) <= max(pace * HOLDS_S, *(wish.micro_usd for wish in wishes), 0) + 1


@given(WISHES)
def test_when_the_pace_changes_it_is_a_burst_of_the_fastest(wishes: list[Wish]) -> None:
    fullest = max(wish.pace for wish in wishes) * HOLDS_S

    assert _excess(wishes) <= fullest + max(wish.micro_usd for wish in wishes) + 1


@given(COSTS, st.floats(1, 10_000))
def test_whatever_it_costs_its_time_comes(micro_usd: int, pace: float) -> None:
    pacer = Pacer()
    assert pacer.may_spend(10**7, pace, NOW)
    pacer.spent(10**7, NOW)

    assert pacer.may_spend(micro_usd, pace, _in(10**7 / pace + 1))


def test_at_a_constant_pace_spending_keeps_it() -> None:
    pacer, spent = Pacer(), 0
    for second in range(86_400):
        if pacer.may_spend(10_000, 100, _in(second)):
            pacer.spent(10_000, _in(second))
            spent += 10_000

    assert 86_400 * 100 <= spent <= (86_400 + HOLDS_S) * 100


def test_without_a_pace_there_is_no_limit_and_no_debt_remains() -> None:
    pacer = Pacer()
    for _ in range(10):
        assert pacer.may_spend(10**9, None, NOW)
        pacer.spent(10**9, NOW)

    assert pacer.may_spend(1, 1, NOW)


def test_with_nothing_left_only_what_is_free_goes() -> None:
    pacer = Pacer()

    assert not pacer.may_spend(1, 0, NOW)
    assert not pacer.may_spend(1, 0, _in(10**6))
    assert pacer.may_spend(0, 0, NOW)


def test_what_was_allowed_and_not_spent_is_still_there() -> None:
    pacer = Pacer()

    assert all(pacer.may_spend(90_000, 100, NOW) for _ in range(3))
    pacer.spent(90_000, NOW)
    assert not pacer.may_spend(1, 100, NOW)


def test_a_clock_that_goes_back_brings_nothing_in() -> None:
    pacer = Pacer()
    assert pacer.may_spend(90_000, 100, NOW)
    pacer.spent(90_000, NOW)

    assert not pacer.may_spend(10_000, 100, _in(-3_600))
    assert not pacer.may_spend(10_000, 100, _in(50))
    assert pacer.may_spend(10_000, 100, _in(100))


@given(st.floats(0.8, 0.99), st.integers(200_000, 1_000_000))
def test_polling_by_its_purse_slows_down_smoothly_and_lasts_to_the_end_of_the_month(
    used: float, micro_usd: int
) -> None:
    budget = 1_000_000_000
    spent, pacer = int(used * budget), Pacer()
    left, halves = budget - spent, []
    now, half = NOW, NOW + (MONTH_END - NOW) / 2
    while now < MONTH_END:
        pace = BudgetBalance(budget, spent, now, MONTH_END).pace_micro_usd_s
        if pacer.may_spend(micro_usd, pace, now):
            pacer.spent(micro_usd, now)
            spent += micro_usd
        if now < half <= now + timedelta(minutes=10):
            halves.append(budget - spent)
        now += timedelta(minutes=10)

    assert spent <= budget + micro_usd
    assert 0.4 * left - micro_usd <= halves[0] <= 0.6 * left + micro_usd
