"""X's stream away: a line when it has ended, one a minute while it does not stay, one after it."""

import time
from collections.abc import Callable, Mapping

import structlog

from bot.run.outage import Outage
from bot.x.stream_delays import Ending

_log = structlog.stdlib.get_logger(__name__)
# A stream that stays open for so long is back.
_STEADY_S = 60.0
_WHY: Mapping[Ending, str] = {
    Ending.CLOSED: "X has closed it",
    Ending.TOLD: "X has ended it, and wants it opened again",
    Ending.TCP: "the connection broke, or nothing came",
    Ending.SERVER: "X is down, or has too much to do",
    Ending.LIMITED: "X wants fewer connections, or wants them more rarely",
    Ending.REFUSED: "X refuses it to this app; X_BEARER_TOKEN and the app's plan decide that",
}


class StreamOutage:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._outage = Outage(
            "X's stream",
            begins="X's stream has ended; likes are counted and read until it is open",
            clock=clock,
            ends="X's stream is open again",
        )
        self._is_known = False
        self._opened_at: float | None = None
        self.is_refused = False

    def opened(self) -> None:
        """Note that it is open, and tell so the first time."""
        self._opened_at, self.is_refused = self._clock(), False
        if not self._is_known:
            self._is_known = True
            _log.info("X's stream is open: likes come by themselves")

    def closed(self, ending: Ending, wait_s: float) -> None:
        self._opened_at, self.is_refused = None, ending is Ending.REFUSED
        self._outage.met(_WHY[ending], next_in_s=round(wait_s))

    def look(self) -> None:
        """Tell that it is open again, once it has stayed so for a while; to be asked often."""
        if self._opened_at is not None and self._clock() - self._opened_at >= _STEADY_S:
            self._outage.over()
