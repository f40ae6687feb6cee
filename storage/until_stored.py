"""What must not be forgotten because the database is away for a moment: it is written again."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from math import inf
from typing import Any, ParamSpec, TypeVar

from storage.outages import why_away

logger = logging.getLogger(__name__)
Given = ParamSpec("Given")
Written = TypeVar("Written")
# A server that restarts is back in a second or two; one that is away is asked now and then.
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 2.0
_A_RESTART_S = 10.0


def until_stored(
    write: Callable[Given, Awaitable[Written]],
) -> Callable[Given, Coroutine[Any, Any, Written]]:
    """Let what writes in one transaction do so again for as long as the database is away.

    It may be done twice: where the connection goes at the end of a transaction, nobody knows
    whether it was stored.
    """
    return _again(write, inf)


def if_back_soon(
    write: Callable[Given, Awaitable[Written]],
) -> Callable[Given, Coroutine[Any, Any, Written]]:
    """Do as `until_stored` for a moment: a restart costs nothing that was paid for, and no time.

    Where the database is away for longer, what it does raises what it raises.
    """
    return _again(write, _A_RESTART_S)


def _again(
    write: Callable[Given, Awaitable[Written]], for_s: float
) -> Callable[Given, Coroutine[Any, Any, Written]]:
    @wraps(write)
    async def write_until_stored(*args: Given.args, **named: Given.kwargs) -> Written:
        pause_s, gives_up_at = _FIRST_PAUSE_S, time.monotonic() + for_s
        while True:
            try:
                return await write(*args, **named)
            except Exception as error:
                if why_away(error) is None or time.monotonic() + pause_s > gives_up_at:
                    raise
                logger.warning("it is written again in %.1f s", pause_s, exc_info=error)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    return write_until_stored
