"""Pages that survive a restart: each button's custom_id carries all that it needs."""

import re
from collections.abc import Callable
from typing import Any, Self

import discord
from discord import ui

from bot.chat.answers import reply
from bot.chat.answers.asker import asker_of, guild_of, manages_guild, services_of
from bot.chat.answers.failures import answered
from bot.chat.answers.pace import require_pace
from bot.chat.buttons.exports import ExportButton, StopExportButton, export_row
from bot.chat.buttons.manage_watch import manage_row
from bot.chat.cards.card import Button, Card
from bot.chat.cards.liked import liked_card
from bot.chat.cards.likers import likers_card
from bot.chat.cards.posts import post_card
from bot.chat.languages.translator import ENGLISH, Translator
from bot.chat.text.limits import MAX_CUSTOM_ID
from bot.domain import LikedPage, LikersPage, Post
from bot.domain.sentences import Sentence
from bot.domain.usernames import is_username
from bot.services.export.values import Kind

Interaction = discord.Interaction[Any]

_FROM_POST_CARD = "post"
_EVERYONE = Sentence("Everyone who liked")
_TURNS = _PREVIOUS, _NEXT = "Previous", "Next"
_TOO_LONG = "X names that page in a way that does not fit into a Discord button, so it has none."


class LikersButton(
    ui.DynamicItem[ui.Button[Any]],
    template=r"likers:(?P<post>\d{1,19}):(?P<token>[^:]*):(?P<key>[^:]*)(:(?P<at>-?\d{1,6}))?",
):
    """A page of the people who like a post.

    With a key, it answers the member who pressed it; without, it turns the message's page to
    X's `token`, whose place is `at` (as `LookupService.likers` has it).
    """

    def __init__(
        self,
        post_id: int,
        label: str,
        *,
        token: str = "",
        key: str = "",
        at: int = 0,
        disabled: bool = False,
    ) -> None:
        place = f":{at}" if at else ""
        custom_id = f"likers:{post_id}:{token}:{key}{place}"
        super().__init__(ui.Button(label=label, custom_id=custom_id, disabled=disabled))
        self._post_id, self._token, self._key, self._at = post_id, token, key, at

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        at = int(match["at"] or 0)
        return cls(int(match["post"]), _NEXT, token=match["token"], key=match["key"], at=at)

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_pace(interaction)
            await defer_page(interaction, answers=bool(self._key))
            found = await services_of(interaction).lookup.likers(
                await asker_of(interaction), str(self._post_id), self._token or None, self._at
            )
            page = likers_page(found)
            if self._key and manages_guild(interaction):
                told = services_of(interaction).told
                watch_id = await told.watch_of(guild_of(interaction), self._key, self._post_id)
                if watch_id is not None:
                    page.add_item(manage_row(watch_id))
            await reply.show(interaction, page)


class LikedButton(
    ui.DynamicItem[ui.Button[Any]],
    template=r"liked:(?P<username>\w{1,20}):(?P<token>[^:]*)",
):
    """Another page of the posts that a user likes."""

    def __init__(self, username: str, label: str, *, token: str, disabled: bool = False) -> None:
        custom_id = f"liked:{username}:{token}"
        super().__init__(ui.Button(label=label, custom_id=custom_id, disabled=disabled))
        self._username, self._token = username, token

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["username"], _NEXT, token=match["token"])

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_pace(interaction)
            await defer_page(interaction, answers=False)
            found = await services_of(interaction).lookup.liked(
                await asker_of(interaction),
                self._username,
                self._token,
                is_private=_is_private(interaction),
            )
            await reply.show(interaction, liked_page(found))


DYNAMIC_ITEMS = (LikersButton, LikedButton, ExportButton, StopExportButton)


def who_likes_button(post_id: int, key: str, say: Translator = ENGLISH) -> LikersButton:
    """Return the button under an announcement; the delivery's key rides in its custom_id."""
    return LikersButton(post_id, say(_EVERYONE), key=key)


def post_page(post: Post) -> Card:
    return post_card(post, who_likes_button(post.id, _FROM_POST_CARD))


def likers_page(found: LikersPage) -> Card:
    def button(label: str, token: str, *, disabled: bool) -> LikersButton:
        at = -found.before if label == _PREVIOUS else found.until
        return LikersButton(found.post.id, label, token=token, at=at, disabled=disabled)

    buttons, note = _turns(found.page.previous_token, found.page.next_token, button)
    card = likers_card(found, *buttons, note=note)
    if found.page.users:
        card.add_item(export_row(Kind.LIKERS, str(found.post.id)))
    return card


def liked_page(found: LikedPage) -> Card:
    username = found.asked_as or found.user.username
    if not is_username(username):
        return liked_card(found)

    def button(label: str, token: str, *, disabled: bool) -> LikedButton:
        return LikedButton(username, label, token=token, disabled=disabled)

    buttons, note = _turns(found.page.previous_token, found.page.next_token, button)
    card = liked_card(found, *buttons, note=note)
    if found.page.posts:
        card.add_item(export_row(Kind.LIKED, username))
    return card


def _turns(
    previous: str | None, following: str | None, button: Callable[..., Button]
) -> tuple[list[Button], str | None]:
    """Return buttons for the pages there are, and a sentence where one cannot work."""
    buttons: list[Button] = []
    note = None
    for label, token in ((_PREVIOUS, previous), (_NEXT, following)):
        if not token:
            continue
        if _can_ride(token, button):
            buttons.append(button(label, token, disabled=False))
        else:
            buttons.append(button(label, label.lower(), disabled=True))
            note = _TOO_LONG
    return buttons, note


def _can_ride(token: str, button: Callable[..., Button]) -> bool:
    overhead = max(len(button(label, "", disabled=True).custom_id or "") for label in _TURNS)
    return ":" not in token and overhead + len(token) <= MAX_CUSTOM_ID


def _is_private(interaction: Interaction) -> bool:
    """Say whether nobody else sees the message whose button is pressed."""
    message = interaction.message
    return message is not None and message.flags.ephemeral


async def defer_page(interaction: Interaction, *, answers: bool) -> None:
    """Promise an answer, or another page; who may not publish there turns pages for themselves."""
    message = interaction.message
    is_public = message is None or not message.flags.ephemeral
    if answers or (is_public and not reply.may_publish(interaction)):
        await reply.defer(interaction, private=True)
    else:
        await reply.defer_edit(interaction)
