"""Discord's gateway away: a line when that begins, one a minute while it lasts, one when it ends.

discord.py, which makes the tries, tells of each with a whole traceback.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from bot.chat.connection.client import LikecordClient
from bot.run.outage import Outage

# How those who try begin when they tell that it failed, by the names of their loggers.
_FAILED = {
    "discord.client": ("Attempting a reconnect",),
    "discord.shard": ("Attempting a reconnect", "Failed to connect for shard_id"),
    "bot.chat.connection.shards": ("shard %s lost Discord's gateway",),
}


class _Tries(logging.Filter):
    """Takes what is logged of tries that failed for the outage, which tells of it instead."""

    def __init__(self, outage: Outage) -> None:
        super().__init__()
        self._outage = outage

    def filter(self, record: logging.LogRecord) -> bool:
        if not str(record.msg).startswith(_FAILED[record.name]):
            return True
        kind = record.exc_info[0] if record.exc_info else None
        self._outage.met(kind.__name__ if kind else "it was lost")
        return False


@contextmanager
def gateway_outage_told(client: LikecordClient, outage: Outage) -> Iterator[None]:
    """Tell of the gateway by this outage until the end of the block."""

    async def back() -> None:
        if client.has_no_shard_away:
            outage.over()

    tries = _Tries(outage)
    loggers = [logging.getLogger(name) for name in _FAILED]
    events = ("on_connect", "on_resumed")
    for logger in loggers:
        logger.addFilter(tries)
    for event in events:
        client.add_listener(back, event)
    try:
        yield
    finally:
        for event in events:
            client.remove_listener(back, event)
        for logger in loggers:
            logger.removeFilter(tries)
