"""/help: what a member may do here."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.answers import reply
from bot.chat.answers.asker import FOR_ONESELF, IN_SERVERS_TOO
from bot.chat.buttons.help import help_page
from bot.chat.connection.client import LikecordClient


class HelpCog(commands.Cog):
    @app_commands.command(description="Show what you can do here")
    @IN_SERVERS_TOO
    @FOR_ONESELF
    async def help(self, interaction: discord.Interaction[LikecordClient]) -> None:
        await reply.defer(interaction, private=True)
        await reply.show(interaction, help_page(interaction))


async def setup(bot: LikecordClient) -> None:
    await bot.add_cog(HelpCog())
