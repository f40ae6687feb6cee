"""What is wrong right now, told once: to the log when it begins and ends, to admins in /status."""

import structlog

from bot.domain.errors import LikecordError

_log = structlog.stdlib.get_logger(__name__)


class Health:
    """The problems of each part of the bot, by the part's name."""

    def __init__(self) -> None:
        self._problems: dict[str, str] = {}

    def fails(self, part: str, error: LikecordError) -> None:
        """Note that a part cannot do its work; the same problem is logged once."""
        problem = str(error)
        if self._problems.get(part) != problem:
            _log.warning("trouble", part=part, problem=type(error).__name__, sentence=problem)
        self._problems[part] = problem

    def works(self, part: str) -> None:
        if self._problems.pop(part, None) is not None:
            _log.info("works again", part=part)

    def forget(self) -> None:
        """Know of no problem any more: others do the work, and know how it goes."""
        self._problems.clear()

    @property
    def parts(self) -> tuple[str, ...]:
        """Return which parts cannot do their work."""
        return tuple(self._problems)

    @property
    def problem(self) -> str | None:
        """Return a sentence about the first problem there is."""
        return next(iter(self._problems.values()), None)
