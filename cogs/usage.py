"""/usage: what X has cost, for those who manage the server."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of, managers_only
from bot.chat.cards.usage import usage_card
from bot.chat.charts.draw_in_thread import days_picture
from bot.chat.connection.client import LikecordClient


class UsageCog(commands.Cog):
    def __init__(self, bot: LikecordClient) -> None:
        self._usage = bot.services.usage

    @app_commands.command(description="Show what X has cost this server, and on what")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @managers_only
    async def usage(self, interaction: discord.Interaction[LikecordClient]) -> None:
        showing = self._usage.show(guild_of(interaction))
        usage = await reply.defer_while(interaction, showing, private=True)
        if not usage.month.spent_usd:
            await reply.show(interaction, usage_card(usage))
            return
        chart = await days_picture(usage.days)
        await reply.show_pictured(interaction, usage_card(usage, chart), chart)


async def setup(bot: LikecordClient) -> None:
    await bot.add_cog(UsageCog(bot))
