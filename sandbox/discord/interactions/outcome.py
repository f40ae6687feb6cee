"""Waiting for the answer to be whole, and what the member then sees."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from sandbox.discord.interaction_book import (
    ANSWER_SECONDS,
    Interaction,
    InteractionBook,
    SaidAll,
    never,
)
from sandbox.discord.messages.model import Message
from sandbox.discord.messages.store import MessageStore
from sandbox.discord.shapes.messages import MessageShapes
from sandbox.discord.types import Json

NO_ANSWER = "The application did not respond"
TIMEOUT_SECONDS = 15.0
SETTLE_SECONDS = 0.1
UPDATE_SECONDS = 5.0
"""How long an edit may be in coming after a deferred update, which promises none."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a promised answer, and how long it must then be quiet.

    `said_all` ends once a bot has no more to say, where somebody knows that; it is not waited for
    beyond that quiet.
    """

    timeout_s: float = TIMEOUT_SECONDS
    settle_s: float = SETTLE_SECONDS
    said_all: SaidAll = never


async def wait_until_whole(
    book: InteractionBook, interaction: Interaction, patience: Patience
) -> str | None:
    """Return what went wrong, as a sentence, or None."""
    with suppress(TimeoutError):
        async with asyncio.timeout(ANSWER_SECONDS):
            while not interaction.answered and not book.is_late(interaction):
                await _change(interaction)
    if not interaction.answered:
        return NO_ANSWER
    await _arrive(interaction, patience.timeout_s)
    if interaction.owes_message:
        return f"The answer was promised, but did not come within {patience.timeout_s:g} s"
    if interaction.modal is None and interaction.choices is None:
        await _settle(interaction, patience)
    return None


async def _change(interaction: Interaction) -> None:
    await interaction.changed.wait()
    interaction.changed.clear()


async def _arrive(interaction: Interaction, timeout_s: float) -> None:
    """Wait for the answer itself, where the first one was only a sign of life."""
    longest = timeout_s if interaction.owes_message else min(timeout_s, UPDATE_SECONDS)
    with suppress(TimeoutError):
        async with asyncio.timeout(longest):
            while not interaction.whole:
                await _change(interaction)


async def _settle(interaction: Interaction, patience: Patience) -> None:
    """Wait until nothing more comes: a bot does not say which follow-up is its last."""
    quiet = asyncio.ensure_future(_quiet(interaction, patience.settle_s))
    said_all = asyncio.ensure_future(patience.said_all())
    try:
        await asyncio.wait((quiet, said_all), return_when=asyncio.FIRST_COMPLETED)
    finally:
        quiet.cancel()
        said_all.cancel()


async def _quiet(interaction: Interaction, quiet_s: float) -> None:
    with suppress(TimeoutError):
        while True:
            async with asyncio.timeout(quiet_s):
                await _change(interaction)


def outcome(
    interaction: Interaction, store: MessageStore, shapes: MessageShapes, error: str | None
) -> Json:
    seen = [message for message in _answers(interaction) if store.find(message.id) is message]
    shape: Json = {
        "interaction_id": str(interaction.id),
        "acked_ms": interaction.acked_ms,
        "deferred": interaction.deferred,
        "ephemeral": interaction.ephemeral,
        "messages": [shapes.message(message) for message in seen],
    }
    if interaction.modal is not None:
        shape["modal"] = interaction.modal
    if interaction.choices is not None:
        shape["choices"] = interaction.choices
    if error is not None:
        shape["error"] = error
    return shape


def _answers(interaction: Interaction) -> list[Message]:
    original = [interaction.original] if interaction.original else []
    return original + interaction.follow_ups
