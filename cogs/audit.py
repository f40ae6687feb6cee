"""/audit: who liked what, with which account, and what X said."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of, managers_only
from bot.chat.buttons.audit import audit_page
from bot.chat.connection.client import LikecordClient


class AuditCog(commands.Cog):
    def __init__(self, bot: LikecordClient) -> None:
        self._audit = bot.services.audit

    @app_commands.command(description="Show who liked what, with which account, and what X said")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @managers_only
    async def audit(self, interaction: discord.Interaction[LikecordClient]) -> None:
        reading = self._audit.page(guild_of(interaction))
        page = await reply.defer_while(interaction, reading, private=True)
        await reply.show(interaction, audit_page(page))


async def setup(bot: LikecordClient) -> None:
    await bot.add_cog(AuditCog(bot))
