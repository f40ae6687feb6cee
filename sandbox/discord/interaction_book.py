"""Interactions under way: how long each may be answered, and what was answered so far."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import IntEnum
from time import perf_counter

from sandbox.clock import Clock
from sandbox.discord.errors import ApiError, Problem
from sandbox.discord.messages.model import Message
from sandbox.discord.types import Json

ANSWER_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60
SaidAll = Callable[[], Awaitable[None]]


async def never() -> None:
    """Nobody here knows when a bot has said all: it is another process."""
    await asyncio.Event().wait()


class InteractionType(IntEnum):
    APPLICATION_COMMAND = 2
    MESSAGE_COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


@dataclass(slots=True)
class Interaction:
    """`source` is the message whose component was used, also when a modal came in between.

    `whole` holds once something of the answer arrived: a deferral was followed by its answer.
    """

    id: int
    type: InteractionType
    guild_id: int
    channel_id: int
    user_id: int
    asked_at: float
    data: Json
    metadata: Json
    token: str = field(default_factory=lambda: secrets.token_urlsafe(96))
    source: Message | None = None
    answered: bool = False
    deferred: bool = False
    ephemeral: bool = False
    whole: bool = False
    original: Message | None = None
    follow_ups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] | None = None
    acked_ms: float | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _began: float = field(default_factory=perf_counter)

    @property
    def owes_message(self) -> bool:
        """Tell whether a message was promised: a deferred update may be all there is."""
        return not self.whole and self.original is not self.source

    def acknowledge(self) -> None:
        self.answered = True
        self.acked_ms = round((perf_counter() - self._began) * 1000, 1)
        self.changed.set()

    def complete(self) -> None:
        """Note that something of the answer arrived, after which nothing is waited for."""
        self.whole = True
        self.changed.set()


class InteractionBook:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_token: dict[str, Interaction] = {}
        self._modals: dict[tuple[int, str], Interaction] = {}

    def open(self, interaction: Interaction) -> None:
        limit = self._clock.time() - TOKEN_SECONDS * 2
        self._by_token = {
            token: kept for token, kept in self._by_token.items() if kept.asked_at > limit
        }
        self._by_token[interaction.token] = interaction

    def to_answer(self, interaction_id: int, token: str) -> Interaction:
        """Return the interaction if its first answer may still come."""
        found = self._by_token.get(token)
        if found is None or found.id != interaction_id:
            raise ApiError(Problem.UNKNOWN_INTERACTION)
        if found.answered:
            raise ApiError(Problem.ALREADY_ACKNOWLEDGED)
        if self.is_late(found):
            raise ApiError(Problem.UNKNOWN_INTERACTION)
        return found

    def is_late(self, interaction: Interaction) -> bool:
        """Tell whether the time for a first answer is over, on the sandbox's clock."""
        return self._clock.time() > interaction.asked_at + ANSWER_SECONDS

    def notice_time(self) -> None:
        """Let those who wait for an answer see that the clock was moved."""
        for interaction in self._by_token.values():
            interaction.changed.set()

    def notice_change(self, message: Message) -> None:
        """Let deferred updates of this message be whole: it was changed as any message is."""
        for interaction in self._by_token.values():
            if interaction.deferred and interaction.original is message:
                interaction.complete()

    def by_token(self, token: str) -> Interaction:
        """Return the interaction that a webhook's token stands for, once it was answered."""
        found = self._by_token.get(token)
        if found is None or not found.answered:
            raise ApiError(Problem.UNKNOWN_WEBHOOK)
        if self._clock.time() > found.asked_at + TOKEN_SECONDS:
            raise ApiError(Problem.INVALID_WEBHOOK_TOKEN)
        return found

    def show_modal(self, interaction: Interaction, modal: Json) -> None:
        interaction.modal = modal
        self._modals[interaction.user_id, modal["custom_id"]] = interaction

    def shown_modal(self, user_id: int, custom_id: str) -> Interaction | None:
        """Return the interaction that showed this person this modal last."""
        return self._modals.get((user_id, custom_id))

    def close_modal(self, user_id: int, custom_id: str) -> None:
        self._modals.pop((user_id, custom_id), None)
