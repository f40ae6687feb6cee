"""One message when the bot joins a server: what it does, and how to set it up."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta

import aiohttp
import discord

from bot.chat.answers.channels import channel_trouble
from bot.chat.buttons.about import about_buttons
from bot.chat.cards.card import Button, Card
from bot.chat.cards.setup import greeting_card
from bot.chat.languages.translator import Translator, translator_of
from bot.chat.permissions import bot_in
from bot.chat.setup.panel import setup_button
from bot.domain.about import AboutKind, AboutPage
from bot.domain.languages import language_of
from bot.services.greetings import GreetingService

logger = logging.getLogger(__name__)

_NEW = timedelta(days=1)
_LAST_ADDED = 20


class Greeting:
    """Greets each server once, in a channel where the bot may write, else who invited it alone.

    Discord says who that was only to a bot that may read the audit log; else the owner is told.
    """

    def __init__(
        self,
        service: GreetingService,
        about: Iterable[AboutPage],
        command_ids: Callable[[], Mapping[str, int]],
    ) -> None:
        self._service = service
        self._privacy = tuple(page for page in about if page.kind is AboutKind.PRIVACY)
        self._command_ids = command_ids

    async def greet_new(self, guilds: Iterable[discord.Guild]) -> None:
        """Greet those that the bot was added to while it was away, or just came up."""
        since = discord.utils.utcnow() - _NEW
        for guild in guilds:
            me = None if guild.unavailable else bot_in(guild)
            if me is not None and me.joined_at is not None and me.joined_at > since:
                await self.greet(guild)

    async def greet(self, guild: discord.Guild) -> None:
        """Send the greeting, unless the server had one; nothing fails where it cannot be sent."""
        if not await self._service.begin(guild.id):
            return
        try:
            if not await self._send(guild):
                await self._service.take_back(guild.id)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            logger.warning("could not greet server %d: %s", guild.id, error)
            await self._service.take_back(guild.id)

    async def _send(self, guild: discord.Guild) -> bool:
        for channel in _channels(guild):
            try:
                await channel.send(
                    view=self._card(guild, *self._buttons(_translator(guild))),
                    allowed_mentions=discord.AllowedMentions.none(),
                )
            except (discord.Forbidden, discord.NotFound):
                continue  # what was known of the channel is not true any more
            return True
        return await self._tell_alone(guild)

    async def _tell_alone(self, guild: discord.Guild) -> bool:
        for member_id in dict.fromkeys([await _inviter_of(guild), guild.owner_id]):
            if member_id is None:
                continue
            try:
                member = await guild.fetch_member(member_id)
                await member.send(view=self._card(guild))
            except (discord.Forbidden, discord.NotFound):
                continue  # they take no messages from bots, or have left
            return True
        return False

    def _card(self, guild: discord.Guild, *buttons: Button) -> Card:
        shown = greeting_card(guild.name, _translator(guild), *buttons)
        return shown.name_commands(self._command_ids())

    def _buttons(self, say: Translator) -> list[Button]:
        return [setup_button(say), *about_buttons(self._privacy, say)]


def _translator(guild: discord.Guild) -> Translator:
    """Return how to greet a server, which has chosen nothing yet: as it speaks on Discord."""
    return translator_of(language_of(guild.preferred_locale.value))


async def _inviter_of(guild: discord.Guild) -> int | None:
    """Return who added the bot, where the audit log shows it."""
    me = bot_in(guild)
    if me is None or not me.guild_permissions.view_audit_log:
        return None
    added = guild.audit_logs(action=discord.AuditLogAction.bot_add, limit=_LAST_ADDED)
    try:
        async for entry in added:
            if entry.target is not None and entry.target.id == me.id:
                return entry.user_id
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        logger.info("server %d does not show who added the bot: %s", guild.id, error)
    return None


def _channels(guild: discord.Guild) -> Iterator[discord.TextChannel]:
    """Yield where the bot may write: first where Discord itself greets, then from the top."""
    first = guild.system_channel
    rest = (channel for channel in guild.text_channels if channel != first)
    for channel in ([first] if first else []), rest:
        yield from (each for each in channel if channel_trouble(each) is None)
