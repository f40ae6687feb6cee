"""Autocomplete that never fails: a member who types sees choices, or none."""

import asyncio
import logging
from collections.abc import Awaitable, Iterable

from discord import app_commands

from bot.chat.limits import MAX_CHOICE_NAME, MAX_CHOICES
from bot.chat.text import plain
from bot.domain import WatchChoice

logger = logging.getLogger(__name__)

_PATIENCE_S = 2.0  # Discord waits for three


async def watch_choices(
    asked: Awaitable[Iterable[WatchChoice]],
) -> list[app_commands.Choice[str]]:
    """Await the choices and make them fit; none when they fail or come too late."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            choices = list(await asked)
    except Exception:
        logger.exception("autocomplete failed")
        return []
    return [
        app_commands.Choice(
            name=plain(choice.label, MAX_CHOICE_NAME) or str(choice.watch_id),
            value=str(choice.watch_id),
        )
        for choice in choices[:MAX_CHOICES]
    ]
