"""The course of one export: what it tells of itself, and how it is told to stop."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime

from bot.services.export.values import Progress


class Course:
    """Shared by who reads the rows and who shows how it goes.

    It ends at `until` at the latest. Stopping is asked for, not forced: an answer of X that is on
    its way has its price, and is read and written down first.
    """

    def __init__(self, now: Callable[[], datetime], until: datetime) -> None:
        self._now = now
        self._stop = asyncio.Event()
        self.until = until
        self.progress = Progress()
        self.why_stopped: str | None = None

    def stop(self, why: str) -> None:
        """Ask for an end; the first reason is the one that is told."""
        self.why_stopped = self.why_stopped or why
        self._stop.set()

    @property
    def is_over(self) -> bool:
        return self._now() >= self.until

    def tell(self, rows: int) -> None:
        self.progress = Progress(rows)

    async def wait(self, moment: datetime) -> None:
        """Wait until a moment, or until somebody asks for an end."""
        self.progress = Progress(self.progress.rows, waits_until=moment)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, (moment - self._now()).total_seconds())):
                await self._stop.wait()
        self.tell(self.progress.rows)
