"""What likes wait for that are counted and not read yet: X's next window, or money."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.accounts.audience import Readers
from bot.domain import Allowance
from bot.domain.notices import LikesTooDear
from bot.money.budgets import WHOLE_BOT, Balances
from bot.watching.likers.schedule import likers_reserve
from bot.watching.polling_budget import share_of
from bot.watching.post_state.rows import likes_state_of
from bot.watching.post_state.state import page_size
from bot.x.credentials import account_name
from bot.x.prices import Prices, Resource
from storage.watched_posts import WatchedPost


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many likes wait; the last of them until X's next window opens, where it is used up.

    `too_dear` are those that wait for money.
    """

    likes: int = 0
    until: datetime | None = None
    too_dear: LikesTooDear | None = None


def readers_of(
    found: Sequence[WatchedPost], readers: Readers, guild_id: int, own_account: str
) -> frozenset[str]:
    """Return the names of the accounts that read these posts for a guild."""
    ids = {readers.reads(each.post.author_id, [guild_id]) for each in found}
    own = readers.own_id or 0
    return frozenset(
        own_account if user_id == own else account_name(user_id)
        for user_id in ids
        if user_id is not None
    )


def used_up_until(allowances: Collection[Allowance], now: datetime) -> datetime | None:
    """Return when the last of those windows opens again in which nothing more may be read."""
    used_up = (each for each in allowances if each.remaining <= likers_reserve(each, now))
    return max((each.resets_at for each in used_up), default=None)


def too_dear(
    found: Collection[WatchedPost], balances: Balances, prices: Prices
) -> Mapping[int, LikesTooDear]:
    """Return for each guild whose likes cost more to read than what is left this month.

    Where a budget is spent, that is told of by itself.
    """
    likes: dict[tuple[int, bool], int] = {}
    for each in found:
        for guild_id, of_server in _waits_for_money(each, balances, prices):
            key = guild_id, of_server
            likes[key] = likes.get(key, 0) + each.post.like_count - each.post.collected_count
    # What a server can mend itself is said before what it cannot.
    return {
        guild_id: LikesTooDear(count, of_server)
        for (guild_id, of_server), count in sorted(likes.items())
    }


def _waits_for_money(
    each: WatchedPost, balances: Balances, prices: Prices
) -> Iterator[tuple[int, bool]]:
    """Yield each guild that waits for a post, and whether its own budget keeps it from it."""
    cost = page_size(likes_state_of(each.post)) * prices[Resource.USER_READ]
    whole = balances.get(WHOLE_BOT)
    if whole is not None and not whole.pays(cost):
        if not whole.is_spent:
            yield from ((guild_id, False) for guild_id in each.guild_ids)
        return
    # Whoever cannot pay anything leaves it to the others.
    can_pay = (guild not in balances or not balances[guild].is_spent for guild in each.guild_ids)
    payers = [guild for guild, can in zip(each.guild_ids, can_pay, strict=True) if can]
    part = share_of(cost, payers)
    if payers and all(guild in balances and not balances[guild].pays(part) for guild in payers):
        yield from ((guild_id, True) for guild_id in payers)
