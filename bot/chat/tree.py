"""The command tree: one place where every command's failure ends."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.chat.failures import answer_failure

if TYPE_CHECKING:
    from bot.chat.client import LikecordClient


class LikecordTree(app_commands.CommandTree["LikecordClient"]):
    async def on_error(
        self,
        interaction: "discord.Interaction[LikecordClient]",
        error: app_commands.AppCommandError,
        /,
    ) -> None:
        await answer_failure(interaction, error)
