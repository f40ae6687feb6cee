"""What a member may do here."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.cards.card import Accent, Button, Card, card, row

_ON_MESSAGES = (
    "On a message with a link to a post, right-click it or hold it, then **Apps**: {menus}."
)


@dataclass(frozen=True, slots=True)
class HelpPage:
    """Commands of one kind, each with what it does; `menus` are those on messages."""

    title: str
    commands: tuple[tuple[str, str], ...]
    menus: tuple[str, ...] = ()


def help_card(pages: Sequence[HelpPage], number: int, *buttons: Button) -> Card:
    """Show the page of that number, from 0."""
    page = pages[number]
    lines = [f"### {page.title}"]
    lines += [f"`/{name}` {description}" for name, description in page.commands]
    if page.menus:
        named = ", ".join(f"**{menu}**" for menu in page.menus)
        lines.append(_ON_MESSAGES.format(menus=named))
    if len(pages) > 1:
        lines.append(f"-# Page {number + 1} of {len(pages)}")
    return card(Accent.PLAIN, "\n".join(lines), row(*buttons) if buttons else None)
