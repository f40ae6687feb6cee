"""Imports under way: each is shown in its member's message until all is added or left out."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import discord

from bot.chat.answers import reply
from bot.chat.answers.failures import answered
from bot.chat.buttons.imports import ImportButton
from bot.chat.buttons.watches import LeaveButton
from bot.chat.cards.card import Card
from bot.chat.cards.imports import (
    import_done_card,
    import_nothing_card,
    import_progress_card,
    import_question_card,
)
from bot.domain.discord_limits import ANSWER_MINUTES
from bot.domain.errors import ImportOver
from bot.watching.importing import ImportPlan, ImportProgress, ImportService, leave_out_rest

logger = logging.getLogger(__name__)

EVERY_S = 1.5
"""The least time from one progress message to the next."""

_LASTS = timedelta(minutes=ANSWER_MINUTES - 1)
_OUT_OF_TIME = "There was no more time. Import these again."
_STOPPED = "You stopped it."
_CLOSING = "I was stopped. Import these again."
_MOST_PLANS = 100

Interaction = discord.Interaction[Any]


@dataclass(slots=True)
class _Import:
    plan: ImportPlan
    member_id: int
    why_stopped: str | None = None
    task: asyncio.Task[None] | None = None


class Importer:
    """Asks before each import, and runs it beside everything else."""

    def __init__(
        self,
        service: ImportService,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        every_s: float = EVERY_S,
    ) -> None:
        self._service = service
        self._now = now
        self._every_s = every_s
        self._imports: dict[str, _Import] = {}

    async def ask(self, interaction: Interaction, channel_id: int | None, text: str) -> None:
        """Tell the price, in a private answer that is promised already."""
        guild_id, member_id = interaction.guild_id or 0, interaction.user.id
        plan = await self._service.plan(guild_id, channel_id, member_id, text)
        if not plan.post_ids:
            await reply.show(interaction, import_nothing_card(plan))
            return
        key = secrets.token_hex(4)
        while len(self._imports) >= _MOST_PLANS and self._forget_oldest():
            pass
        self._imports[key] = _Import(plan, member_id)
        button = ImportButton("begin", key)
        await reply.show(interaction, import_question_card(plan, button, LeaveButton()))

    def has(self, key: str) -> bool:
        """Say whether an import was asked about here, or is under way."""
        return key in self._imports

    async def begin(self, interaction: Interaction, key: str) -> None:
        """Begin what was asked about; raise ImportOver where it is not known any more."""
        one = self._of(interaction, key)
        if one.task is not None:
            raise ImportOver
        one.task = asyncio.create_task(self._run(interaction, key, one), name=f"import-{key}")
        one.task.add_done_callback(lambda _: self._imports.pop(key, None))

    async def stop(self, interaction: Interaction, key: str) -> None:
        self._of(interaction, key).why_stopped = _STOPPED

    async def close(self, grace_s: float = 1.0) -> None:
        tasks = [one.task for one in self._imports.values() if one.task is not None]
        for one in self._imports.values():
            one.why_stopped = _CLOSING
        if tasks:
            _, slow = await asyncio.wait(tasks, timeout=grace_s)
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)

    def _of(self, interaction: Interaction, key: str) -> _Import:
        one = self._imports.get(key)
        if one is None or one.member_id != interaction.user.id:
            raise ImportOver
        return one

    def _forget_oldest(self) -> bool:
        """Forget a plan that nobody has begun; return False where all are under way."""
        idle = next((key for key, one in self._imports.items() if one.task is None), None)
        if idle is not None:
            del self._imports[idle]
        return idle is not None

    async def _run(self, interaction: Interaction, key: str, one: _Import) -> None:
        async def tell(_: Interaction, card: Card) -> None:
            await _show(interaction, card)

        async with answered(interaction, tell):
            progress = await self._add(interaction, key, one)
            await reply.show(interaction, import_done_card(one.plan, progress))

    async def _add(self, interaction: Interaction, key: str, one: _Import) -> ImportProgress:
        loop, until = asyncio.get_running_loop(), self._now() + _LASTS
        progress, button, shown_at = ImportProgress(), ImportButton("stop", key), loop.time()
        await _show(interaction, import_progress_card(one.plan, progress, button))
        async for progress in self._service.run(one.plan):
            why = one.why_stopped or (_OUT_OF_TIME if self._now() >= until else None)
            if why is not None:
                leave_out_rest(one.plan, progress, why)
                break
            if loop.time() - shown_at >= self._every_s:
                shown_at = loop.time()
                await _show(interaction, import_progress_card(one.plan, progress, button))
        return progress


async def _show(interaction: Interaction, card: Card) -> None:
    """Show how far it is; that Discord does not take it now does not end the import."""
    try:
        await reply.show(interaction, card)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        logger.warning("could not show an import: %s", error)
