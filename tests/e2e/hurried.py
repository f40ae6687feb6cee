"""A bot in a hurry: what users wait for by the second comes at once, or when the test says so.

How long second looks, second tries and intervals last is tested with a clock, elsewhere.
"""

import asyncio
import os
import signal
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import discord
from discord import state

from bot.accounts import abilities, key_verdicts
from bot.chat.delivery import retry_delays
from bot.domain import Allowance
from bot.run import discord_connection, jobs
from bot.services import interactions
from bot.watching import visibility
from bot.watching.counts import schedule as counts
from bot.watching.likers import schedule as likers
from bot.watching.likers import store_likes
from bot.watching.post_state import after_reading, looking_again
from bot.watching.post_state import state as post_state
from storage import database, lead
from tests.patience import GUARD_S

NEWS = signal.SIGUSR1
"""Tells a bot that something happened on X: it looks now, and not with its next interval."""

NEW_POST = signal.SIGURG
"""Tells a bot that a post is new on X, which nobody can have watched yet. Who does not listen to it
is not ended by it."""

WAITED_FOR = signal.SIGUSR2
"""Tells a bot that a test waits for something: all that it does now and then it does now.

Instead of doing it many times a second, which takes a processor.
"""

SHORTER = "SHORTER_FOR_THE_TEST"
"""Names what lasts seconds instead of a quarter of a minute, with a comma between.

The `lease` of the process that leads, which a busy machine may then take from it, and how long is
waited for the `locks` of a file, for `looks` at likes that are counted and not listed, and until
`unlikes` of those who liked lately are believed.
"""

_A_MOMENT, _SOON = timedelta(seconds=0.2), timedelta(seconds=1)
_LOOK_FOR_POSTS = ("accounts",)
_LOOK_AT_X = ("probe", *_LOOK_FOR_POSTS)
_DONE_NOW_AND_THEN = (
    *_LOOK_AT_X,
    *("lead", "announce", "collect", "endings", "troubles", "keys", "revoking", "edits"),
    *("push", "push reads", "subscriptions"),
)
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
    retry_delays._SOONEST = _A_MOMENT
    jobs.SUBSCRIBE_EVERY = _SOON
    database._SYNCHRONOUS = "OFF"
    discord_connection._RECONNECT_S = _A_MOMENT.total_seconds()
    for name in filter(None, os.environ.get(SHORTER, "").split(",")):
        _SHORTEN[name]()
    _connect_at_once()
    _hear_of_news()


def _shorten_lease() -> None:
    lead.LASTS, lead._MARGIN_S = timedelta(seconds=3), 0.5
    jobs.RENEW_EVERY = _SOON


def _shorten_locks() -> None:
    database._BUSY_TIMEOUT_MS = 500


def _shorten_looks() -> None:
    soon = _A_MOMENT * 2
    looking_again.LOOKS = (_A_MOMENT, soon, *looking_again.LOOKS[2:])
    looking_again.SOON = post_state.SOON = after_reading.SOON = soon


def _shorten_unlikes() -> None:
    store_likes._NEVER_LATER = timedelta(0)


_SHORTEN = {
    "lease": _shorten_lease,
    "locks": _shorten_locks,
    "looks": _shorten_looks,
    "unlikes": _shorten_unlikes,
}


def _connect_at_once() -> None:
    """Wait neither for servers that do not come, nor between a start of the gateway and the next.

    Discord wants five seconds there, and discord.py waits two for each server after the last.
    """
    begin = state.ConnectionState.__init__

    async def at_once(_self: object, _shard_id: int | None, *, initial: bool = False) -> None:
        pass

    def begin_soon(self: state.ConnectionState[Any], **options: Any) -> None:
        begin(self, **{**options, "guild_ready_timeout": _A_MOMENT.total_seconds()})

    setattr(state.ConnectionState, "__init__", begin_soon)  # noqa: B010
    setattr(discord.Client, "before_identify_hook", at_once)  # noqa: B010


def _hear_of_news() -> None:
    begin = jobs.Jobs.begin

    def begin_and_hear(self: jobs.Jobs) -> None:
        begin(self)
        loop = asyncio.get_running_loop()
        for number, names in (
            (NEWS, _LOOK_AT_X),
            (NEW_POST, _LOOK_FOR_POSTS),
            (WAITED_FOR, _DONE_NOW_AND_THEN),
        ):
            loop.add_signal_handler(number, ring, self, names)

    def ring(begun: jobs.Jobs, names: Iterable[str]) -> None:
        for name in names:
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
