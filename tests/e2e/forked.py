"""Processes forked from one that has imported the bot already.

Importing it takes most of a start, and the tests here start it dozens of times. What a start from
nothing is like is shown by `start_command` in `test_command_line`, and by the demo.
"""

import gc
import os
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from apscheduler.schedulers import base as schedulers

from bot.__main__ import main
from bot.accounts import abilities, key_verdicts
from bot.chat.connection.client import cog_modules
from bot.chat.delivery import retry_delays
from bot.run import discord_connection, jobs
from bot.services import interactions
from bot.watching import visibility
from storage import database
from tests.crash.steps import KILL_AT, kill_at
from tests.e2e.forks import Fork, ForkedProcess
from tests.patience import GUARD_S

SET_CLOCK = "SET_CLOCK_FILE"
"""Names a file that says by how many seconds the process's wall clock was set."""

AS_SHIPPED = "AS_SHIPPED"
"""Set to anything: second looks and second tries wait as long as they do for users."""

SOON = "JOBS_THAT_COME_SOON"
"""Names jobs, with commas between, that come every second, which costs more than it is worth.

They are `endings`, `keys` and `troubles`.
"""

_A_MOMENT, _SOON = timedelta(seconds=0.2), timedelta(seconds=1)

_JOBS = {"endings": "_ENDINGS_EVERY", "keys": "_KEYS_EVERY", "troubles": "_TROUBLES_EVERY"}

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
    return ForkedProcess(Fork(PRELOADED, _be_the_bot, start))


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


def _hurry() -> None:
    """Let second looks and second tries come at once: how long they wait is tested with a clock.

    No power cut is tested, which is all that SQLite's waiting for the disk is for. A machine with
    too much to do is taken for no database that is away.
    """
    interactions._LONGEST_S = GUARD_S
    abilities._SECOND_LOOK = timedelta(0)
    visibility.LOOK_AGAIN = key_verdicts.LOOKS_APART = _A_MOMENT
    jobs._COLLECT_EVERY = jobs._ANNOUNCE_EVERY = _SOON
    for name in filter(None, os.environ.pop(SOON, "").split(",")):
        setattr(jobs, _JOBS[name], _SOON)
    retry_delays._SOONEST = _A_MOMENT
    database._SYNCHRONOUS = "OFF"
    discord_connection._RECONNECT_S = _A_MOMENT.total_seconds()


def _be_the_bot(start: Start) -> None:
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
        _hurry()
    if (order := os.environ.pop(KILL_AT, None)) is not None:
        kill_at(order)
    main(start.arguments)
