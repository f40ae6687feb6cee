"""The sandbox's clock: real time plus what a test has added."""

import time
from datetime import UTC, datetime

# The IDs of that year have one digit more than an ID may have.
LAST_MOMENT = datetime(2086, 1, 1, tzinfo=UTC)


class ClockError(ValueError):
    """The clock does not go there; the text is one sentence."""


class Clock:
    def __init__(self) -> None:
        self._offset = 0.0

    def time(self) -> float:
        """Return unix seconds."""
        return time.time() + self._offset

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.time(), UTC)

    def advance(self, seconds: object) -> None:
        """Go forward; raise ClockError for what is no number of seconds, or too many."""
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise ClockError("advance_s: a number of seconds from 0 is needed")
        # Not even NaN, which Python reads in JSON.
        if not 0 <= seconds < LAST_MOMENT.timestamp() - self.time():
            end = LAST_MOMENT.year
            raise ClockError(f"advance_s: the clock only goes forward, and ends before {end}")
        self._offset += seconds
