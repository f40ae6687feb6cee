"""Whether the process does its work: what `GET /healthz` says, also when the work stands still."""

import time
from collections.abc import Callable

# Announcements are looked for every two seconds; who has not for so long cannot, or stands still.
_LONGEST_S = 30.0


class Liveness:
    """Hears of the work from the jobs, and is asked by another thread."""

    def __init__(
        self,
        is_connected: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._is_connected = is_connected
        self._clock = clock
        self._worked_at: float | None = None
        self._problem = ""

    def works(self) -> None:
        """Note that announcements were looked for, with nothing in the way."""
        self._worked_at, self._problem = self._clock(), ""

    def fails(self, problem: str) -> None:
        self._problem = problem

    def why_not(self) -> str | None:
        """Return what keeps this process from announcing, or None when nothing does."""
        if self._worked_at is None:
            return self._problem or "It has not begun yet."
        for_s = self._clock() - self._worked_at
        if for_s > _LONGEST_S:
            return self._problem or f"It has stood still for {for_s:.0f} seconds."
        return None if self._is_connected() else "It is not connected to Discord."
