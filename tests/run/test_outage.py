"""Something that is away: a line when it begins, one a minute, and one when it ends."""

import pytest
import structlog

from bot.run.outage import Outage


@pytest.fixture
def seconds() -> list[float]:
    return [0.0]


def test_hours_of_it_are_a_line_a_minute(seconds: list[float]) -> None:
    outage = Outage("Discord", longest_s=60, clock=lambda: seconds[0])
    waits = []
    with structlog.testing.capture_logs() as lines:
        while seconds[0] < 3600:
            waits.append(outage.failed("Discord answers 503"))
            seconds[0] += waits[-1]
        outage.over()
        outage.over()
    assert waits[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert len(lines) <= 3600 / 60 + 2
    assert lines[0]["event"] == "Discord cannot be reached; trying again"
    assert (lines[-1]["event"], lines[-1]["tries"]) == (
        "Discord can be reached again",
        len(waits),
    )


def test_what_the_other_side_asks_for_is_waited_for(seconds: list[float]) -> None:
    outage = Outage("Discord", longest_s=60, clock=lambda: seconds[0])
    with structlog.testing.capture_logs() as lines:
        assert outage.failed("too many requests", named_s=1800.0) == 1800.0
    assert lines[0]["next_in_s"] == 1800


def test_what_is_another_thing_from_try_to_try_is_two_lines_a_minute(seconds: list[float]) -> None:
    outage = Outage("Discord", clock=lambda: seconds[0])
    with structlog.testing.capture_logs() as lines:
        for second in range(0, 600, 5):
            seconds[0] = float(second)
            outage.met(("ServerDisconnectedError", "ClientConnectorError")[second % 2])
    assert lines[0]["problem"] == "ServerDisconnectedError"
    assert len(lines) <= 2 * 600 / 60
