"""Every failure becomes one sentence for the member, and a traceback in the log if unforeseen."""

import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.chat.answers import reply
from bot.chat.answers.options import UnusableOption
from bot.chat.cards.card import Card
from bot.chat.cards.errors import error_card, known_error_card
from bot.domain.errors import LikecordError, NothingStoredNow

logger = logging.getLogger(__name__)

Tell = Callable[[discord.Interaction[Any], Card], Awaitable[None]]

# It has its first answer from another process, or can have none any more: Discord waits for 3 s.
_NOT_OURS = frozenset({40060, 10062})
_PERMISSION_NAMES = {"manage_guild": "Manage Server"}


@asynccontextmanager
async def answered(
    interaction: discord.Interaction[Any], tell: Tell = reply.show_error
) -> AsyncIterator[None]:
    """Tell the member of whatever is raised inside; it goes no further."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - unforeseen ones are logged with their traceback
        await answer_failure(interaction, error, tell)


async def answer_failure(
    interaction: discord.Interaction[Any], error: Exception, tell: Tell = reply.show_error
) -> None:
    """Tell the member what went wrong; never raise because that fails too."""
    if interaction.client.is_closed():
        return  # it was not given the time, which was told; nothing can be said to Discord any more
    cause = _cause(error)
    if isinstance(cause, discord.HTTPException) and cause.code in _NOT_OURS:
        logger.warning("an interaction is not ours to answer: %s", cause)
        return
    card = _explain(interaction, cause)
    try:
        await tell(interaction, card)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as failure:
        logger.warning("could not tell a member of a failure: %s", failure)


def _cause(error: Exception) -> Exception:
    if isinstance(error, app_commands.CommandInvokeError | UnusableOption):
        return error.original
    if isinstance(error, app_commands.TransformerError) and isinstance(error.__cause__, Exception):
        return error.__cause__
    return error


def _explain(interaction: discord.Interaction[Any], error: Exception) -> Card:
    match error := _or_outage(interaction, error):
        case LikecordError():
            return known_error_card(error)
        case app_commands.MissingPermissions():
            names = (
                f"“{_PERMISSION_NAMES.get(name, name.replace('_', ' ').title())}”"
                for name in error.missing_permissions
            )
            return error_card(f"You need the permission {' and '.join(names)} for this.")
        case app_commands.CheckFailure():
            return error_card(_why_not(interaction, error))
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return error_card("This command has changed. Restart your Discord app, then try again.")
        case app_commands.TransformerError():
            return error_card("I can't use that value. Pick one from the list.")
    return error_card(_unforeseen(interaction, error))


def _or_outage(interaction: discord.Interaction[Any], error: Exception) -> Exception:
    """Return that the database is away, where that is what an error says."""
    if isinstance(error, LikecordError) or not interaction.client.database_is_away(error):
        return error
    logger.warning("%s has failed: %r", _what(interaction), error)
    return NothingStoredNow()


def _why_not(interaction: discord.Interaction[Any], error: app_commands.CheckFailure) -> str:
    if isinstance(error, app_commands.CommandOnCooldown):
        again = int(interaction.created_at.timestamp() + error.retry_after) + 1
        return f"You looked up a lot just now. Try again <t:{again}:R>."
    return "You can't use this here."


def _unforeseen(interaction: discord.Interaction[Any], error: Exception) -> str:
    reference = secrets.token_hex(4)
    logger.error(
        "unforeseen failure %s in %s, guild %s",
        reference,
        _what(interaction),
        interaction.guild_id,
        exc_info=error,
    )
    return (
        "Something went wrong here. Try again in a minute; if it goes on, give the person who "
        f"runs me the reference `{reference}`."
    )


def _what(interaction: discord.Interaction[Any]) -> str:
    if interaction.command is not None:
        return f"/{interaction.command.qualified_name}"
    custom_id = interaction.data.get("custom_id") if interaction.data else None
    return f"component {custom_id}"
