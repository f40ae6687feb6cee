"""Being the process that leads: telling of it, and letting go."""

import asyncio
import contextlib

import structlog

from storage.lead import Lead

_log = structlog.stdlib.get_logger(__name__)
_GRACE_S = 0.4


def tell_of_lead() -> None:
    _log.info("this process leads from now on: it asks X what is new")


async def give_up(lead: Lead) -> None:
    """Let another process lead at once; a database that hangs sees it when this one has ended."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_GRACE_S):
            await lead.give_up()
