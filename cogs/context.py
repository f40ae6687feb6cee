"""What a right click on a message offers: like, look up or watch the X posts that it links to."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.answers import reply
from bot.chat.answers.asker import FOR_ONESELF, IN_SERVERS_TOO, managers_only
from bot.chat.answers.pace import looks_up
from bot.chat.buttons.post_menu import PostAction, act_on_message
from bot.chat.connection.client import LikecordClient


class ContextCog(commands.Cog):
    def __init__(self, bot: LikecordClient) -> None:
        self._tree = bot.tree
        self._menus = (
            app_commands.ContextMenu(name="Like", callback=self.like),
            app_commands.ContextMenu(name="Who liked this?", callback=self.likers),
            app_commands.ContextMenu(name="Watch likes", callback=self.watch),
        )

    async def cog_load(self) -> None:
        for menu in self._menus:
            self._tree.add_command(menu)

    async def cog_unload(self) -> None:
        for menu in self._menus:
            self._tree.remove_command(menu.name, type=menu.type)

    @IN_SERVERS_TOO
    @FOR_ONESELF
    async def like(
        self, interaction: discord.Interaction[LikecordClient], message: discord.Message
    ) -> None:
        await reply.defer(interaction, private=True)
        await act_on_message(interaction, message, PostAction.LIKE)

    @IN_SERVERS_TOO
    @FOR_ONESELF
    @looks_up
    async def likers(
        self, interaction: discord.Interaction[LikecordClient], message: discord.Message
    ) -> None:
        await reply.defer(interaction, private=True)
        await act_on_message(interaction, message, PostAction.LIKERS)

    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @managers_only
    async def watch(
        self, interaction: discord.Interaction[LikecordClient], message: discord.Message
    ) -> None:
        await reply.defer(interaction, private=True)
        await act_on_message(interaction, message, PostAction.WATCH)


async def setup(bot: LikecordClient) -> None:
    await bot.add_cog(ContextCog(bot))
