"""The one frame that every message of ours has."""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any, Self

import discord
from discord import ui

from bot.chat.languages.translator import ENGLISH, Translator
from bot.chat.text import length, plain
from bot.chat.text.limits import MAX_ALT_TEXT, MAX_BUTTON_LABEL, MAX_TEXT
from bot.chat.text.tappable import tappable
from bot.domain.sentences import Sentence

_MAX_MEDIA_URL = 2_048
_OPEN = Sentence("Open on X")

Button = ui.Button[Any] | ui.DynamicItem[ui.Button[Any]]
Row = ui.ActionRow[Any]


class Accent(IntEnum):
    """One colour a meaning."""

    PLAIN = 0x64748B  # something looked up
    LIKE = 0xE0457B  # a like, seen or made
    GROWTH = 0x8B5CF6  # likes without names
    DONE = 0x2F9E6E  # a change that was made
    TROUBLE = 0xD97706  # works, but an admin should look
    ERROR = 0xC93B3B


class Card(ui.LayoutView):
    """A message: containers of one colour each below each other, and rows of buttons between.

    What shows a post of X has our buttons below it, in a row that is not of its container.
    """

    def __init__(self, *containers: ui.Container[Any] | ui.ActionRow[Any]) -> None:
        # A timeout would make discord.py forget the buttons' classes with the first card to expire.
        super().__init__(timeout=None)
        for container in containers:
            self.add_item(container)

    def name_commands(self, ids: Mapping[str, int]) -> Self:
        """Let the commands in it be tapped, as far as they are known and the text still fits."""
        shown = [item for item in self.walk_children() if isinstance(item, ui.TextDisplay)]
        contents = [tappable(item.content, ids) for item in shown]
        if sum(map(length, contents)) <= MAX_TEXT:
            for item, content in zip(shown, contents, strict=True):
                item.content = content
        return self


def card(accent: Accent, *items: str | ui.Item[Any] | None) -> Card:
    return Card(frame(accent, *items))


def frame(accent: Accent, *items: str | ui.Item[Any] | None) -> ui.Container[Any]:
    shown = (ui.TextDisplay[Any](item) if isinstance(item, str) else item for item in items if item)
    return ui.Container(*shown, accent_colour=int(accent))


def chars_of(container: ui.Container[Any]) -> int:
    """Count what it takes of the characters that a message has."""
    items = container.walk_children()
    return sum(length(item.content) for item in items if isinstance(item, ui.TextDisplay))


def row(*buttons: Button) -> ui.ActionRow[Any]:
    return ui.ActionRow(*buttons)


def line() -> ui.Separator[Any]:
    return ui.Separator()


def link_button(label: str, url: str) -> ui.Button[Any]:
    return ui.Button(label=plain(label, MAX_BUTTON_LABEL), url=url)


def open_on_x(url: str, say: Translator = ENGLISH) -> ui.Button[Any]:
    return link_button(say(_OPEN), url)


def beside_picture(text: str, url: str | None, alt_text: str) -> str | ui.Section[Any]:
    """Put a small picture at the text's right, or return the text alone where there is none."""
    if url is None or not is_picture(url):
        return text
    description = plain(alt_text, MAX_ALT_TEXT) or None
    return ui.Section(text, accessory=ui.Thumbnail(url, description=description))


def gallery(
    pictures: Iterable[tuple[str, str | None]], *, spoiler: bool
) -> ui.MediaGallery[Any] | None:
    """Show up to ten pictures, each an address and an alternative text."""
    shown = [
        discord.MediaGalleryItem(
            url, description=plain(alt_text or "", MAX_ALT_TEXT) or None, spoiler=spoiler
        )
        for url, alt_text in pictures
        if is_picture(url)
    ]
    return ui.MediaGallery(*shown[:10]) if shown else None


def is_picture(url: str) -> bool:
    """Return whether Discord would take the address: one wrong one refuses the whole message."""
    return url.startswith(("https://", "http://")) and len(url) <= _MAX_MEDIA_URL
