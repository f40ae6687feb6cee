"""Watches of accounts: added, listed, removed."""

from typing import Any

from discord import ui

from bot.chat import text
from bot.chat.cards.card import Accent, Button, Card, card, open_on_x, row
from bot.chat.cards.costs import why_asked
from bot.chat.cards.managing import mention_text, name_of
from bot.chat.cards.numbers import ago, counted, day, money, roughly
from bot.chat.cards.troubles import trouble_sentence
from bot.domain import AccountForecast, AccountWatch, AccountWatchAdded, AccountWatchQuestion

_BY_NAME = "every like from the first on, by name."
_BY_COUNT = (
    "how its like count grows, without names: X only shows likers to the author. If {author} links "
    "their X account with `/account link`, names appear here."
)


def account_watch_question_card(question: AccountWatchQuestion, *buttons: Button) -> Card:
    """Ask whether an expensive watch is to begin."""
    user, forecast = question.user, question.forecast
    who = text.link(text.handle(user.username), user.url)
    each = f"each for {counted(question.request.days, 'day')}"
    lines = [
        f"### Watch the new posts of {who}, {each}?",
        _forecast(forecast),
        f"-# {_assumed(forecast)} {why_asked(question.ask_above_usd)}",
    ]
    return card(Accent.TROUBLE, "\n".join(lines), row(*buttons))


def account_watch_added_card(added: AccountWatchAdded) -> Card:
    watch = added.watch
    done = "Already watching" if added.already_there else "Watching"
    head = f"### {done} the new posts of {_who(watch)} in <#{watch.channel_id}>"
    body = (
        f"Each new post is watched for {counted(watch.days, 'day')} from when it appears: I "
        f"announce {_what(added)} Then the watch ends by itself and "
        f"says what came of it. {_left_out(watch)}"
    )
    costs = f"-# {_forecast(added.forecast)} {_assumed(added.forecast)}"
    return card(Accent.DONE, f"{head}\n{body}", costs, _link(watch))


def account_watch_removed_card(watch: AccountWatch, *buttons: Button) -> Card:
    head = f"### No longer watching the new posts of {_who(watch)}"
    posts = ""
    if watch.posts_watched:
        posts = f"\n{counted(watch.posts_watched, 'post')} of this account ended with it."
    return card(Accent.DONE, f"{head}{posts}", row(*buttons, open_on_x(watch.user.url)))


def listed_account(watch: AccountWatch) -> str:
    parts = [
        *([f"**paused {ago(watch.resting_since)}**"] if watch.resting_since else []),
        *(["announced when they appear"] if watch.announces else []),
        f"each for {counted(watch.days, 'day')}",
        *(["with replies"] if watch.replies else []),
        *(["with reposts"] if watch.reposts else []),
        *([mention_text(watch.mention)] if watch.mention else []),
        f"{counted(watch.posts_watched, 'post')} watched now",
        f"since {day(watch.created_at)}",
    ]
    what = name_of(watch) if watch.label else f"New posts of {_who(watch)}"
    head = f"<#{watch.channel_id}> {what}\n-# {' · '.join(parts)}"
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


def _what(added: AccountWatchAdded) -> str:
    author = text.handle(added.watch.user.username)
    return _BY_NAME if added.by_name else _BY_COUNT.format(author=author)


def _forecast(forecast: AccountForecast) -> str:
    """Say what a post costs and a month, and what X's prices make of it."""
    if forecast.usd == 0:
        return "Watching it costs nothing."
    prices = f"{money(forecast.count_usd)} a day to count its likes"
    if forecast.liker_usd:
        prices += f", {money(forecast.liker_usd)} for each person who likes it"
    return (
        f"Estimated cost: {roughly(forecast.post_usd)} for each new post ({prices}), "
        f"{roughly(forecast.usd)} over {counted(forecast.days, 'day')}."
    )


def _assumed(forecast: AccountForecast) -> str:
    often = "as often as it has posted so far" if forecast.posts_are_known else "a guess: one a day"
    known = "as many as its posts so far" if forecast.likes_are_known else "a guess"
    posts, likes = counted(forecast.posts, "new post"), counted(forecast.likes, "like")
    return f"That assumes {posts} ({often}) with {likes} each ({known})."
