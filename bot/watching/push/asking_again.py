"""How soon X is asked again to push what it has not taken: seconds first, then minutes."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.errors import LikecordError

_SOONEST, _LONGEST = timedelta(seconds=5), timedelta(minutes=5)


class AskingAgain:
    """Waits longer each time, until X has taken it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._times = 0
        self._at: datetime | None = None
        self.trouble: LikecordError | None = None
        """What kept X from taking it at the last try."""

    def failed(self, trouble: LikecordError) -> None:
        wait = min(_LONGEST, _SOONEST * 2 ** min(self._times, 10))
        self._times += 1
        self._at, self.trouble = self._now() + wait, trouble

    def worked(self) -> None:
        self._times, self._at, self.trouble = 0, None, None

    @property
    def is_too_soon(self) -> bool:
        return self._at is not None and self._now() < self._at
