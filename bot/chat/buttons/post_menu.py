"""What can be done with the posts that a message names; the same as the slash commands do."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Self

import discord
from discord import ui

from bot.chat.answers import reply
from bot.chat.answers.asker import actor_of, asker_of, require_manager, services_of
from bot.chat.answers.failures import answered
from bot.chat.answers.pace import require_pace
from bot.chat.buttons.liking import liked_page
from bot.chat.buttons.pages import likers_page
from bot.chat.buttons.watches import watch_or_ask
from bot.chat.cards.card import Card
from bot.chat.cards.choice import choice_card, post_options
from bot.chat.text.of_message import text_of
from bot.domain import Post
from bot.domain.errors import NoPostInMessage

Interaction = discord.Interaction[Any]


class PostAction(StrEnum):
    LIKE = "like"
    LIKERS = "likers"
    WATCH = "watch"


_QUESTIONS = {
    PostAction.LIKE: "Which post should I like?",
    PostAction.LIKERS: "Whose likers should I show?",
    PostAction.WATCH: "Which post should I watch?",
}


async def act_on_message(
    interaction: Interaction, message: discord.Message, action: PostAction
) -> None:
    """Do it with the message's only post, or ask which one is meant."""
    asker = await asker_of(interaction)
    posts = await services_of(interaction).lookup.mentioned(asker.guild_id, text_of(message))
    if not posts:
        raise NoPostInMessage
    if len(posts) == 1:
        await _act(interaction, action, posts[0].id)
        return
    row = ui.ActionRow[Any](PostSelect(action, posts))
    await reply.show(interaction, choice_card(_QUESTIONS[action], posts, row))


async def _act(interaction: Interaction, action: PostAction, post_id: int) -> None:
    await reply.show(interaction, await _DO[action](interaction, str(post_id)))


async def _like(interaction: Interaction, ref: str) -> Card:
    return liked_page(await services_of(interaction).likes.like(actor_of(interaction), ref))


async def _show_likers(interaction: Interaction, ref: str) -> Card:
    asker = await asker_of(interaction)
    return likers_page(await services_of(interaction).lookup.likers(asker, ref))


async def _watch(interaction: Interaction, ref: str) -> Card:
    return await watch_or_ask(interaction, None, ref)


_DO = {PostAction.LIKE: _like, PostAction.LIKERS: _show_likers, PostAction.WATCH: _watch}


class PostSelect(ui.DynamicItem[ui.Select[Any]], template=r"posts:(?P<action>like|likers|watch)"):
    """The posts of a message, one of which is meant."""

    def __init__(self, action: PostAction, posts: Sequence[Post] = ()) -> None:
        options = post_options(posts)
        super().__init__(
            ui.Select(custom_id=f"posts:{action}", placeholder="Choose a post", options=options)
        )
        self._action = action

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(PostAction(match["action"]))

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            if self._action is PostAction.WATCH:
                require_manager(interaction)
            if self._action is PostAction.LIKERS:
                require_pace(interaction)
            await reply.defer_edit(interaction)
            await _act(interaction, self._action, int(self.item.values[0]))
