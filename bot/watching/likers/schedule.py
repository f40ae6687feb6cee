"""Whose likers to read now, within X's allowance. Pure: state and time in, a choice out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from bot.domain import Allowance
from bot.domain.page_sizes import MAX_LIKERS_A_PAGE
from bot.watching.polling_budget import PollingBudget
from bot.x.limits import WINDOW
from bot.x.prices import Prices, Resource

# Of X's 75 requests for likers in 15 minutes, a fifth is for people's own look-ups.
_RESERVE_SHARE = 0.2
_A_MOMENT = timedelta(seconds=1)
_NOBODY: Mapping[int, float] = {}


@dataclass(frozen=True, slots=True)
class Pending:
    """A post whose likers wait to be read: how many likes, since when, and who watches it.

    `max_results` is how many likers are to be asked for first.
    """

    post_id: int
    likes: int
    since: datetime
    guilds: tuple[int, ...] = ()
    max_results: int = MAX_LIKERS_A_PAGE

    def micro_usd(self, prices: Prices) -> int:
        """Return the most that reading it is expected to cost."""
        return self.max_results * prices[Resource.USER_READ]


def likers_reserve(allowance: Allowance, now: datetime) -> int:
    """Return how many requests for likers polling leaves to people.

    It is for the rest of the window, and so it shrinks as the reset comes nearer; one is left to
    the end, unless the whole allowance is one.
    """
    rest = min(1.0, max(0.0, (allowance.resets_at - now) / WINDOW))
    return max(_least(allowance.limit), ceil((allowance.limit - 1) * _RESERVE_SHARE * rest))


def payable(posts: Collection[Pending], budget: PollingBudget, prices: Prices) -> list[Pending]:
    """Return the posts that the budgets let be read now."""
    return [post for post in posts if budget.may_spend(post.micro_usd(prices), post.guilds)]


def next_collect(
    pending: Sequence[Pending],
    allowance: Allowance,
    last: datetime | None,
    now: datetime,
    served: Mapping[int, float] = _NOBODY,
) -> Pending | None:
    """Return the post whose likers to read now, or None when it is better to wait.

    Most pending likes times waiting time goes first, so that no post starves. When not all can be
    read, it is the turn of the guild that was `served` least, so that equal guilds get equal
    shares. The more of the allowance is used, the further apart the readings go, up to an even
    share of the time until it is reset. A post's likes that wait are read all at once.
    """
    usable = allowance.remaining - likers_reserve(allowance, now)
    if not pending or usable <= 0 or wait(allowance, last, now) > timedelta(0):
        return None
    if len(pending) > usable:
        pending = _of_the_least_served(pending, served)
    return max(pending, key=lambda post: urgency(post, now))


def _of_the_least_served(
    pending: Sequence[Pending], served: Mapping[int, float]
) -> Sequence[Pending]:
    guilds = {guild for post in pending for guild in post.guilds}
    if not guilds:
        return pending
    turn = min(guilds, key=lambda guild: (served.get(guild, 0.0), guild))
    return [post for post in pending if turn in post.guilds]


def urgency(post: Pending, now: datetime) -> float:
    waited = max(0.0, (now - post.since).total_seconds())
    return max(1, post.likes) * (1 + waited)


def wait(allowance: Allowance, last: datetime | None, now: datetime) -> timedelta:
    """Return how long it is until the next reading may begin."""
    least = gap(allowance, now)
    if allowance.remaining <= likers_reserve(allowance, now):
        return least
    return max(timedelta(0), least - (now - last)) if last is not None else timedelta(0)


def gap(allowance: Allowance, now: datetime) -> timedelta:
    """Return the least time between two readings, or until the reserve gives one more away."""
    rest = max(timedelta(0), allowance.resets_at - now)
    to_spend = allowance.remaining - _least(allowance.limit)
    if to_spend <= 0:
        return rest
    if allowance.remaining <= likers_reserve(allowance, now):
        # The reserve has fallen below what remains when so much of the window is left.
        enough = WINDOW * (to_spend / ((allowance.limit - 1) * _RESERVE_SHARE))
        return max(_A_MOMENT, rest - enough)
    used = 1 - to_spend / max(1, allowance.limit - _least(allowance.limit))
    return rest / to_spend * min(1.0, max(0.0, used))


def _least(limit: int) -> int:
    return 1 if limit > 1 else 0


def has_room(allowance: Allowance) -> bool:
    """Say whether so much is left that a list may be read whole just to see who is gone."""
    return allowance.remaining > allowance.limit // 2
