"""Exports under way: each is shown in its member's message until its file is there."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import discord

from bot.chat.answers import reply
from bot.chat.answers.failures import answered
from bot.chat.buttons.exports import ExportButton, StopExportButton
from bot.chat.cards.card import Card
from bot.chat.cards.exports import (
    export_done_card,
    export_progress_card,
    export_question_card,
    export_stopping_card,
)
from bot.domain.discord_limits import ANSWER_MINUTES
from bot.domain.errors import ExportOver, ExportRunning
from bot.domain.files import NamedFile
from bot.services.export.progress import Course
from bot.services.export.service import ExportService
from bot.services.export.values import Exported, ExportPlan, ExportRequest, Progress

logger = logging.getLogger(__name__)

EVERY_S = 1.5
"""The least time from one progress message to the next."""

LASTS = timedelta(minutes=ANSWER_MINUTES - 1)
"""For so long an export goes on: the last minute is for the file."""

_CANCELLED = "It was cancelled."
_STOPPING = "I am being stopped. Export again in a minute."

Interaction = discord.Interaction[Any]


@dataclass(slots=True)
class _Job:
    """An export under way, and the message in which it is shown."""

    interaction: Interaction
    plan: ExportPlan
    course: Course
    task: asyncio.Task[None] | None = None
    is_over: bool = False
    # Whoever changes the message waits for the one before, so that the file comes last.
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def end(self, card: Card, *files: NamedFile) -> None:
        async with self.turn:
            self.is_over = True
            await reply.show(self.interaction, card, *files)

    async def stop(self, interaction: Interaction) -> None:
        """Answer whoever pressed Cancel at once; the file follows."""
        async with self.turn:
            if self.is_over:
                raise ExportOver
            await reply.show(interaction, export_stopping_card(self.plan))
            self.course.stop(_CANCELLED)


class Exporter:
    """Runs exports beside everything else; a member has one at a time."""

    def __init__(
        self,
        service: ExportService,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        every_s: float = EVERY_S,
        lasts: timedelta = LASTS,
    ) -> None:
        self._service = service
        self._now = now
        self._every_s = every_s
        self._lasts = lasts
        self._jobs: dict[str, _Job] = {}
        self._closed = False
        # Who has said yes to X's terms since the bot was started.
        self._agreed: set[int] = set()

    async def begin(
        self, interaction: Interaction, request: ExportRequest, *, sure: bool = False
    ) -> None:
        """Begin an export in a private answer that is promised already; ask first.

        A member who has agreed to X's terms is asked again where an export is dear.
        """
        until = self._now() + self._lasts
        self._require_none_of(interaction.user.id)
        plan = await self._service.plan(request)
        if sure:
            self._agreed.add(interaction.user.id)
        elif plan.asks_first or interaction.user.id not in self._agreed:
            button = ExportButton(request.kind, plan.key, request.format, sure=True)
            await reply.show(interaction, export_question_card(plan, button))
            return
        self._require_none_of(interaction.user.id)
        self._start(_Job(interaction, plan, Course(self._now, until)))

    def has(self, key: str) -> bool:
        """Say whether an export is under way here."""
        return key in self._jobs

    async def cancel(self, interaction: Interaction, key: str) -> None:
        """End a member's export with what it has read; raise ExportOver when there is none."""
        job = self._jobs.get(key)
        if job is None or job.interaction.user.id != interaction.user.id:
            raise ExportOver
        await job.stop(interaction)

    async def close(self, grace_s: float = 1.0) -> None:
        """Let every export hand over what it has, for a moment; then cancel what is left."""
        self._closed = True
        tasks = [job.task for job in self._jobs.values() if job.task is not None]
        for job in self._jobs.values():
            job.course.stop(_STOPPING)
        if tasks:
            _, slow = await asyncio.wait(tasks, timeout=grace_s)
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)

    def _require_none_of(self, member_id: int) -> None:
        if self._closed:
            raise ExportOver
        if any(job.interaction.user.id == member_id for job in self._jobs.values()):
            raise ExportRunning

    def _start(self, job: _Job) -> None:
        key = secrets.token_hex(4)
        self._jobs[key] = job
        job.task = asyncio.create_task(self._run(key, job), name=f"export-{key}")
        job.task.add_done_callback(lambda _: self._jobs.pop(key, None))

    async def _run(self, key: str, job: _Job) -> None:
        async def tell(_: Interaction, card: Card) -> None:
            await job.end(card)

        async with answered(job.interaction, tell):
            exported = await self._read(key, job)
            await job.end(export_done_card(exported), *([exported.file] if exported.rows else ()))

    async def _read(self, key: str, job: _Job) -> Exported:
        """Read everything, and show now and then how far it is."""
        shown = job.course.progress
        await _show(job, shown, key)
        reading = asyncio.create_task(self._service.run(job.plan, job.course), name=f"read-{key}")
        try:
            while not (await asyncio.wait({reading}, timeout=self._every_s))[0]:
                if job.course.progress != shown and job.course.why_stopped is None:
                    shown = job.course.progress
                    await _show(job, shown, key)
            return reading.result()
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)


async def _show(job: _Job, progress: Progress, key: str) -> None:
    """Show how far an export is; that Discord does not take it now does not end the export."""
    card = export_progress_card(job.plan, progress, StopExportButton(key))
    try:
        async with job.turn:
            await reply.show(job.interaction, card)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        logger.warning("could not show an export: %s", error)
