"""Something that is away: told when that begins, now and then while it lasts, and when it ends."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import timedelta

import structlog

_log = structlog.stdlib.get_logger(__name__)
_TOLD_EVERY_S = 60.0
# Where what keeps it away is another thing from try to try.
_CHANGES_TOLD_EVERY_S = 30.0


class Outage:
    """What of, in words that begin a line; how long to wait grows with each try."""

    def __init__(
        self,
        what: str,
        *,
        begins: str | None = None,
        ends: str | None = None,
        longest_s: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`begins` and `ends` are the lines of it, where it is not that `what` is not reached."""
        self._what = what
        self._begins = begins or f"{self._what} cannot be reached; trying again"
        self._ends = ends or f"{self._what} can be reached again"
        self._longest_s = longest_s
        self._clock = clock
        self._tries = 0
        self._since = self._told_at = 0.0
        self._why = ""

    def failed(self, why: str, *, named_s: float | None = None) -> float:
        """Tell of it, if there is something new to tell; return for how many seconds to wait.

        `named_s` is what the other side asked for, which is waited for however long it is.
        """
        wait_s = named_s if named_s is not None else min(self._longest_s, 2.0**self._tries)
        self.met(why, next_in_s=round(wait_s))
        return wait_s

    def met(self, why: str, **more: int) -> None:
        """Tell of one more try that failed, if there is something new to tell."""
        now = self._clock()
        self._tries += 1
        if self._tries == 1:
            self._since = now
        told_every_s = _TOLD_EVERY_S if why == self._why else _CHANGES_TOLD_EVERY_S
        if self._tries == 1 or now - self._told_at >= told_every_s:
            self._why, self._told_at = why, now
            _log.warning(self._begins, problem=why, tries=self._tries, **more)

    def over(self) -> None:
        """Tell that it is over, if it was."""
        if self._tries:
            lasted = timedelta(seconds=round(self._clock() - self._since))
            _log.info(self._ends, tries=self._tries, after=str(lasted))
        self._tries = 0


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait, or until it is time to stop."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
