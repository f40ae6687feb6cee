"""Everybody of whom an announcement told, where it named only some."""

from typing import Any

from discord import ui

from bot.chat.cards.card import Accent, Card, card, line
from bot.chat.cards.likers import people_list
from bot.chat.cards.numbers import counted, number
from bot.chat.cards.posts import post_line, post_link
from bot.domain import AnnouncementType, ToldPage

_MAX_LINE = 120


def told_card(found: ToldPage, told: AnnouncementType, row: ui.ActionRow[Any]) -> Card:
    taken_back = told is AnnouncementType.LEFT
    head = "Who took a like back" if taken_back else "New likes"
    lines = [f"### {head} on {post_link(found.post)}", post_line(found.post, _MAX_LINE)]
    first = found.before + 1
    shown = f"{number(first)} to {number(found.before + len(found.users))} of "
    pages = "" if found.is_last and not found.page else shown
    people = people_list(found.users) if found.users else "There are no names to show."
    return card(
        Accent.PLAIN if taken_back else Accent.LIKE,
        "\n".join(filter(None, lines)),
        line(),
        people,
        f"-# {pages}{counted(found.total, 'like')}",
        row,
    )
