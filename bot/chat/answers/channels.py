"""Channels that a member may choose, and whether the bot may announce there."""

from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.abc import GuildChannel

from bot.chat.answers.asker import guild_of, services_of
from bot.chat.permissions import bot_in
from bot.domain.errors import ChannelNotWritable, NotAllowed
from bot.domain.troubles import DeliveryTrouble

_UNKNOWN_CHANNEL, _MISSING_ACCESS = 10003, 50001
_WHY_NOT_SHOWN = {
    _UNKNOWN_CHANNEL: DeliveryTrouble.CHANNEL_DELETED,
    # Discord tells of every channel, and only of those threads that the bot may see.
    _MISSING_ACCESS: DeliveryTrouble.THREAD_HIDDEN,
}

ANNOUNCEMENT_CHANNELS = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
]
"""Those in which announcements make sense."""

ChosenChannel = app_commands.AppCommandChannel | app_commands.AppCommandThread


class AnnouncementChannel(app_commands.Transformer):
    """An option that offers the channels in which announcements make sense."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return ANNOUNCEMENT_CHANNELS

    async def transform(
        self, interaction: discord.Interaction[Any], value: ChosenChannel, /
    ) -> ChosenChannel:
        known = interaction.client.get_channel(value.id)
        is_in_a_guild = isinstance(known, GuildChannel | discord.Thread)
        if is_in_a_guild and known.guild.id != interaction.guild_id:
            raise _not_there()
        return value


async def require_writable(
    interaction: discord.Interaction[Any], channel_id: int | None = None
) -> None:
    """Refuse a channel in which the bot could not announce; without one, the server's own."""
    if channel_id is None:
        saved = await services_of(interaction).config.show(guild_of(interaction))
        channel_id = saved.channel_id
    if channel_id is None:
        return  # there is none: what needs one says so
    try:
        trouble = await find_trouble(interaction.client, channel_id)
    except (discord.HTTPException, aiohttp.ClientError, OSError):
        return  # the first announcement shows it
    if trouble is not None:
        raise ChannelNotWritable(channel_id, trouble)


async def require_fitting(interaction: discord.Interaction[Any], channel_id: int) -> None:
    """Refuse a channel, named by a component, that a member could not have chosen there.

    A custom_id is what its sender says, and may name a channel of another server.
    """
    guild = interaction.guild
    channel: GuildChannel | discord.Thread | None
    channel = guild.get_channel_or_thread(channel_id) if guild is not None else None
    if channel is None:
        try:
            found = await interaction.client.fetch_channel(channel_id)
        except (discord.Forbidden, discord.NotFound, discord.InvalidData):
            raise _not_there() from None
        channel = found if isinstance(found, GuildChannel | discord.Thread) else None
    if channel is None or channel.guild.id != interaction.guild_id:
        raise _not_there()
    member = interaction.user
    if isinstance(member, discord.Member) and not _may_view(channel, member):
        raise _not_there()
    await require_writable(interaction, channel_id)


def _may_view(channel: GuildChannel | discord.Thread, member: discord.Member) -> bool:
    return channel.permissions_for(member).view_channel


def _not_there() -> NotAllowed:
    return NotAllowed("That channel isn't in this server, or you can't see it. Choose another one.")


async def find_trouble(client: discord.Client, channel_id: int) -> DeliveryTrouble | None:
    """Return what keeps the bot from announcing there; ask Discord where it is not known.

    Raise discord.HTTPException where Discord does not say.
    """
    channel = client.get_channel(channel_id)
    if channel is None or _is_doubtful(channel):
        try:
            channel = await client.fetch_channel(channel_id)
        except (discord.NotFound, discord.Forbidden) as error:
            trouble = _WHY_NOT_SHOWN.get(error.code)
            if trouble is None:
                raise  # of a proxy, and no answer of Discord's
            return trouble
    if not isinstance(channel, GuildChannel | discord.Thread):
        return None
    return channel_trouble(channel)


def known_trouble(client: discord.Client, channel_id: int) -> DeliveryTrouble | None:
    """Return what is known to keep the bot from announcing there, without asking Discord."""
    channel = client.get_channel(channel_id)
    if not isinstance(channel, GuildChannel | discord.Thread):
        return None
    return channel_trouble(channel)


def channel_trouble(channel: GuildChannel | discord.Thread) -> DeliveryTrouble | None:
    """Return the first thing that the bot lacks there to announce, as far as that is known."""
    is_thread = isinstance(channel, discord.Thread)
    if isinstance(channel, discord.Thread) and channel.parent is None:
        return DeliveryTrouble.THREAD_HIDDEN
    if (me := bot_in(channel.guild)) is None:
        return None  # the first announcement shows it
    may = channel.permissions_for(me)
    if not may.view_channel:
        return DeliveryTrouble.CANNOT_VIEW
    if isinstance(channel, discord.Thread) and channel.locked and not may.manage_threads:
        return DeliveryTrouble.THREAD_LOCKED
    if not (may.send_messages_in_threads if is_thread else may.send_messages):
        return DeliveryTrouble.CANNOT_SEND_IN_THREADS if is_thread else DeliveryTrouble.CANNOT_SEND
    # Without it, what an earlier try has sent would not be found, and be sent again.
    return None if may.read_message_history else DeliveryTrouble.CANNOT_READ_HISTORY


def _is_doubtful(channel: object) -> bool:
    """Return whether it is a private thread in which the bot may not be any more."""
    return isinstance(channel, discord.Thread) and channel.is_private() and channel.me is None
