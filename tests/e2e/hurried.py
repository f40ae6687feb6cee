"""A bot in a hurry: what users wait for by the second comes at once, or when the test says so.

How long second looks, second tries and intervals last is tested with a clock, elsewhere.
"""

import asyncio
import os
import signal
from datetime import datetime, timedelta

from bot.accounts import abilities, key_verdicts
from bot.chat.delivery import retry_delays
from bot.domain import Allowance
from bot.run import discord_connection, jobs
from bot.services import interactions
from bot.watching import visibility
from bot.watching.counts import schedule as counts
from bot.watching.likers import schedule as likers
from storage import database
from tests.patience import GUARD_S

SOON = "JOBS_THAT_COME_SOON"
"""Names jobs, with commas between, that come every second, which costs more than it is worth.

They are `endings`, `keys` and `troubles`.
"""

NEWS = signal.SIGUSR1
"""Tells a bot that something happened on X: it looks now, and not with its next interval.

Instead of looking many times a second, which takes a processor.
"""

_A_MOMENT, _SOON = timedelta(seconds=0.2), timedelta(seconds=1)
_JOBS = {"endings": "_ENDINGS_EVERY", "keys": "_KEYS_EVERY", "troubles": "_TROUBLES_EVERY"}
_JOBS_THAT_LOOK_AT_X = ("probe", "accounts")
# Two counts of a post by interval are further apart, two that a test asks for are not.
_COUNTS_APART_S = 0.02


def hurry() -> None:
    """Let second looks and second tries come at once, and counts when the test tells of news.

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
    _hear_of_news()


def _hear_of_news() -> None:
    begin = jobs.Jobs.begin

    def begin_and_hear(self: jobs.Jobs) -> None:
        begin(self)
        asyncio.get_running_loop().add_signal_handler(NEWS, look, self)

    def look(begun: jobs.Jobs) -> None:
        for name in _JOBS_THAT_LOOK_AT_X:
            begun.scheduler.soon(name)

    setattr(jobs.Jobs, "begin", begin_and_hear)  # noqa: B010
    _ask_while_x_allows()


def _ask_while_x_allows() -> None:
    """Do not spread requests over X's window: what a test asks for is far less than it allows."""
    affordable, worth, gap = counts.affordable, counts._worth, likers.gap

    def affordable_now(
        allowance: Allowance, every_s: float, now: datetime, _last: datetime | None = None
    ) -> int:
        return affordable(allowance, every_s, now)

    def worth_it_now(post: counts.Countable, now: float, every_s: float) -> int:
        return worth(post, now, min(every_s, _COUNTS_APART_S))

    def no_gap(allowance: Allowance, now: datetime) -> timedelta:
        kept = likers.likers_reserve(allowance, now)
        return gap(allowance, now) if allowance.remaining <= kept else timedelta(0)

    counts.affordable, counts._worth, likers.gap = affordable_now, worth_it_now, no_gap
