"""Logs on standard error, as text or JSON, in which no secret can be read."""

import json
import logging
import re
import sys
from collections.abc import Collection

import structlog

from bot.run.foreseen import Foreseen

# What carries a token without being one of the settings: Discord's interaction tokens in
# addresses and gateway events, and the headers that tweepy logs when it is asked to log everything.
# Quotes are escaped where a log line is JSON.
_PATTERNS = (
    re.compile(r"(/(?:webhooks|interactions)/\d+/)[\w.\-]+"),
    re.compile(r"(token\\?['\"]: ?\\?['\"])[^'\"\\]+", re.IGNORECASE),
    re.compile(r"(Bearer )[^\s'\",\\]+"),
    re.compile(r"(oauth_(?:token|verifier|signature|consumer_key)=\\?\"?)[^\s\",&\\]+"),
    # What members' accounts are linked with, in forms, addresses and answers.
    re.compile(r"((?:access_token|refresh_token|code_verifier)=)[^\s&'\"\\]+"),
    re.compile(r"(\b(?:code|state|link)=)[^\s&'\"\\]{12,}"),
    re.compile(r"(\b(?:code|code_verifier|oauth_verifier)\\?['\"]: ?\\?['\"])[^'\"\\]+"),
    re.compile(r"(Basic )[\w+/=\-]{16,}"),
    # The key of a request to link, in the custom_id of its button.
    re.compile(r"(\baccount-pin(?:-modal)?:)[\w-]+"),
)
_HIDDEN = "[hidden]"
# What they tell at DEBUG are the tokens that are signed with, and what is stored, row by row.
_NEVER_BELOW_INFO = ("oauthlib", "aiosqlite")
# Third parties that tell at INFO what only their authors need.
_QUIET = ("apscheduler", "alembic", "aiosqlite", "discord", "tweepy", "asyncio")


class _Redacting(logging.Formatter):
    """Formats with another formatter, then hides every secret in what came out."""

    def __init__(self, inner: logging.Formatter, secrets: Collection[str]) -> None:
        super().__init__()
        self._inner = inner
        written = {form for secret in secrets for form in _forms(secret)}
        # The longest first, so that a secret that contains another one goes whole.
        self._secrets = sorted(written, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        try:
            line = self._inner.format(record)
        except (KeyError, TypeError, ValueError):
            line = self._inner.format(_unwritable(record))
        for secret in self._secrets:
            line = line.replace(secret, _HIDDEN)
        for pattern in _PATTERNS:
            line = pattern.sub(rf"\1{_HIDDEN}", line)
        return line


def _forms(secret: str) -> tuple[str, ...]:
    """Return a secret as it stands in text, in JSON and in Python's own notation."""
    return secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]


def _unwritable(record: logging.LogRecord) -> logging.LogRecord:
    """Return what is logged in place of a record whose arguments do not fit its message."""
    place = f"{record.pathname}:{record.lineno}"
    return logging.LogRecord(
        record.name,
        logging.ERROR,
        record.pathname,
        record.lineno,
        "a line that cannot be written was logged at %s",
        (place,),
        None,
    )


def set_up_logs(level: str, log_format: str, secrets: Collection[str]) -> None:
    """Send all logs, ours and the libraries', through one formatter."""
    foreseen = Foreseen()
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[foreseen, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(formatter, secrets))
    handler.addFilter(foreseen)
    # Python would print what it could not log, secrets and all.
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _NEVER_BELOW_INFO:
        logging.getLogger(name).setLevel(max(logging.INFO, root.level))
    if level != "DEBUG":
        for name in _QUIET:
            logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


async def tell_what_is_over() -> None:
    """Log a line for each foreseen trouble that has ended."""
    for handler in logging.getLogger().handlers:
        for each in handler.filters:
            if isinstance(each, Foreseen):
                for line in each.over():
                    logging.getLogger(__name__).info("%s", line)
