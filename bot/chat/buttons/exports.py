"""Buttons that begin and end exports; like those of pages, they survive a restart."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.chat.answers import reply
from bot.chat.answers.asker import asker_of, exporter_of
from bot.chat.answers.failures import answered
from bot.chat.answers.pace import require_pace
from bot.services.export.table import TableFormat
from bot.services.export.values import ExportRequest, Kind

Interaction = discord.Interaction[Any]

_SURE = "Agree and export"


class ExportButton(
    ui.DynamicItem[ui.Button[Any]],
    template=r"export:(?P<kind>likers|liked):(?P<subject>\w{1,20}):(?P<format>csv|json)(?P<sure>:sure)?",
):
    """Export everything of a post or a user; once more, and `sure`, when it was asked about."""

    def __init__(
        self, kind: Kind, subject: str, table_format: TableFormat, *, sure: bool = False
    ) -> None:
        custom_id = f"export:{kind}:{subject}:{table_format}{':sure' if sure else ''}"
        label = _SURE if sure else f"Export {table_format.upper()}"
        super().__init__(ui.Button(label=label, custom_id=custom_id))
        self._kind, self._subject, self._format, self._sure = kind, subject, table_format, sure

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        kind, table_format = Kind(match["kind"]), TableFormat(match["format"])
        return cls(kind, match["subject"], table_format, sure=match["sure"] is not None)

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_pace(interaction)
            if self._sure:
                await reply.defer_edit(interaction)
            else:
                await reply.defer(interaction, private=True)
            asker = await asker_of(interaction)
            request = ExportRequest(asker, self._kind, self._subject, self._format)
            await exporter_of(interaction).begin(interaction, request, sure=self._sure)


class StopExportButton(ui.DynamicItem[ui.Button[Any]], template=r"export-stop:(?P<key>\w{1,32})"):
    """End an export now, with what it has read."""

    def __init__(self, key: str) -> None:
        super().__init__(ui.Button(label="Cancel", custom_id=f"export-stop:{key}"))
        self._key = key

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["key"])

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            await reply.defer_edit(interaction)
            await exporter_of(interaction).cancel(interaction, self._key)


def export_row(kind: Kind, subject: str) -> ui.ActionRow[Any]:
    """Return a button for each format."""
    return ui.ActionRow(*(ExportButton(kind, subject, each) for each in TableFormat))
