"""Troubles that are foreseen: a line when one begins, a count while it lasts, a line when it ends.

A database that is locked fails every job every two seconds; a traceback for each helps nobody.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import structlog
from structlog.typing import EventDict, WrappedLogger

from storage.outages import while_connecting, why_away

_TOLD_EVERY_S = 60.0
# Discord's own codes: it knows the interaction or its answer no more, or somebody has answered it.
_INTERACTIONS = {
    10062: "an interaction was answered too late (10062): Discord waits for three seconds",
    40060: "an interaction was answered by another process too (40060)",
    10015: "an interaction's fifteen minutes were over (10015)",
    50027: "an interaction's fifteen minutes were over (50027)",
    10008: "a message that was to be changed was deleted meanwhile (10008)",
}
# What discord.py calls it when a command comes in another form than the one that is registered.
_OLDER_COMMAND = "CommandSignatureMismatch"
_OVER = "is over: "
_TELLS_OF_DISCORD = "bot.chat."
_HOLDS_CONNECTIONS = "sqlalchemy.pool."


@dataclass(slots=True)
class _Trouble:
    since: float
    told_at: float
    last_at: float
    times: int = 1
    told_times: int = 1


class Foreseen(logging.Filter):
    """Puts its own line in the place of what it knows, for the standard logging and structlog."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._troubles: dict[str, _Trouble] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Change or drop a record of the standard logging."""
        if isinstance(record.msg, dict):
            return True  # structlog's, which came this way before
        if record.name.startswith(_HOLDS_CONNECTIONS) and _is_cancelled(record.exc_info):
            return False  # whoever used the connection waits for nothing any more
        sentence = (
            _foreseen_in(record.exc_info)
            or _foreseen_in(record.args)
            or _discord_away(record)
            or _database_away(record)
        )
        if sentence is None:
            return True
        line = self._line(sentence)
        if line is None:
            return False
        record.msg, record.args, record.exc_info = line, (), None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """Change or drop what structlog is about to log."""
        sentence = _foreseen_in(event.get("exc_info"))
        if sentence is None:
            return event
        line = self._line(sentence)
        if line is None:
            raise structlog.DropEvent
        return {"event": line, "level": "warning"}

    def over(self) -> list[str]:
        """Return a line for each trouble that has not been met for a while; to be asked often."""
        now = self._clock()
        ended = [
            sentence
            for sentence, trouble in self._troubles.items()
            if now - trouble.last_at >= _TOLD_EVERY_S
        ]
        return [self._end(sentence) for sentence in ended]

    def _end(self, sentence: str) -> str:
        trouble = self._troubles.pop(sentence)
        lasted = timedelta(seconds=round(trouble.last_at - trouble.since))
        return f"{_OVER}{sentence} (times: {trouble.times}, for {lasted})"

    def _line(self, sentence: str) -> str | None:
        """Return what to log of a trouble that was met just now, if anything."""
        now = self._clock()
        trouble = self._troubles.get(sentence)
        if trouble is None:
            self._troubles[sentence] = _Trouble(now, now, now)
            return sentence
        trouble.times += 1
        trouble.last_at = now
        if now - trouble.told_at < _TOLD_EVERY_S:
            return None
        more = trouble.times - trouble.told_times
        trouble.told_at, trouble.told_times = now, trouble.times
        return f"{sentence} ({more} times more)"


def _foreseen_in(given: object) -> str | None:
    """Return the sentence about a foreseen trouble among exceptions, if there is one."""
    for error in _exceptions(given):
        if (sentence := _sentence(error)) is not None:
            return sentence
    return None


def _discord_away(record: logging.LogRecord) -> str | None:
    """Return why Discord was not reached, for whatever was to be told there."""
    if not record.name.startswith(_TELLS_OF_DISCORD):
        return None
    # Who tells of Discord has imported discord.py: half a second that other commands do not need.
    from bot.chat.connection.outages import why_discord_is_away  # noqa: PLC0415

    for error in (*_exceptions(record.exc_info), *_exceptions(record.args)):
        if (why := why_discord_is_away(error)) is not None:
            return why
    return None


def _database_away(record: logging.LogRecord) -> str | None:
    """Return why a connection cannot even be closed, in the system's own words."""
    if not record.name.startswith(_HOLDS_CONNECTIONS):
        return None
    for error in _exceptions(record.exc_info):
        if (why := while_connecting(error)) is not None:
            return _database(why)
    return None


def _is_cancelled(given: object) -> bool:
    return any(isinstance(error, asyncio.CancelledError) for error in _exceptions(given))


def _exceptions(given: object) -> Iterator[BaseException]:
    for each in given if isinstance(given, tuple) else (given,):
        error = each if isinstance(each, BaseException) else None
        while error is not None:
            yield error
            inner = getattr(error, "original", None)
            error = inner if isinstance(inner, BaseException) else error.__cause__


def _sentence(error: BaseException) -> str | None:
    if type(error).__module__.startswith("discord."):
        if type(error).__name__ == _OLDER_COMMAND:
            return "somebody's Discord shows a command in an older form, until it is restarted"
        return _INTERACTIONS.get(getattr(error, "code", 0))
    away = why_away(error)
    return None if away is None else _database(away)


def _database(why: str) -> str:
    return f"the database cannot be used: {why}"
