"""What is foreseen takes two lines a minute at most, and no traceback."""

import asyncio
import io
import logging
import sqlite3
from collections.abc import Iterator

import aiohttp
import discord
import pytest
import structlog
from discord import app_commands
from sqlalchemy.exc import OperationalError

from bot.run.foreseen import Foreseen
from bot.run.logs import set_up_logs


class Gone(discord.NotFound):
    """As discord.py raises it, without an answer to read it from."""

    def __init__(self, code: int) -> None:
        Exception.__init__(self, f"404 Not Found (error code: {code})")
        self.code = code


Gone.__module__ = "discord.errors"


def locked() -> OperationalError:
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return OperationalError("UPDATE post", {}, cause)


def fail(error: BaseException) -> None:
    raise error


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    said = io.StringIO()
    monkeypatch.setattr("sys.stderr", said)
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    set_up_logs("INFO", "text", [])
    yield said
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def clock(log: io.StringIO) -> list[float]:
    assert log.getvalue() == ""
    seconds = [0.0]
    (foreseen,) = logging.getLogger().handlers[0].filters
    assert isinstance(foreseen, Foreseen)
    foreseen._clock = lambda: seconds[0]
    return seconds


def over() -> list[str]:
    (foreseen,) = logging.getLogger().handlers[0].filters
    assert isinstance(foreseen, Foreseen)
    return foreseen.over()


def test_a_locked_database_is_two_lines_a_minute(log: io.StringIO, clock: list[float]) -> None:
    ours, theirs = structlog.stdlib.get_logger("ours"), logging.getLogger("theirs")
    for second in range(0, 180, 2):
        clock[0] = float(second)
        ours.error("job failed", job="announce", exc_info=locked())
        try:
            raise locked()
        except OperationalError:
            theirs.exception("could not mark delivery %s sent", "x")

    lines = log.getvalue().splitlines()
    sentence = "the database cannot be used: another program has it locked"
    assert "Traceback" not in log.getvalue()
    assert len(lines) == 3
    assert all(sentence in line for line in lines)
    assert "(60 times more)" in lines[1]
    assert over() == []
    clock[0] = 240.0
    assert over() == [f"is over: {sentence} (times: 180, for 0:02:58)"]
    assert over() == []


def test_a_full_disk_is_as_quiet(log: io.StringIO, clock: list[float]) -> None:
    cause = sqlite3.OperationalError("database or disk is full")
    cause.sqlite_errorcode = sqlite3.SQLITE_FULL
    for second in range(0, 120, 2):
        clock[0] = float(second)
        structlog.stdlib.get_logger("ours").error(
            "job failed", exc_info=OperationalError("INSERT", {}, cause)
        )
    lines = log.getvalue().splitlines()
    assert len(lines) == 2
    assert all("the database cannot be used: its disk is full" in line for line in lines)


def test_a_connection_that_is_gone_when_it_is_closed(log: io.StringIO, clock: list[float]) -> None:
    pool = logging.getLogger("sqlalchemy.pool.impl.AsyncAdaptedQueuePool")
    for _ in range(5):
        try:
            fail(BrokenPipeError(32, "Broken pipe"))
        except BrokenPipeError:
            pool.exception("Exception closing connection %r", "<AdaptedConnection>")
    (line,) = log.getvalue().splitlines()
    assert "the database cannot be used: [Errno 32] Broken pipe" in line
    assert clock == [0.0]


def test_work_that_is_broken_off_while_its_connection_is_closed_is_no_failure(
    log: io.StringIO,
) -> None:
    try:
        fail(asyncio.CancelledError())
    except asyncio.CancelledError:
        pool = logging.getLogger("sqlalchemy.pool.impl.AsyncAdaptedQueuePool")
        pool.exception("Exception closing connection %r", "<AdaptedConnection>")
    assert log.getvalue() == ""


class Down(discord.DiscordServerError):
    """As discord.py raises it, without an answer to read it from."""

    def __init__(self) -> None:
        Exception.__init__(self, "503 Service Unavailable")
        self.status = 503


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Down(), "Discord fails: it answers 503"),
        (aiohttp.ClientConnectionError(), "Discord cannot be reached: ClientConnectionError"),
        (TimeoutError(), "Discord cannot be reached: TimeoutError"),
    ],
)
def test_discord_away_is_not_a_line_a_channel(
    log: io.StringIO, clock: list[float], error: Exception, said: str
) -> None:
    deliveries = logging.getLogger("bot.chat.delivery.retry_delays")
    for minute in range(3):
        clock[0] = 60.0 * minute
        for channel in range(50):
            deliveries.warning("delivery %s waits: %r", channel, error)
    lines = log.getvalue().splitlines()
    assert len(lines) == 3
    assert all(said in line for line in lines)


@pytest.mark.parametrize("code", [10008, 10015, 10062, 40060, 50027])
def test_interactions_that_somebody_else_or_nobody_answers(
    log: io.StringIO, clock: list[float], code: int
) -> None:
    logger = logging.getLogger("tree")
    for _ in range(11):
        try:
            fail(app_commands.CommandInvokeError(_command(), Gone(code)))
        except app_commands.CommandInvokeError:
            logger.exception("unforeseen failure")
        logger.warning("could not tell a member of a failure: %s", Gone(code))

    (line,) = log.getvalue().splitlines()
    assert f"({code})" in line
    assert clock == [0.0]


def test_choices_for_a_command_in_an_older_form(log: io.StringIO, clock: list[float]) -> None:
    """After an upgrade Discord's clients ask in the old form until they are restarted."""
    try:
        fail(app_commands.CommandSignatureMismatch(_command()))
    except app_commands.CommandSignatureMismatch:
        logging.getLogger("discord.app_commands.tree").exception("Ignoring exception")
    (line,) = log.getvalue().splitlines()
    assert "in an older form" in line
    assert clock == [0.0]


def test_what_is_not_foreseen_keeps_its_traceback(log: io.StringIO, clock: list[float]) -> None:
    for error in (ValueError("no"), Gone(10003), OperationalError("x", {}, ValueError("syntax"))):
        try:
            raise error
        except (ValueError, Gone, OperationalError):
            logging.getLogger("theirs").exception("failed")
    assert log.getvalue().count("Traceback") >= 3
    assert clock == [0.0]


def _command() -> app_commands.Command[None, [], None]:
    async def used(interaction: discord.Interaction) -> None:
        """Nobody uses it."""

    return app_commands.Command(name="used", description="A command", callback=used)
