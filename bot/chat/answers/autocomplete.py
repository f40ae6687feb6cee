"""Autocomplete that never fails: a member who types sees choices, or none."""

import asyncio
import logging
from collections.abc import Coroutine, Iterable
from typing import Any

import discord
from discord import app_commands

from bot.chat.text import plain
from bot.domain import WatchChoice
from bot.domain.discord_limits import MAX_CHOICE_NAME, MAX_CHOICES

logger = logging.getLogger(__name__)
# A loop itself holds no task, and one that nobody holds may be thrown away before its end.
_ending: set[asyncio.Task[list[WatchChoice]]] = set()

_TIMEOUT_S = 2.0  # Discord waits for three
_MAX_CHANNEL_NAME = 30
ACCOUNT = "account-"
"""What the value of a watch of an account begins with."""


async def watch_choices(
    asked: Coroutine[Any, Any, Iterable[WatchChoice]], guild: discord.Guild | None
) -> list[app_commands.Choice[str]]:
    """Await the choices and make them fit; none when they fail or come too late.

    Each begins with its channel: a post may be watched in several.
    """
    asking = asyncio.create_task(_or_none(asked))
    await asyncio.wait([asking], timeout=_TIMEOUT_S)
    if not asking.done():
        # Nobody waits for its end: to let go of a database that hangs takes seconds.
        asking.cancel()
        _ending.add(asking)
        asking.add_done_callback(_ending.discard)
        logger.warning("no choices were found in time")
        return []
    choices = asking.result()
    return [
        app_commands.Choice(
            name=plain(_name(choice, guild), MAX_CHOICE_NAME) or str(choice.watch_id),
            value=value_of(choice),
        )
        for choice in choices[:MAX_CHOICES]
    ]


async def _or_none(asked: Coroutine[Any, Any, Iterable[WatchChoice]]) -> list[WatchChoice]:
    try:
        return list(await asked)
    except Exception:
        logger.exception("autocomplete failed")
        return []


def value_of(choice: WatchChoice) -> str:
    """Return what Discord hands back for a choice."""
    return f"{ACCOUNT}{choice.watch_id}" if choice.account else str(choice.watch_id)


def _name(choice: WatchChoice, guild: discord.Guild | None) -> str:
    channel = guild.get_channel_or_thread(choice.channel_id) if guild else None
    if channel is None:
        return choice.label
    return f"#{plain(channel.name, _MAX_CHANNEL_NAME)} · {choice.label}"
