"""The way every answer goes: a first sign at once, then one card."""

import asyncio
import contextlib
from collections.abc import Coroutine
from io import BytesIO
from typing import Any, TypeVar

import discord
from discord import ui

from bot.chat.answers.asker import is_personal
from bot.chat.cards.card import Card
from bot.domain.files import NamedFile

Found = TypeVar("Found")

_PRIVATE = "private"


async def defer(interaction: discord.Interaction[Any], *, private: bool) -> None:
    """Promise an answer; a private one is seen by the asking member alone."""
    interaction.extras[_PRIVATE] = private
    await interaction.response.defer(ephemeral=private, thinking=True)


async def defer_while(
    interaction: discord.Interaction[Any], finding: Coroutine[Any, Any, Found], *, private: bool
) -> Found:
    """Promise an answer, and find it meanwhile: to confirm the promise takes Discord some time.

    For what is read here and costs nothing, for it is done where the promise fails, too.
    """
    found = asyncio.create_task(_after_the_promise(finding))
    try:
        await defer(interaction, private=private)
    except BaseException:
        found.cancel()
        await asyncio.gather(found, return_exceptions=True)
        raise
    return await found


async def _after_the_promise(finding: Coroutine[Any, Any, Found]) -> Found:
    await asyncio.sleep(0)  # the promise leaves first
    return await finding


async def defer_public(interaction: discord.Interaction[Any], *, files: bool = False) -> None:
    """Promise an answer that shows what others wrote, and `files` below it: publicly, if it may be.

    A member publishes by the bot what they could publish themselves; the rest they see alone.
    """
    await defer(interaction, private=not may_publish(interaction, files=files))


def may_publish(interaction: discord.Interaction[Any], *, files: bool = False) -> bool:
    """Say whether a member may post links with their previews in that channel."""
    if is_personal(interaction):
        return False  # it is for them alone
    may = interaction.permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    sends = may.send_messages_in_threads if in_thread else may.send_messages
    allowed = sends and may.embed_links and (may.attach_files or not files)
    return allowed or may.administrator


async def defer_edit(interaction: discord.Interaction[Any]) -> None:
    """Promise to change the message whose button was pressed."""
    await interaction.response.defer()


async def open_form(interaction: discord.Interaction[Any], form: ui.Modal) -> None:
    """Show a form, which may be handed in before Discord has confirmed to us that it is shown.

    discord.py listens for it from that confirmation on, and drops what came before.
    """
    interaction._state.store_view(form)  # noqa: SLF001 -- no other way
    try:
        await interaction.response.send_modal(form)
    except BaseException:
        form.stop()
        raise


async def show(interaction: discord.Interaction[Any], card: Card, *files: NamedFile) -> None:
    """Answer with a card, and with these files below it instead of those that were there."""
    for file in files:
        card.add_item(ui.File(f"attachment://{file.name}"))
    await show_pictured(interaction, card, *files)


async def show_pictured(
    interaction: discord.Interaction[Any], card: Card, *files: NamedFile
) -> None:
    """Answer with a card that shows these files itself, by `attachment://` and their names."""
    await interaction.edit_original_response(
        view=_named(interaction, card),
        attachments=[discord.File(BytesIO(file.contents), file.name) for file in files],
    )


async def add_private(interaction: discord.Interaction[Any], card: Card) -> None:
    """Tell the asking member alone something more, after the answer."""
    await interaction.followup.send(view=_named(interaction, card), ephemeral=True)


async def show_error(interaction: discord.Interaction[Any], card: Card) -> None:
    """Tell the asking member alone, whatever was promised before."""
    if interaction.type is discord.InteractionType.autocomplete:
        await interaction.response.autocomplete([])  # it takes choices alone
        return
    response, card = interaction.response, _named(interaction, card)
    if not response.is_done():
        await response.send_message(view=card, ephemeral=True)
        return
    if response.type is discord.InteractionResponseType.deferred_channel_message:
        if interaction.extras.get(_PRIVATE):
            await interaction.edit_original_response(view=card)
            return
        # The first follow-up would fill the public promise, and everyone would read it.
        with contextlib.suppress(discord.NotFound):  # somebody has deleted it already
            await interaction.delete_original_response()
    await interaction.followup.send(view=card, ephemeral=True)


def _named(interaction: discord.Interaction[Any], card: Card) -> Card:
    """Let the commands that a card names be tapped."""
    return card.name_commands(interaction.client.command_ids())
