"""Watches: added, listed, removed."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import discord
from discord import ui

from bot.chat import text
from bot.chat.cards.account_watches import listed_account
from bot.chat.cards.card import Accent, Button, Card, Row, card, line, row
from bot.chat.cards.costs import forecast_sentence, why_asked
from bot.chat.cards.display_rules import excerpt
from bot.chat.cards.facts import OF_REPOST, of_repost
from bot.chat.cards.managing import name_of
from bot.chat.cards.numbers import ago, counted, day, number
from bot.chat.cards.posts import open_button, post_link
from bot.chat.cards.troubles import set_aside_sentence, trouble_sentence
from bot.domain import (
    AccountWatch,
    Watch,
    WatchAdded,
    WatchKind,
    WatchQuestion,
)
from bot.domain.discord_limits import MAX_CHOICE_NAME

AnyWatch = Watch | AccountWatch

_MAX_EXCERPT = 160
_MAX_LISTED_EXCERPT = 60
_MAX_QUERY = 60

_BY_NAME = "I'll announce each new like, by name."
_BY_COUNT = (
    "I'll announce how its like count grows, without names: X only shows likers to the author. "
    "If {author} links their X account with `/account link`, names appear here."
)
_STALLED = "I'll announce how its like count grows, without names: X's list shows nobody new."
_LISTED_BY_COUNT = "count only"
_LISTED_STALLED = "count only: X's list shows nobody new"

_UNLIKES = " I'll also announce likes that are taken back, when I come across them."
_NO_UNLIKES = " Without names I can't tell which likes are taken back."


def watch_question_card(question: WatchQuestion, *buttons: Button) -> Card:
    """Ask whether an expensive watch is to begin."""
    lines = [
        f"### Watch {post_link(question.post)}?",
        *of_repost(question.post),
        f"{excerpt(question.post, _MAX_EXCERPT)}{forecast_sentence(question.forecast)}",
        f"-# {why_asked(question.ask_above_usd)}",
    ]
    return card(Accent.TROUBLE, "\n".join(lines), row(*buttons))


def watch_left_card() -> Card:
    return card(Accent.PLAIN, "Cancelled. No watch was added.")


def watch_added_card(added: WatchAdded) -> Card:
    watch = added.watch
    done = "Already watching" if added.already_there else "Watching"
    head = f"### {done} {post_link(watch.post)} in <#{watch.channel_id}>"
    if added.of_repost:
        head += f"\n-# {OF_REPOST}"
    body = f"{excerpt(watch.post, _MAX_EXCERPT)}{_what_comes(watch)}"
    if watch.unlikes:
        body += _UNLIKES if _comes_by_name(watch) else _NO_UNLIKES
    likes = _announced(watch) if added.already_there else _not_announced(watch)
    facts = f"-# {likes} {forecast_sentence(added.forecast)}"
    buttons = row(open_button(watch.post))
    return card(Accent.DONE, f"{head}\n{body}", *_trouble(watch), facts, buttons)


def watch_removed_card(watch: Watch, *buttons: Button) -> Card:
    head = f"### No longer watching {post_link(watch.post)}"
    facts = f"{_since(watch, f' in <#{watch.channel_id}>')}."
    return card(Accent.DONE, f"{head}\n{facts}", row(*buttons, open_button(watch.post)))


def watch_restored_card() -> Card:
    return card(Accent.DONE, "Undone. The watch goes on.")


class WatchSort(StrEnum):
    """How a list of watches is sorted."""

    NEWEST = "new"
    LIKES = "likes"
    TROUBLE = "trouble"

    def rank(self, watch: AnyWatch) -> int:
        """Return what the largest of comes first."""
        if self is WatchSort.TROUBLE:
            return int(_is_in_trouble(watch))
        return watch.post.counts.likes if isinstance(watch, Watch) else -1


_SORTS = {
    WatchSort.NEWEST: "Newest first",
    WatchSort.LIKES: "Most likes first",
    WatchSort.TROUBLE: "What needs a look first",
}


def sort_options(chosen: WatchSort) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(label=label, value=sort, default=sort is chosen)
        for sort, label in _SORTS.items()
    ]


def watch_options(watches: Sequence[tuple[str, AnyWatch]]) -> list[discord.SelectOption]:
    """Return a line for each of these watches, with the value that means it."""
    return [
        discord.SelectOption(label=_label(watch)[:MAX_CHOICE_NAME], value=value)
        for value, watch in watches
    ]


def managed_watch_card(watch: AnyWatch, *buttons: Button) -> Card:
    """Show one watch of the list, with what can be done about it."""
    listed = _listed(watch) if isinstance(watch, Watch) else listed_account(watch)
    accent = Accent.TROUBLE if _is_in_trouble(watch) else Accent.PLAIN
    return card(accent, listed, row(*buttons))


def _label(watch: AnyWatch) -> str:
    if isinstance(watch, AccountWatch):
        return text.plain(f"New posts of @{watch.user.username}", MAX_CHOICE_NAME)
    author = f"@{watch.post.author.username}: " if watch.post.author else ""
    words = " ".join(watch.post.text.split())
    return text.plain(f"{author}{words}", MAX_CHOICE_NAME) or f"Post {watch.post.id}"


def watch_list_card(
    watches: Sequence[AnyWatch], everything: Sequence[AnyWatch], query: str = "", *rows: Row
) -> Card:
    """List one page of all of a guild's watches, or of those that somebody looks for."""
    if not everything:
        return card(Accent.PLAIN, "Nothing is watched yet. Start with `/watch add`.")
    accent = Accent.TROUBLE if any(map(_is_in_trouble, watches)) else Accent.PLAIN
    head = f"### {how_many(everything)} watched here"
    if query:
        head += f"\n-# Searched for “{text.one_line(query, _MAX_QUERY)}”"
    items: list[str | ui.Item[Any]] = [head, line()]
    if not watches:
        items.append("Nothing fits that.")
    items.append(
        "\n\n".join(
            _listed(watch) if isinstance(watch, Watch) else listed_account(watch)
            for watch in watches
        )
    )
    return card(accent, *items, *rows)


