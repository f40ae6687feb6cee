"""Watches of accounts: added, listed, removed."""

from typing import Any

from discord import ui

from bot.chat import text
from bot.chat.cards.card import Accent, Card, card, open_on_x, row
from bot.chat.cards.numbers import counted, date, money
from bot.chat.cards.troubles import trouble_sentence
from bot.domain import AccountWatch, AccountWatchAdded

_BY_NAME = "every like from the first on, by name."
_BY_COUNT = (
    "how its like count grows, without names: X shows who likes a post only to its author. Names "
    "come as soon as the author links their X account with `/account link`."
)


def account_watch_added_card(added: AccountWatchAdded) -> Card:
    watch = added.watch
    done = "Already watching" if added.already_there else "Watching"
    head = f"### {done} the new posts of {_who(watch)} in <#{watch.channel_id}>"
    body = (
        f"Each new post is watched for {counted(watch.days, 'day')} from when it appears: I "
        f"announce {_BY_NAME if added.by_name else _BY_COUNT} Then the watch ends by itself and "
        f"says what came of it. {_left_out(watch)}"
    )
    return card(Accent.DONE, f"{head}\n{body}", f"-# {_prices(added)}", _link(watch))


def account_watch_removed_card(watch: AccountWatch) -> Card:
    head = f"### No longer watching the new posts of {_who(watch)}"
    posts = ""
    if watch.posts_watched:
        posts = f"\n{counted(watch.posts_watched, 'post')} of it that I watched ended with it."
    return card(Accent.DONE, f"{head}{posts}", _link(watch))


def listed_account(watch: AccountWatch) -> str:
    parts = [
        f"each for {counted(watch.days, 'day')}",
        *(["with replies"] if watch.replies else []),
        *(["with reposts"] if watch.reposts else []),
        f"{counted(watch.posts_watched, 'post')} watched now",
        f"since {date(watch.created_at)}",
    ]
    head = f"<#{watch.channel_id}> New posts of {_who(watch)}\n-# {' · '.join(parts)}"
    trouble = trouble_sentence(watch)
    return head if trouble is None else f"{head}\n-# **{trouble}**"


def _who(watch: AccountWatch) -> str:
    return text.link(text.handle(watch.user.username), watch.user.url)


def _link(watch: AccountWatch) -> ui.ActionRow[Any]:
    return row(open_on_x(watch.user.url))


def _left_out(watch: AccountWatch) -> str:
    if watch.replies and watch.reposts:
        return "Replies and reposts count as well; of a repost, the original is watched."
    if watch.reposts:
        return "Reposts count as well, and the original is watched; replies do not."
    if watch.replies:
        return "Replies count as well; reposts do not."
    return "Replies and reposts do not count."


def _prices(added: AccountWatchAdded) -> str:
    post = f"At X's prices, each new post costs {money(added.post_usd)} a day"
    if not added.by_name:
        return f"{post}."
    return f"{post}, and each person who likes it {money(added.liker_usd)}, a hundred at most."
