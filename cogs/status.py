"""/status: how the bot stands, for those who manage the server."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of, managers_only
from bot.chat.buttons.status import status_page
from bot.chat.connection.client import LikecordClient


class StatusCog(commands.Cog):
    def __init__(self, bot: LikecordClient) -> None:
        self._status = bot.services.status

    @app_commands.command(description="Show accounts, allowances, watches and what X has cost")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @managers_only
    async def status(self, interaction: discord.Interaction[LikecordClient]) -> None:
        showing = self._status.show(guild_of(interaction))
        status = await reply.defer_while(interaction, showing, private=True)
        await reply.show(interaction, status_page(status))
        if status.refused:
            # Whoever looks wants to know whether it works: what X refused is tried again.
            await self._status.forget_refusals()


async def setup(bot: LikecordClient) -> None:
    await bot.add_cog(StatusCog(bot))
