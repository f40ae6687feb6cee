"""Channels that a member may choose, and whether the bot may write there."""

from typing import Any

import discord
from discord import app_commands
from discord.abc import GuildChannel

from bot.domain.errors import ChannelNotWritable

ChosenChannel = app_commands.AppCommandChannel | app_commands.AppCommandThread

_VIEW = "View Channel"


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
        raise ChannelNotWritable(channel.id, _VIEW) from None
    missing = missing_permission(known)
    if missing is not None:
        raise ChannelNotWritable(channel.id, missing)


def missing_permission(channel: GuildChannel | discord.Thread) -> str | None:
    """Return the first permission that the bot lacks there to announce, as Discord calls it."""
    may = channel.permissions_for(channel.guild.me)
    if not may.view_channel:
        return _VIEW
    if isinstance(channel, discord.Thread):
        return None if may.send_messages_in_threads else "Send Messages in Threads"
    return None if may.send_messages else "Send Messages"
