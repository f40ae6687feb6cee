"""A stream that does not stay: a line a minute, and one when it is back."""

import structlog

from bot.run.stream_outage import StreamOutage
from bot.x.stream_delays import Ending


def test_a_stream_that_ends_again_and_again_is_a_line_a_minute() -> None:
    seconds = [0.0]
    told = StreamOutage(lambda: seconds[0])
    with structlog.testing.capture_logs() as lines:
        for second in range(600):
            seconds[0] = float(second)
            told.opened()
            told.look()
            told.closed(Ending.CLOSED, 0.25)
        told.opened()
        for second in range(600, 700):
            seconds[0] = float(second)
            told.look()
    assert len(lines) <= 12
    assert lines[0]["event"] == "X's stream is open: likes come by themselves"
    assert lines[1]["event"].startswith("X's stream has ended")
    assert lines[1]["problem"] == "X has closed it"
    assert (lines[-1]["event"], lines[-1]["tries"]) == ("X's stream is open again", 600)


def test_a_stream_that_is_refused_is_told_with_what_to_look_at() -> None:
    told = StreamOutage(lambda: 0.0)
    with structlog.testing.capture_logs() as lines:
        told.closed(Ending.REFUSED, 3_600)
    assert told.is_refused
    assert "X_BEARER_TOKEN" in lines[0]["problem"]
    told.opened()
    assert not told.is_refused
