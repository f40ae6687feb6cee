"""What watching will cost, from how many likes a post has at which age. Pure.

The likes so far are a part of all likes, which the age tells: so it is known how many are to come.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate, pairwise
from math import ceil, exp

from bot.domain.page_sizes import LIKERS_BEYOND_KNOWN, MAX_LIKERS_A_PAGE, SMALLEST_PAGE
from bot.watching.like_rate import likes_in_all, share
from bot.x.prices import Prices, Resource

# Of a watch without an end, what its first month costs.
MONTH_DAYS = 30.0
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class WatchTerms:
    """What there is to pay for in a watch of so many `days`.

    `names` is False where X hides the likers: then only the counting costs. `unlikes` asks for
    likes that are taken back. Of the account's own posts, `own_watched` is how many others are
    watched, for they are counted together; it is None for a post by somebody else. Of a post that
    is watched and read already, `unread` is how many likes still wait; it is None for a new one.
    Where X has `pushed` its author's likes until now, it is assumed to go on.
    """

    days: float = MONTH_DAYS
    names: bool = True
    unlikes: bool = False
    own_watched: int | None = None
    unread: int | None = None
    pushed: bool = False


@dataclass(frozen=True, slots=True)
class WatchCosts:
    """What is to be paid: `micro_usd` holds the two others.

    `first_micro_usd` is the price of the first silent reading. `unlikes_micro_usd` is what it costs
    at most to see which likes were taken back.
    """

    new_likes: float
    micro_usd: int
    first_micro_usd: int
    unlikes_micro_usd: int = 0


@dataclass(frozen=True, slots=True)
class PostsExpected:
    """How many posts a day an account is going to make, and with how many likes each.

    None is not known: then it is assumed what is assumed of any post.
    """

    a_day: float
    likes_each: float | None = None


@dataclass(frozen=True, slots=True)
class NewPostsCosts:
    """What so many `posts` of a month cost, each with so many `likes`, and what one does."""

    posts: float
    likes: float
    micro_usd: int
    post_micro_usd: int
    count_micro_usd: int


def forecast(count: int, age: timedelta, prices: Prices, terms: WatchTerms) -> WatchCosts:
    """Return what to expect of a watch.

    What others pay for the same post, or what somebody's look-up has paid for today, is not known
    here: it can only be cheaper.
    """
    by_day = _new_likes(count, age, terms.days)
    first = _first(count, prices, terms)
    later = _counts_to_pay(len(by_day), terms) * count_price(prices, terms.own_watched)
    unlikes = 0
    if terms.names:
        later += _likers(by_day, prices, terms)
        unlikes = _taken_back(count, by_day, prices, terms) if terms.unlikes else 0
    return WatchCosts(sum(by_day), first + later + unlikes, first, unlikes)


def forecast_new_posts(expected: PostsExpected, prices: Prices, terms: WatchTerms) -> NewPostsCosts:
    """Return what to expect of a month in which new posts are watched, each on these terms."""
    by_day = _new_likes(0, timedelta(0), terms.days)
    if expected.likes_each is not None:
        assumed = sum(by_day) or 1.0
        by_day = [likes * expected.likes_each / assumed for likes in by_day]
    others = terms.own_watched
    if others is not None:
        others += round(expected.a_day * terms.days)
    count = count_price(prices, others)
    # Its first count comes with the look for new posts, at the same price.
    post = len(by_day) * count
    if terms.names:
        post += _likers(by_day, prices, terms)
    posts = expected.a_day * MONTH_DAYS
    return NewPostsCosts(posts, sum(by_day), ceil(posts * post), post, count)


def count_price(prices: Prices, own_watched: int | None) -> int:
    """Return the micro-USD a day of counting a post by its ID, or an own one on the timeline.

    X gives no page of the timeline with fewer than five posts, and charges for each: what the
    watched ones do not fill is paid for with them.
    """
    by_id = prices[Resource.POST_READ]
    if own_watched is None:
        return by_id
    owned = prices[Resource.OWNED_READ]
    return min(by_id, max(owned, ceil(SMALLEST_PAGE * owned / (own_watched + 1))))


def _first(count: int, prices: Prices, terms: WatchTerms) -> int:
    user = prices[Resource.USER_READ] if terms.names else 0
    if terms.unread is not None:
        return terms.unread * user
    return prices[Resource.POST_READ] + min(count, MAX_LIKERS_A_PAGE) * user


def _counts_to_pay(days: int, terms: WatchTerms) -> int:
    """Return on how many days a count costs something besides what was read at the beginning.

    A post that is read by its ID is counted by that, but X charges for it on the timeline too.
    """
    is_paid_today = terms.own_watched is None or terms.unread is not None
    return days - 1 if is_paid_today else days


def _new_likes(count: int, age: timedelta, days: float) -> list[float]:
    """Return the likes to be expected on each day; the last may be a part of one."""
    age_s = age.total_seconds()
    whole = likes_in_all(age_s, count)
    ends = [min(max(0.0, days), float(day)) for day in range(max(1, ceil(days)) + 1)]
    shares = [share(age_s + end * _DAY_S) for end in ends]
    return [whole * (later - earlier) for earlier, later in pairwise(shares)]


def liker_price(prices: Prices, terms: WatchTerms) -> int:
    """Return the micro-USD of knowing one new liker by name."""
    if not terms.names:
        return 0
    return prices[Resource.LIKE_EVENT if terms.pushed else Resource.USER_READ]


def _likers(by_day: list[float], prices: Prices, terms: WatchTerms) -> int:
    """Return what the new likers cost: an event each, or what is read until one is known."""
    if terms.pushed:
        return ceil(sum(by_day) * liker_price(prices, terms))
    return ceil(_users_read(by_day) * liker_price(prices, terms))


def _users_read(by_day: list[float]) -> float:
    """Return the user reads to be expected: each new liker, and one known a day.

    Reading goes on until it meets a liker that is known, whom X charges again on each new day.
    """
    return sum(likes + (1 - exp(-likes) if day else 0.0) for day, likes in enumerate(by_day))


def _taken_back(count: int, by_day: list[float], prices: Prices, terms: WatchTerms) -> int:
    """Return the most that it costs to read once a day all likers that are stored.

    They are those of the first page and who came since. Those of the first day are read at the
    beginning, unless that is over.
    """
    came = list(accumulate(by_day, initial=0.0))[:-1]
    known = min(count, MAX_LIKERS_A_PAGE)
    days = came if terms.unread is not None else came[1:]
    users = sum(min(count, known + LIKERS_BEYOND_KNOWN) + new for new in days)
    return ceil(users * prices[Resource.USER_READ])
