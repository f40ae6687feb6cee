"""Autocomplete that never fails: a member who types sees choices, or none."""

import asyncio
import logging
from collections.abc import Awaitable, Iterable

import discord
from discord import app_commands

from bot.chat.text import plain
from bot.domain import WatchChoice
from bot.domain.discord_limits import MAX_CHOICE_NAME, MAX_CHOICES

logger = logging.getLogger(__name__)

_TIMEOUT_S = 2.0  # Discord waits for three
_MAX_CHANNEL_NAME = 30
ACCOUNT = "account-"
"""What the value of a watch of an account begins with."""


async def watch_choices(
    asked: Awaitable[Iterable[WatchChoice]], guild: discord.Guild | None
) -> list[app_commands.Choice[str]]:
    """Await the choices and make them fit; none when they fail or come too late.

    Each begins with its channel: a post may be watched in several.
    """
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            choices = list(await asked)
    except TimeoutError:
        logger.warning("no choices were found in time")
        return []
    except Exception:
        logger.exception("autocomplete failed")
        return []
    return [
        app_commands.Choice(
            name=plain(_name(choice, guild), MAX_CHOICE_NAME) or str(choice.watch_id),
            value=value_of(choice),
        )
        for choice in choices[:MAX_CHOICES]
    ]


def value_of(choice: WatchChoice) -> str:
    """Return what Discord hands back for a choice."""
    return f"{ACCOUNT}{choice.watch_id}" if choice.account else str(choice.watch_id)


def _name(choice: WatchChoice, guild: discord.Guild | None) -> str:
    channel = guild.get_channel_or_thread(choice.channel_id) if guild else None
    if channel is None:
        return choice.label
    return f"#{plain(channel.name, _MAX_CHANNEL_NAME)} · {choice.label}"
