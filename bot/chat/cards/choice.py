"""Which of several posts is meant."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.chat import text
from bot.chat.cards.card import Accent, Card, card
from bot.chat.cards.numbers import counted
from bot.domain import Post
from bot.domain.discord_limits import MAX_CHOICE_NAME, MAX_CHOICES

_MAX_AUTHOR = 24


def choice_card(question: str, posts: Sequence[Post], row: ui.ActionRow[Any]) -> Card:
    left_out = len(posts) - MAX_CHOICES
    remark = f"-# {counted(left_out, 'more post')} of this message do not fit in here."
    return card(Accent.PLAIN, question, row, remark if left_out > 0 else "")


def post_options(posts: Sequence[Post]) -> list[discord.SelectOption]:
    """Return a line for each post; one that nobody watched is known by its ID alone."""
    return [
        discord.SelectOption(label=_label(post), value=str(post.id)) for post in posts[:MAX_CHOICES]
    ]


def _label(post: Post) -> str:
    author = _line(f"@{post.author.username}", _MAX_AUTHOR) + ": " if post.author else ""
    words = _line(post.text, MAX_CHOICE_NAME - len(author))
    return f"{author}{words}" if words else f"Post {post.id}"


def _line(words: str, limit: int) -> str:
    return text.plain(" ".join(words.split()), limit)
