"""The buttons below an announcement: to X, to a like of one's own, and to everyone who liked."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.chat.answers import reply
from bot.chat.answers.asker import actor_of, guild_of, manages_guild, services_of
from bot.chat.answers.failures import answered
from bot.chat.buttons.manage_watch import ManageSelect, manage_row
from bot.chat.buttons.pages import who_likes_button
from bot.chat.cards.announced import PEOPLE
from bot.chat.cards.card import Button, Card, link_button, row
from bot.chat.cards.liking import like_card, like_on_x_card
from bot.chat.cards.posts import open_button
from bot.chat.cards.told import told_card
from bot.chat.languages.translator import Translator
from bot.domain import Announcement, AnnouncementType, Post, ToldPage, reply_url, repost_url
from bot.domain.errors import LinkBroken, OwnAccountNeeded
from bot.domain.sentences import CountedSentence, Sentence

Interaction = discord.Interaction[Any]

_TYPES = "|".join(AnnouncementType)
_LIKE, _REPLY, _REPOST = Sentence("Like"), Sentence("Reply"), Sentence("Repost")
_MORE = CountedSentence("and {n} more", "and {n} more")


def below_announcement(
    announcement: Announcement, post: Post, key: str, say: Translator, *, together: int
) -> list[Button]:
    """Return what can be done with a post; fewer where several share a message."""
    acts: list[Button] = [open_button(post, say), LikeButton(post.id, key, say(_LIKE))]
    if together == 1:
        acts += [
            link_button(say(_REPLY), reply_url(post.id)),
            link_button(say(_REPOST), repost_url(post.id)),
        ]
    return [*acts, _who_button(announcement, post.id, key, say)]


def _who_button(announcement: Announcement, post_id: int, key: str, say: Translator) -> Button:
    """Return what leads to everyone who liked; first to those for whom there was no room."""
    if announcement.more and announcement.type is not AnnouncementType.GROWTH:
        label = say.counted(announcement.more, _MORE if announcement.likers else PEOPLE)
        return ToldButton(post_id, announcement.type, label, key=key)
    return who_likes_button(post_id, key, say)


class LikeButton(
    ui.DynamicItem[ui.Button[Any]], template=r"like:(?P<post>\d{1,19}):(?P<key>[^:]*)"
):
    """Like a post as whoever presses it: by their linked account, or in X's own dialog."""

    def __init__(self, post_id: int, key: str = "", label: str = _LIKE) -> None:
        super().__init__(ui.Button(label=label, custom_id=f"like:{post_id}:{key}"))
        self._post_id = post_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["post"]), match["key"])

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            await reply.defer(interaction, private=True)
            likes = services_of(interaction).likes
            try:
                done = await likes.like_as_themselves(actor_of(interaction), str(self._post_id))
            except (OwnAccountNeeded, LinkBroken):
                await reply.show(interaction, like_on_x_card(self._post_id))
                return
            await reply.show(interaction, like_card(done))


class ToldButton(
    ui.DynamicItem[ui.Button[Any]],
    template=(
        rf"told:(?P<post>\d{{1,19}}):(?P<type>{_TYPES}):(?P<page>-?\d{{1,5}}):(?P<key>[^:]*)"
    ),
):
    """A page of those of whom a message told, from what is stored: X is not asked.

    The first page is an answer; from there the others take its place.
    """

    def __init__(
        self, post_id: int, told: AnnouncementType, label: str, *, key: str, page: int = -1
    ) -> None:
        custom_id = f"told:{post_id}:{told}:{page}:{key}"
        super().__init__(ui.Button(label=label, custom_id=custom_id))
        self._post_id, self._told, self._page, self._key = post_id, told, page, key

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        told = AnnouncementType(match["type"])
        return cls(int(match["post"]), told, "more", key=match["key"], page=int(match["page"]))

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            if self._page < 0:
                await reply.defer(interaction, private=True)
            else:
                await reply.defer_edit(interaction)
            found = await services_of(interaction).told.page(
                guild_of(interaction), self._key, self._post_id, self._told, max(0, self._page)
            )
            page = _told_page(found, self._told, self._key)
            if manages_guild(interaction):
                page.add_item(manage_row(found.watch_id))
            await reply.show(interaction, page)


def _told_page(found: ToldPage, told: AnnouncementType, key: str) -> Card:
    buttons: list[Button] = [
        ToldButton(found.post.id, told, label, key=key, page=page)
        for label, page, is_there in (
            ("Previous", found.page - 1, found.page > 0),
            ("Next", found.page + 1, not found.is_last),
        )
        if is_there
    ]
    return told_card(found, told, row(*buttons, who_likes_button(found.post.id, key)))


ANNOUNCED_ITEMS = (LikeButton, ToldButton, ManageSelect)
