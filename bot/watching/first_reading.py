"""When the likers of a post that is new to the watching will be read for the first time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from bot.accounts.audience import Readers
from bot.accounts.which_account import Access
from bot.domain import Allowance, Watch, WatchKind
from bot.domain.errors import XError
from bot.watching.likers.schedule import likers_reserve
from bot.x.limits import Endpoint

# Of an account that has requests left, and does not read at every moment.
_SOON = 1
_MINUTE = timedelta(minutes=1)


async def with_starts(
    access: Access, readers: Readers, watches: Sequence[Watch], now: datetime
) -> tuple[Watch, ...]:
    """Return the watches, and of those that have not begun within how many minutes they will.

    These are the `readers` of their guild.
    """
    minutes: dict[int | None, int] = {}
    for watch in watches:
        author_id = watch.post.author_id
        if _waits(watch) and author_id not in minutes:
            allowance = await _allowance(access, readers, watch)
            minutes[author_id] = minutes_to(allowance, now)
    return tuple(
        replace(watch, starts_within=minutes[watch.post.author_id]) if _waits(watch) else watch
        for watch in watches
    )


def minutes_to(allowance: Allowance, now: datetime) -> int:
    """Return how many minutes a reading waits for at most: for the reset when nothing is left."""
    if allowance.remaining > likers_reserve(allowance, now):
        return _SOON
    return max(_SOON, ceil((allowance.resets_at - now) / _MINUTE))


def _waits(watch: Watch) -> bool:
    return watch.kind is WatchKind.PENDING and watch.trouble is None


async def _allowance(access: Access, readers: Readers, watch: Watch) -> Allowance:
    try:
        reader = await access.reader_among(readers, watch.post.author_id, [watch.guild_id])
    except XError:
        # X does not renew a linked account's token just now: the bot's own reads in its place.
        reader = None
    return (reader or access.own).expected_allowance(Endpoint.LIKING_USERS)
