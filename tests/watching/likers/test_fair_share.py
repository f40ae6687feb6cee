"""Whose turn it is: readings are counted per window, account and server."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.watching.likers.fair_share import FairShare

RESET = datetime(2026, 8, 1, 12, 15, tzinfo=UTC)
WINDOW = timedelta(minutes=15)


def _turns(*readings: tuple[int, ...]) -> FairShare:
    turns = FairShare()
    assert turns.served("own", RESET) == {}
    for guild_ids in readings:
        turns.serve("own", guild_ids)
    return turns


def test_a_reading_is_a_turn_of_the_server_that_asked_for_it() -> None:
    assert _turns((1,), (2,), (1,)).served("own", RESET) == {1: 2, 2: 1}


def test_what_several_asked_for_is_a_part_of_a_turn_for_each() -> None:
    assert _turns((1, 2), (1,), (1, 2, 3, 4)).served("own", RESET) == {
        1: 1.75,
        2: 0.75,
        3: 0.25,
        4: 0.25,
    }


@given(st.lists(st.sets(st.integers(1, 9), min_size=1).map(tuple)))
def test_all_turns_together_are_the_readings(readings: list[tuple[int, ...]]) -> None:
    served = _turns(*readings).served("own", RESET)
    assert abs(sum(served.values()) - len(readings)) < 1e-6


def test_what_nobody_asked_for_is_nobodys_turn() -> None:
    assert _turns(()).served("own", RESET) == {}


def test_a_new_window_begins_anew() -> None:
    turns = _turns((1,))
    assert turns.served("own", RESET + WINDOW) == {}
    turns.serve("own", (2,))
    assert turns.served("own", RESET + WINDOW) == {2: 1}


def test_a_reset_that_moves_a_little_is_the_same_window() -> None:
    turns = _turns((1,))
    for seconds in (3, -3, 40, 0):
        assert turns.served("own", RESET + timedelta(seconds=seconds)) == {1: 1}


def test_each_account_has_turns_of_its_own() -> None:
    turns = _turns((1,))
    assert turns.served("linked", RESET) == {}
    turns.serve("linked", (2,))
    assert turns.served("own", RESET) == {1: 1}
