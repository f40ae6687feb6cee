"""What Discord tells of channels, threads, roles and the bot itself: any may shut a channel."""

import discord

from bot.chat.connection.shut_channels import ShutChannelCheck
from bot.domain.troubles import DeliveryTrouble


class ChannelEvents:
    """Has those channels looked at that an event of the gateway is about."""

    channels: ShutChannelCheck

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self.channels.note(channel.id, DeliveryTrouble.CHANNEL_DELETED)
        self.channels.look(channel.guild.id)

    async def on_raw_thread_delete(self, deleted: discord.RawThreadDeleteEvent) -> None:
        await self.channels.note(deleted.thread_id, DeliveryTrouble.CHANNEL_DELETED)

    async def on_thread_remove(self, thread: discord.Thread) -> None:
        thread.me = None  # discord.py leaves it as it was
        self.channels.look(thread.guild.id)

    async def on_guild_channel_update(
        self, _before: discord.abc.GuildChannel, channel: discord.abc.GuildChannel
    ) -> None:
        self.channels.look(channel.guild.id)

    async def on_thread_join(self, thread: discord.Thread) -> None:
        self.channels.look(thread.guild.id)

    async def on_thread_update(self, _before: discord.Thread, thread: discord.Thread) -> None:
        self.channels.look(thread.guild.id)

    async def on_guild_role_update(self, _before: discord.Role, role: discord.Role) -> None:
        self.channels.look(role.guild.id)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        self.channels.look(role.guild.id)

    async def on_member_update(self, _before: discord.Member, member: discord.Member) -> None:
        self.channels.look(member.guild.id)
