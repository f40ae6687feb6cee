"""Channels that a member may choose, and whether the bot may write there."""

from typing import Any

import discord
from discord import app_commands
from discord.abc import GuildChannel

from bot.domain.errors import ChannelNotWritable
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


def missing_permission(channel: GuildChannel | discord.Thread) -> DeliveryTrouble | None:
    """Return which permission the bot lacks there to announce, the first of them."""
    may = channel.permissions_for(channel.guild.me)
    if not may.view_channel:
        return DeliveryTrouble.CANNOT_VIEW
    if isinstance(channel, discord.Thread):
        return None if may.send_messages_in_threads else DeliveryTrouble.CANNOT_SEND_IN_THREADS
    return None if may.send_messages else DeliveryTrouble.CANNOT_SEND
