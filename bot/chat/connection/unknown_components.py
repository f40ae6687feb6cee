"""Buttons, selects and modals that nothing here answers to any more."""

from typing import Any

import discord
from discord.state import ConnectionState

from bot.chat.answers.failures import answer_failure
from bot.chat.connection.dynamic_items import DYNAMIC_ITEMS
from bot.domain.errors import ButtonOutdated, FormClosed, Mistake


async def answer_unknown(interaction: discord.Interaction[Any]) -> None:
    """Say so, where a version before this one made it, or this process did not open it."""
    why = _why_unknown(interaction)
    if why is not None and not interaction.response.is_done():
        await answer_failure(interaction, why)


def _why_unknown(interaction: discord.Interaction[Any]) -> Mistake | None:
    custom_id = str(interaction.data.get("custom_id")) if interaction.data else ""
    if interaction.type is discord.InteractionType.component:
        known = any(
            item.__discord_ui_compiled_template__.fullmatch(custom_id) for item in DYNAMIC_ITEMS
        )
        return None if known else ButtonOutdated()
    if interaction.type is discord.InteractionType.modal_submit:
        return None if form_is_open(interaction._state, custom_id) else FormClosed()  # noqa: SLF001 -- no other way
    return None


def form_is_open(state: ConnectionState[Any], custom_id: str) -> bool:
    """Say whether this process opened a form; it is there until its answer is whole."""
    return custom_id in state._view_store._modals  # noqa: SLF001 -- no other way
