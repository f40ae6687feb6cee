"""/setup: everything that a server needs, in one panel."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.answers import reply
from bot.chat.answers.asker import managers_only
from bot.chat.connection.client import LikecordClient
from bot.chat.setup.panel import setup_page


class SetupCog(commands.Cog):
    @app_commands.command(description="Set this server up: channel, posts, account, budget")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @managers_only
    async def setup(self, interaction: discord.Interaction[LikecordClient]) -> None:
        await reply.defer(interaction, private=True)
        await reply.show(interaction, await setup_page(interaction))


async def setup(bot: LikecordClient) -> None:
    await bot.add_cog(SetupCog())