def _is_in_trouble(watch: AnyWatch) -> bool:
    return bool(watch.trouble or (isinstance(watch, Watch) and watch.set_aside))


def how_many(watches: Sequence[AnyWatch]) -> str:
    """Return how many accounts and posts these are; nothing where there is none."""
    accounts = sum(isinstance(watch, AccountWatch) for watch in watches)
    posts = len(watches) - accounts
    parts = [
        *([counted(accounts, "account")] if accounts else []),
        *([counted(posts, "post")] if posts else []),
    ]
    return " and ".join(parts)


def _listed(watch: Watch) -> str:
    parts = [
        f"**paused {ago(watch.resting_since)}**" if watch.resting_since else "",
        _starts(watch).lower(),
        _listed_kind(watch),
        "likes taken back too" if watch.unlikes else "",
        _since(watch),
        f"{counted(watch.post.counts.likes, 'like')} now",
        f"ends {ago(watch.expires_at)}" if watch.expires_at else "",
    ]
    facts = f"-# {' · '.join(filter(None, parts))}"
    quoted = excerpt(watch.post, _MAX_LISTED_EXCERPT)
    head = f"<#{watch.channel_id}> {name_of(watch)}\n{quoted}{facts}"
    troubles = [trouble_sentence(watch), set_aside_sentence(watch)]
    return "\n-# ".join([head, *(f"**{trouble}**" for trouble in troubles if trouble)])


def _comes_by_name(watch: Watch) -> bool:
    return watch.shows_names and watch.kind in (WatchKind.PENDING, WatchKind.NAMES)


def _what_comes(watch: Watch) -> str:
    author = watch.post.author
    if watch.kind is WatchKind.STALLED:
        comes = _STALLED
    elif _comes_by_name(watch):
        comes = _BY_NAME
    else:
        who = text.handle(author.username) if author else "the author"
        comes = _BY_COUNT.format(author=who)
    starts = _starts(watch)
    return f"{starts}. {comes}" if starts else comes


def _listed_kind(watch: Watch) -> str:
    if watch.kind is WatchKind.STALLED:
        return _LISTED_STALLED
    return "shows names" if _comes_by_name(watch) else _LISTED_BY_COUNT


def _starts(watch: Watch) -> str:
    if watch.starts_within is None:
        return ""
    return f"Starts within {counted(watch.starts_within, 'minute')}"


def _since(watch: Watch, where: str = "") -> str:
    announced = counted(watch.likes_announced, "like")
    return f"{announced} announced{where} since {day(watch.created_at)}"


def _announced(watch: Watch) -> str:
    return f"{_since(watch)}; {counted(watch.post.counts.likes, 'like')} now."


def _not_announced(watch: Watch) -> str:
    """Say that first sight is silent."""
    likes = watch.post.counts.likes
    if not likes:
        return "No likes yet."
    which = "like" if likes == 1 else f"{number(likes)} likes"
    return f"The {which} it already has won't be announced."


def _trouble(watch: Watch) -> list[str]:
    trouble = trouble_sentence(watch)
    return [] if trouble is None else [f"**{trouble}**"]
