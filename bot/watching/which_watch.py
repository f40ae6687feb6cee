"""Which of a guild's watches is meant: by its choice, label, post, channel or account."""

import re
from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain import WatchRef
from bot.domain.errors import NotAPost, SeveralWatches, UnknownWatch
from bot.x.post_ref import parse_post_ref
from storage.account_watches import AccountWatches
from storage.models import AccountWatch, Watch
from storage.watches import Watches

_CHOICE = re.compile(r"(account-)?([1-9]\d{0,17})", re.ASCII)
_CHANNEL = re.compile(r"<#(\d{1,20})>", re.ASCII)


async def which_watch(session: AsyncSession, guild_id: int, typed: str) -> WatchRef:
    """Return the watch that a member means, whatever they typed; raise UnknownWatch.

    Raise SeveralWatches where more than one fits.
    """
    posts = await Watches(session).of_guild(guild_id)
    accounts = await AccountWatches(session).of_guild(guild_id)
    text = typed.strip()
    if (choice := _CHOICE.fullmatch(text)) is not None:
        rows: Sequence[Watch | AccountWatch] = accounts if choice[1] else posts
        if any(row.id == int(choice[2]) for row in rows):
            return WatchRef(int(choice[2]), account=bool(choice[1]))
    fitting = _fitting(text, posts, accounts)
    if len(fitting) > 1:
        raise SeveralWatches
    if not fitting:
        raise UnknownWatch
    return fitting[0]


def _fitting(text: str, posts: Sequence[Watch], accounts: Sequence[AccountWatch]) -> list[WatchRef]:
    everything: list[Watch | AccountWatch] = [*posts, *accounts]
    named = [row for row in everything if row.label and row.label.lower() == text.lower()]
    if not named and (channel := _CHANNEL.fullmatch(text)) is not None:
        named = [row for row in everything if row.channel_id == int(channel[1])]
    if not named:
        name = text.removeprefix("@").lower()
        named = [row for row in accounts if row.username.lower() == name]
    if not named:
        named = [*_of_post(text, posts)]
    return [WatchRef(row.id or 0, account=isinstance(row, AccountWatch)) for row in named]


def _of_post(text: str, posts: Sequence[Watch]) -> list[Watch]:
    try:
        post_id = parse_post_ref(text)
    except NotAPost:
        return []
    return [row for row in posts if row.post_id == post_id]
