"""The button that deletes all that is stored about a server; it survives a restart."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of, require_manager, services_of
from bot.chat.answers.failures import answered
from bot.chat.cards.guild_data import data_deleted_card

Interaction = discord.Interaction[Any]


class DeleteDataButton(ui.DynamicItem[ui.Button[Any]], template=r"guild-data:delete"):
    """Delete all of the server in which a manager presses it."""

    def __init__(self) -> None:
        super().__init__(
            ui.Button(
                label="Delete it all",
                custom_id="guild-data:delete",
                style=discord.ButtonStyle.danger,
            )
        )

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls()

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await reply.defer_edit(interaction)
            await services_of(interaction).guild_data.delete(guild_of(interaction))
            await reply.show(interaction, data_deleted_card())
