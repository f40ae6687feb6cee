"""The time of a process: the machine's, which somebody may set while the process runs."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

_log = structlog.stdlib.get_logger(__name__)
# Where the system counts it, time that the machine sleeps through has passed too.
_BOOT_TIME: int | None = getattr(time, "CLOCK_BOOTTIME", None)
# While the machine's clock is behind, this one goes slower by so much, and waits take longer by it.
_SLOWER = 0.05
# A step of less than this is what the network's time corrects every day.
_WORTH_TELLING_S = 5.0

Seconds = Callable[[], float]


def _wall_s() -> float:
    return time.time()


def _steady_s() -> float:
    return time.monotonic() if _BOOT_TIME is None else time.clock_gettime(_BOOT_TIME)


class Clock:
    """Tells the machine's time of the start, and what a steady clock has counted since.

    When the machine's clock is set forward, or was right while the steady one slept, it is followed
    at once: a wait may end early. When it is set back, this one never goes back with it, for then
    all that waits would wait so much longer; it goes a little slower until the two agree.
    """

    def __init__(self, wall_s: Seconds = _wall_s, steady_s: Seconds = _steady_s) -> None:
        self._wall_s, self._steady_s = wall_s, steady_s
        self._seen_wall, self._seen_steady = wall_s(), steady_s()
        self._now = self._seen_wall
        # Metrics are read in a thread of their own.
        self._one_at_a_time = threading.Lock()

    def now(self) -> datetime:
        """Return the time by which everything waits; it never goes back."""
        with self._one_at_a_time:
            wall, steady = self._wall_s(), self._steady_s()
            passed = max(0.0, steady - self._seen_steady)
            set_by = wall - self._seen_wall - passed
            self._seen_wall, self._seen_steady = wall, steady
            ahead = self._now + passed - wall
            self._now += passed - min(ahead, passed * _SLOWER)
        if abs(set_by) >= _WORTH_TELLING_S:
            _log.warning(
                "the clock of this machine was set; no wait gets longer", by_s=round(set_by)
            )
        return datetime.fromtimestamp(self._now, UTC)

    def machine(self) -> datetime:
        """Return what the machine's own clock says now, by which requests are signed."""
        return datetime.fromtimestamp(self._wall_s(), UTC)
