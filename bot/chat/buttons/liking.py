"""Taking a like back with the button of its answer; it survives a restart."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.chat.answers import reply
from bot.chat.answers.asker import actor_of, services_of
from bot.chat.answers.failures import answered
from bot.chat.cards.card import Card
from bot.chat.cards.liking import like_card, unlike_card
from bot.domain import LikeDone

Interaction = discord.Interaction[Any]


class UndoLikeButton(ui.DynamicItem[ui.Button[Any]], template=r"like-undo:(?P<post>\d{1,19})"):
    """Take the like of a post back, as whoever presses it."""

    def __init__(self, post_id: int) -> None:
        super().__init__(ui.Button(label="Undo", custom_id=f"like-undo:{post_id}"))
        self._post_id = post_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["post"]))

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            await reply.defer_edit(interaction)
            done = await services_of(interaction).likes.unlike(
                actor_of(interaction), str(self._post_id)
            )
            await reply.show(interaction, unlike_card(done))


def liked_page(done: LikeDone) -> Card:
    """Say what became of a like, and offer to take it back."""
    return like_card(done, *([UndoLikeButton(done.post_id)] if done.liked else []))
