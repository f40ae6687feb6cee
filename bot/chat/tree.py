"""The command tree: one place where every command begins, and where its failure ends."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.chat.failures import answer_failure

if TYPE_CHECKING:
    from bot.chat.client import LikecordClient


class LikecordTree(app_commands.CommandTree["LikecordClient"]):
    async def interaction_check(
        self, interaction: "discord.Interaction[LikecordClient]", /
    ) -> bool:
        if interaction.type is discord.InteractionType.application_command:
            interaction.client.under_way.began(interaction.id)
        return True

    async def on_error(
        self,
        interaction: "discord.Interaction[LikecordClient]",
        error: app_commands.AppCommandError,
        /,
    ) -> None:
        try:
            await answer_failure(interaction, error)
        finally:
            interaction.client.under_way.ended(interaction.id)
