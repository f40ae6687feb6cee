"""The process's clock: steady, whatever is done to the machine's."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.run.clock import Clock

START_S = 1_785_585_600.0


class Machine:
    """A machine's two clocks: the one that people set, and the one that only counts."""

    def __init__(self) -> None:
        self.wall_s = START_S
        self.steady_s = 1_000.0

    def passes(self, seconds: float) -> None:
        self.wall_s += seconds
        self.steady_s += seconds

    def is_set(self, by_s: float) -> None:
        self.wall_s += by_s

    def clock(self) -> Clock:
        return Clock(lambda: self.wall_s, lambda: self.steady_s)


@pytest.fixture
def machine() -> Machine:
    return Machine()


def _told(logged: pytest.CaptureFixture[str]) -> int:
    return logged.readouterr().out.count("the clock of this machine was set")


def _since_start(clock: Clock) -> float:
    return (clock.now() - datetime.fromtimestamp(START_S, UTC)).total_seconds()


def test_it_tells_the_machines_time_while_nobody_sets_it(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = machine.clock()
    for _ in range(1_000):
        machine.passes(7.5)
        assert _since_start(clock) == pytest.approx(machine.wall_s - START_S)
    assert _told(capsys) == 0


@pytest.mark.parametrize("back_s", [150.0, 3_600.0])
def test_set_back_it_goes_on_and_says_so_once(
    machine: Machine, capsys: pytest.CaptureFixture[str], back_s: float
) -> None:
    clock = machine.clock()
    machine.is_set(-back_s)
    assert _since_start(clock) == 0
    for second in range(1, 60):
        machine.passes(1)
        assert second * 0.95 <= _since_start(clock) <= second
    assert _told(capsys) == 1


def test_set_back_it_agrees_with_the_machine_again_in_the_end(machine: Machine) -> None:
    clock = machine.clock()
    machine.is_set(-150)
    for _ in range(60):
        machine.passes(60)
        clock.now()
    assert clock.now() == clock.machine()


@pytest.mark.parametrize("asleep", [False, True])
def test_set_forward_or_asleep_it_follows_at_once(
    machine: Machine, capsys: pytest.CaptureFixture[str], *, asleep: bool
) -> None:
    clock = machine.clock()
    if asleep:  # the steady clock counts it, as Linux's does
        machine.passes(3_600)
    else:
        machine.is_set(3_600)
    assert _since_start(clock) == 3_600
    assert _told(capsys) == (0 if asleep else 1)


def test_a_correction_of_a_second_is_not_worth_a_line(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = machine.clock()
    for by_s in (-1.0, 1.0, 2.0):
        machine.is_set(by_s)
        machine.passes(10)
        clock.now()
    assert _told(capsys) == 0


@given(st.lists(st.tuples(st.floats(0, 900), st.floats(-1e6, 1e6)), max_size=30))
def test_it_never_goes_back_and_no_wait_takes_much_longer(
    happenings: list[tuple[float, float]],
) -> None:
    machine = Machine()
    clock = machine.clock()
    before = clock.now()
    for seconds, set_by in happenings:
        machine.is_set(set_by)
        machine.passes(seconds)
        after = clock.now()
        assert (after - before).total_seconds() >= seconds * 0.95 - 1e-3
        before = after


def test_the_real_one_tells_the_time() -> None:
    clock = Clock()
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 5
    assert abs((clock.machine() - datetime.now(UTC)).total_seconds()) < 5
