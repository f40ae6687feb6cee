"""Watching a post, and the buttons of the question before a dear one."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of, require_manager, services_of
from bot.chat.answers.channels import require_fitting, require_writable
from bot.chat.answers.failures import answered
from bot.chat.cards.card import Card
from bot.chat.cards.watches import watch_added_card, watch_left_card, watch_question_card
from bot.domain import WatchQuestion, WatchRequest

Interaction = discord.Interaction[Any]

_CHOSEN = {None: "-", False: "0", True: "1"}


async def watch_or_ask(
    interaction: Interaction, channel_id: int | None, ref: str, *, unlikes: bool | None = None
) -> Card:
    """Watch a post, or ask first where that is dear; refuse where it could not be announced."""
    await require_writable(interaction, channel_id)
    request = WatchRequest(
        guild_of(interaction), channel_id, ref, interaction.user.id, unlikes=unlikes
    )
    answer = await services_of(interaction).new_watches.add_or_ask(request)
    if isinstance(answer, WatchQuestion):
        return watch_question_card(answer, WatchButton.of(answer), LeaveButton())
    return watch_added_card(answer)


class WatchButton(
    ui.DynamicItem[ui.Button[Any]],
    template=r"watch:(?P<post>\d{1,19}):(?P<channel>\d{1,20}):(?P<unlikes>[-01])",
):
    """Watch a post all the same."""

    def __init__(self, post_id: int, channel_id: int, *, unlikes: bool | None) -> None:
        custom_id = f"watch:{post_id}:{channel_id}:{_CHOSEN[unlikes]}"
        button = ui.Button[Any](
            label="Start watching", style=discord.ButtonStyle.primary, custom_id=custom_id
        )
        super().__init__(button)
        self._post_id, self._channel_id, self._unlikes = post_id, channel_id, unlikes

    @classmethod
    def of(cls, question: WatchQuestion) -> Self:
        return cls(question.post.id, question.channel_id, unlikes=question.unlikes)

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        unlikes = next(chosen for chosen, sign in _CHOSEN.items() if sign == match["unlikes"])
        return cls(int(match["post"]), int(match["channel"]), unlikes=unlikes)

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await reply.defer_edit(interaction)
            await require_fitting(interaction, self._channel_id)
            request = WatchRequest(
                guild_of(interaction),
                self._channel_id,
                str(self._post_id),
                interaction.user.id,
                unlikes=self._unlikes,
            )
            added = await services_of(interaction).new_watches.add(request)
            await reply.show(interaction, watch_added_card(added))


class LeaveButton(ui.DynamicItem[ui.Button[Any]], template=r"watch-leave"):
    """Begin no watch."""

    def __init__(self) -> None:
        super().__init__(ui.Button(label="Cancel", custom_id="watch-leave"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls()

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            await reply.defer_edit(interaction)
            await reply.show(interaction, watch_left_card())


WATCH_ITEMS = (WatchButton, LeaveButton)
