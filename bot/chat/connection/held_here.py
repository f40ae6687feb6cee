"""What a member has begun and this process holds: a form, an export, an import."""

from collections.abc import Callable, Mapping
from typing import Any

import discord

from bot.chat.buttons.exports import StopExportButton
from bot.chat.buttons.imports import ImportButton
from bot.chat.tasks.exports import Exporter
from bot.chat.tasks.imports import Importer

_FORM = discord.InteractionType.modal_submit.value


class HeldHere:
    """Says of an interaction whether it goes on with something that is in this process alone."""

    def __init__(
        self, is_open: Callable[[str], bool], exporter: Exporter, importer: Importer
    ) -> None:
        """`is_open` says whether a form with this custom_id was opened here."""
        self._is_open = is_open
        self._exporter = exporter
        self._importer = importer

    def __call__(self, data: Mapping[str, Any]) -> bool | None:
        """Return None where any process can answer it as well."""
        custom_id = (data.get("data") or {}).get("custom_id")
        if not isinstance(custom_id, str):
            return None
        if data.get("type") == _FORM:
            return self._is_open(custom_id)
        if export := StopExportButton.__discord_ui_compiled_template__.fullmatch(custom_id):
            return self._exporter.has(export["key"])
        if plan := ImportButton.__discord_ui_compiled_template__.fullmatch(custom_id):
            return self._importer.has(plan["key"])
        return None
