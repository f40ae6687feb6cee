"""Buttons that lead to what the bot does with data, and to its terms; they survive a restart."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.chat.answers import reply
from bot.chat.answers.failures import answered
from bot.chat.cards.about import about_card, about_pages
from bot.chat.cards.card import Button, link_button
from bot.chat.languages.translator import ENGLISH, Translator
from bot.domain.about import AboutKind, AboutPage
from bot.domain.sentences import Sentence

Interaction = discord.Interaction[Any]
_TITLES = {AboutKind.PRIVACY: Sentence("Privacy"), AboutKind.TERMS: Sentence("Terms")}
_PAGES = {page.kind: page for page in about_pages()}


class AboutButton(ui.DynamicItem[ui.Button[Any]], template=r"about:(?P<kind>privacy|terms)"):
    """Show a page in Discord, to whoever presses it: the bot may have no address of its own."""

    def __init__(self, kind: AboutKind, title: str = "") -> None:
        label = title or _TITLES[kind]
        super().__init__(ui.Button(label=label, custom_id=f"about:{kind.value}"))
        self._kind = kind

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(AboutKind(match["kind"]))

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            await reply.defer(interaction, private=True)
            await reply.show(interaction, about_card(_PAGES[self._kind]))


def about_buttons(pages: tuple[AboutPage, ...], say: Translator = ENGLISH) -> list[Button]:
    """Return a button for each page: to its address, if it has one, else to itself in Discord."""
    return [_button(page, say(_TITLES[page.kind])) for page in pages]


def _button(page: AboutPage, title: str) -> Button:
    return AboutButton(page.kind, title) if page.url is None else link_button(title, page.url)
