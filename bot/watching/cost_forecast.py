"""What watching a post will cost, from how many likes it has at which age. Pure.

The likes so far are a part of all likes, which the age tells: so it is known how many are to come.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from math import ceil, exp

from bot.domain.page_sizes import LIKERS_SHOWN
from bot.watching.like_rate import likes_in_all, share
from bot.x.prices import Prices, Resource

# Of a watch without an end, what its first month costs.
MONTH_DAYS = 30.0
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class WatchCosts:
    """`first_micro_usd`, the price of the first silent reading, is a part of `micro_usd`."""

    new_likes: float
    micro_usd: int
    first_micro_usd: int


def forecast(
    count: int,
    age: timedelta,
    prices: Prices,
    *,
    days: float | None = None,
    names: bool = True,
) -> WatchCosts:
    """Return what to expect of a watch that lasts so many days; None is one without an end.

    `names` is False where X hides the likers: then only the counting costs. What others pay for
    the same post, or what is paid for today already, is not known here: it can only be cheaper.
    """
    lasts = MONTH_DAYS if days is None else max(0.0, days)
    by_day = _new_likes(count, age, lasts)
    read = min(count, LIKERS_SHOWN) if names else 0
    first = prices[Resource.POST_READ] + read * prices[Resource.USER_READ]
    later = (len(by_day) - 1) * prices[Resource.POST_READ]
    if names:
        later += ceil(_users_read(by_day, LIKERS_SHOWN - read) * prices[Resource.USER_READ])
    return WatchCosts(sum(by_day), first + later, first)


def _new_likes(count: int, age: timedelta, days: float) -> list[float]:
    """Return the likes to be expected on each day; the last may be a part of one."""
    age_s = age.total_seconds()
    whole = likes_in_all(age_s, count)
    ends = [min(days, float(day)) for day in range(max(1, ceil(days)) + 1)]
    shares = [share(age_s + end * _DAY_S) for end in ends]
    return [whole * (later - earlier) for earlier, later in pairwise(shares)]


def _users_read(by_day: list[float], unseen: int) -> float:
    """Return the user reads to be expected: each new liker that X shows, and one known a day.

    Reading goes on until it meets a liker that is known, whom X charges again on each new day.
    """
    read, left = 0.0, float(unseen)
    for day, likes in enumerate(by_day):
        shown = min(likes, left)
        left -= shown
        read += shown + (1 - exp(-shown) if day else 0.0)
    return read
