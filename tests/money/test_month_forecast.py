"""What a month will cost if it goes on like its last days."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.money.month_forecast import month_forecast
from tests.cases import in_turn

DAY = timedelta(days=1)
NOON = datetime(2026, 4, 10, 12, tzinfo=UTC)
TODAY = NOON.date()
LAST = date(2026, 4, 30)


def _week(*costs: int) -> dict[date, int]:
    """Return costs of the days before today, the latest last."""
    return {TODAY - back * DAY: cost for back, cost in enumerate(reversed(costs), 1)}


def test_each_day_to_come_costs_what_the_last_week_did() -> None:
    expected = month_forecast({**_week(90, 10, 20, 30, 40, 50, 60, 70), TODAY: 5}, NOON)

    assert list(expected) == [TODAY + ahead * DAY for ahead in range(21)]
    assert set(expected.values()) == {40}


def test_days_without_costs_count_from_the_first_that_had_any() -> None:
    assert month_forecast(_week(60, 0, 0), NOON)[LAST] == 20
    assert month_forecast({**_week(0, 0, 0), TODAY: 30}, NOON)[LAST] == 60


def test_today_costs_at_least_what_it_has_cost() -> None:
    expected = month_forecast({**_week(10, 10), TODAY: 500}, NOON)

    assert (expected[TODAY], expected[LAST]) == (500, 10)


@in_turn("hour, typical", [(1, 400), (6, 400), (12, 200), (24, 100)])
def test_a_first_day_is_taken_for_what_it_will_have_cost(hour: int, typical: int) -> None:
    begins = NOON.replace(hour=0)
    now = begins + timedelta(hours=hour) - timedelta(microseconds=1)

    assert month_forecast({TODAY: 100}, now)[LAST] == typical


def test_where_nothing_was_spent_nothing_will_be() -> None:
    assert set(month_forecast({}, NOON).values()) == {0}


def test_on_the_last_day_of_a_month_only_that_day_is_left() -> None:
    assert month_forecast({LAST: 7}, datetime(2026, 4, 30, 23, tzinfo=UTC)) == {LAST: 7}


@given(st.dictionaries(st.integers(-10, 0).map(lambda n: TODAY + n * DAY), st.integers(0, 10**9)))
def test_no_day_is_expected_to_cost_more_than_the_dearest(by_day: dict[date, int]) -> None:
    expected = month_forecast(by_day, NOON)

    assert min(expected.values()) >= 0
    assert max(expected.values()) <= 2 * max(by_day.values(), default=0)
