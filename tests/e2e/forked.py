"""Processes forked from one that has imported the bot already.

Importing it takes most of a start, and the tests here start it dozens of times. What a start from
nothing is like is shown by `start_command` in `test_command_line`, and by the container.
"""

import asyncio
import gc
import os
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from apscheduler.schedulers import base as schedulers

from bot.__main__ import main
from bot.chat.connection.client import cog_modules
from tests.crash.steps import KILL_AT, kill_at
from tests.e2e.forks import Fork, ForkedProcess, server_folder, use_server_in
from tests.e2e.hurried import hurry

SET_CLOCK = "SET_CLOCK_FILE"
"""Names a file that says by how many seconds the process's wall clock was set."""

AS_SHIPPED = "AS_SHIPPED"
"""Set to anything: second looks and second tries wait as long as they do for users."""

# What a start imports at once, what it imports a little later, and what it makes only once.
PRELOADED = [
    *(__name__, "bot.run.app", "bot.run.logs", "aiosqlite", "asyncpg"),
    *cog_modules(),
    "tests.e2e.warmed",
]


@dataclass(frozen=True, slots=True)
class Start:
    """What to run of `python -m bot`, where, and into which files it writes."""

    arguments: Sequence[str]
    environment: dict[str, str]
    folder: Path
    out: Path
    err: Path


def fork(start: Start) -> ForkedProcess:
    """Run `python -m bot …` without the imports."""
    return ForkedProcess(Fork(PRELOADED, _be_the_bot, start, server_folder()))


def _fork_what_is_started(start: Start, forks: Path) -> None:
    """Let the bot that the demo starts be forked as well; it writes where the demo does."""
    use_server_in(forks)

    async def fork_instead(
        *command: str, cwd: Path, env: dict[str, str], **_others: object
    ) -> ForkedProcess:
        python, m, bot, *arguments = command
        assert (python, m, bot) == (sys.executable, "-m", "bot"), command
        return fork(Start(arguments, env, cwd, start.out, start.err))

    setattr(asyncio, "create_subprocess_exec", fork_instead)  # noqa: B010


def _set_clock_by(file: Path) -> None:
    """Let the wall clock be what a test sets it to, for the bot, its signatures and its jobs."""
    real = time.time

    def set_time() -> float:
        return real() + float(file.read_text())

    class SetDatetime(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "SetDatetime":
            return cls.fromtimestamp(set_time(), tz)

    time.time = set_time
    schedulers.datetime = SetDatetime


def _be_the_bot(start: Start, forks: Path) -> None:
    # A look at what it was forked with would copy all of that memory.
    gc.freeze()
    os.environ.clear()
    os.environ.update(start.environment)
    os.chdir(start.folder)
    # They may be one file.
    for path, stream in ((start.out, sys.stdout), (start.err, sys.stderr)):
        with path.open("ab") as file:
            os.dup2(file.fileno(), stream.fileno())
    if (set_clock := os.environ.pop(SET_CLOCK, None)) is not None:
        _set_clock_by(Path(set_clock))
    # What is left open is told, so that a test can see that nothing was.
    warnings.simplefilter("default", ResourceWarning)
    if os.environ.pop(AS_SHIPPED, None) is None:
        hurry()
        _fork_what_is_started(start, forks)
    if (order := os.environ.pop(KILL_AT, None)) is not None:
        kill_at(order)
    main(start.arguments)
