"""X's rate limits: fixed windows that open with the first request, on the movable clock."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.clock import Clock

QUARTER_HOUR = 900
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests for the app (with its own token) and for each user (with theirs)."""

    name: str
    app: int | None
    user: int | None
    seconds: int = QUARTER_HOUR


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a caller stands in the tightest of the windows that apply."""

    limit: int
    remaining: int
    reset: int
    allowed: bool

    @property
    def headers(self) -> dict[str, str]:
        return {
            "x-rate-limit-limit": str(self.limit),
            "x-rate-limit-remaining": str(self.remaining),
            "x-rate-limit-reset": str(self.reset),
        }


@dataclass(slots=True)
class _Window:
    limit: int
    ends_at: float
    used: int = 0

    @property
    def remaining(self) -> int:
        return self.limit - self.used


class Limits:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[tuple[str, int | None], _Window] = {}

    def take(self, limits: Sequence[Limit], user_id: int | None) -> Standing | None:
        """Use one request of every window that applies, or none if one of them is empty.

        `user_id` is None for the app's own token. Returns None where no limit applies.
        """
        windows = [
            self._window(limit, allowed, user_id)
            for limit in limits
            if (allowed := limit.app if user_id is None else limit.user) is not None
        ]
        if not windows:
            return None
        has_room = all(window.remaining > 0 for window in windows)
        if has_room:
            for window in windows:
                window.used += 1
        tightest = min(windows, key=lambda window: (window.remaining, -window.ends_at))
        return Standing(
            tightest.limit, tightest.remaining, math.ceil(tightest.ends_at), allowed=has_room
        )

    def forget(self) -> None:
        """Open every window anew."""
        self._windows.clear()

    def _window(self, limit: Limit, allowed: int, user_id: int | None) -> _Window:
        now = self._clock.time()
        key = (limit.name, user_id)
        window = self._windows.get(key)
        if window is None or math.ceil(window.ends_at) <= now:
            window = self._windows[key] = _Window(allowed, now + limit.seconds)
        return window
