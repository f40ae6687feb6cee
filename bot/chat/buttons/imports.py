"""Buttons of an import; a plan lives in this process, so that after a restart it is asked anew."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.chat.answers import reply
from bot.chat.answers.asker import importer_of, require_manager
from bot.chat.answers.failures import answered

Interaction = discord.Interaction[Any]


class ImportButton(
    ui.DynamicItem[ui.Button[Any]], template=r"import:(?P<what>begin|stop):(?P<key>\w{1,32})"
):
    """Begin an import, or end it with what it has added."""

    def __init__(self, what: str, key: str) -> None:
        begins = what == "begin"
        button = ui.Button[Any](
            label="Start watching" if begins else "Stop here",
            style=discord.ButtonStyle.primary if begins else discord.ButtonStyle.secondary,
            custom_id=f"import:{what}:{key}",
        )
        super().__init__(button)
        self._what, self._key = what, key

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["what"], match["key"])

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await reply.defer_edit(interaction)
            importer = importer_of(interaction)
            if self._what == "begin":
                await importer.begin(interaction, self._key)
            else:
                await importer.stop(interaction, self._key)
