"""Channels that a member may choose, and whether the bot may write there."""

from typing import Any

import discord
from discord import app_commands
from discord.abc import GuildChannel

from bot.domain.errors import ChannelNotWritable, NotAllowed
from bot.domain.troubles import DeliveryTrouble

ChosenChannel = app_commands.AppCommandChannel | app_commands.AppCommandThread


class AnnouncementChannel(app_commands.Transformer):
    """An option that offers the channels in which announcements make sense."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return [
            discord.ChannelType.text,
            discord.ChannelType.news,
            discord.ChannelType.public_thread,
            discord.ChannelType.private_thread,
            discord.ChannelType.news_thread,
        ]

    async def transform(
        self, _interaction: discord.Interaction[Any], value: ChosenChannel, /
    ) -> ChosenChannel:
        return value


async def require_writable(channel: ChosenChannel) -> None:
    """Refuse a channel in which the bot could not announce."""
    try:
        known = channel.resolve() or await channel.fetch()
    except (discord.Forbidden, discord.NotFound):
        raise ChannelNotWritable(channel.id, DeliveryTrouble.CANNOT_VIEW) from None
    trouble = missing_permission(known)
    if trouble is not None:
        raise ChannelNotWritable(channel.id, trouble)


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
    trouble = missing_permission(channel)
    if trouble is not None:
        raise ChannelNotWritable(channel.id, trouble)


def _may_view(channel: GuildChannel | discord.Thread, member: discord.Member) -> bool:
    return channel.permissions_for(member).view_channel


def _not_there() -> NotAllowed:
    return NotAllowed("That channel isn't in this server, or you can't see it. Choose another one.")


def missing_permission(channel: GuildChannel | discord.Thread) -> DeliveryTrouble | None:
    """Return which permission the bot lacks there to announce, the first of them."""
    may = channel.permissions_for(channel.guild.me)
    if not may.view_channel:
        return DeliveryTrouble.CANNOT_VIEW
    if isinstance(channel, discord.Thread):
        return None if may.send_messages_in_threads else DeliveryTrouble.CANNOT_SEND_IN_THREADS
    return None if may.send_messages else DeliveryTrouble.CANNOT_SEND
