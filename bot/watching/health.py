"""What is wrong right now, told once: to the log when it begins and ends, to admins in /status."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from bot.domain.errors import LikecordError

_log = structlog.stdlib.get_logger(__name__)
# What comes and goes all the time is told of so often.
_TOLD_EVERY_S = 60.0


@dataclass(slots=True)
class _Told:
    """The last line about a part; `kind` is that of the problem, empty when it worked again."""

    kind: str = ""
    at: float = float("-inf")
    untold: int = 0


class Health:
    """The problems of each part of the bot, by the part's name."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._problems: dict[str, str] = {}
        self._told: dict[str, _Told] = {}

    def fails(self, part: str, error: LikecordError) -> None:
        """Note that a part cannot do its work; the same kind of problem is logged once."""
        self._problems[part] = str(error)
        told = self._told.setdefault(part, _Told())
        kind, now = type(error).__name__, self._clock()
        if told.kind == kind:
            return
        if now - told.at < _TOLD_EVERY_S:
            told.untold += 1
            return
        more = {"untold": told.untold} if told.untold else {}
        _log.warning("trouble", part=part, problem=kind, sentence=str(error), **more)
        self._told[part] = _Told(kind, now)

    def works(self, part: str) -> None:
        if self._problems.pop(part, None) is None:
            return
        told = self._told.get(part)
        if told is not None and told.kind:
            _log.info("works again", part=part)
            told.kind = ""

    def forget(self) -> None:
        """Know of no problem any more: others do the work, and know how it goes."""
        self._problems.clear()
        self._told.clear()

    @property
    def parts(self) -> tuple[str, ...]:
        """Return which parts cannot do their work."""
        return tuple(self._problems)

    @property
    def problem(self) -> str | None:
        """Return a sentence about the first problem there is."""
        return next(iter(self._problems.values()), None)
