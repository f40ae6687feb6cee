"""The sandbox's clock: real time plus what a test has added."""

import time
from datetime import UTC, datetime

# The IDs of that year have one digit more than an ID may have.
LAST_MOMENT = datetime(2086, 1, 1, tzinfo=UTC)


class ClockError(ValueError):
    """The clock does not go there; the text is one sentence."""


def read_seconds(value: object) -> float:
    """Read `advance_s` of a control call; raise ClockError for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ClockError("advance_s: a number of seconds from 0 is needed")
    return value


class Clock:
    def __init__(self) -> None:
        self._offset = 0.0

    def time(self) -> float:
        """Return unix seconds."""
        return time.time() + self._offset

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.time(), UTC)

    def advance(self, seconds: float) -> None:
        """Go forward; raise ClockError for less than nothing, and for too long a time."""
        # Not even NaN, which Python reads in JSON.
        if not 0 <= seconds < LAST_MOMENT.timestamp() - self.time():
            end = LAST_MOMENT.year
            raise ClockError(f"advance_s: the clock only goes forward, and ends before {end}")
        self._offset += seconds
