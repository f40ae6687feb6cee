"""Which requests count the posts that are due. Pure.

X counts a hundred posts a request: any hundred by their IDs (`GET /2/tweets`, $0.005 a post and
day), or a hundred of the account's own that follow each other (`GET /2/users/:id/tweets`, $0.001).
So at every tick those hundreds are put together that it is worth most to count, by the likes that
are expected of each post and by how long it has waited; and a request is sent where that is enough.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush
from itertools import accumulate, islice
from operator import sub
from typing import NamedTuple

from bot.domain import Allowance
from bot.domain.page_sizes import MAX_POSTS_A_PAGE, POSTS_A_REQUEST, SMALLEST_PAGE
from bot.x.prices import Prices, Resource

# Growth is announced at most once a minute, so posts that are followed by their count alone are
# asked for less often than those whose likers are named.
_GROWTH_TICKS = 4
# Posts of which one is liked in this time are counted at every tick, if a request counts them all.
# Chosen with benchmarks/polling.py: of the requests that counting all takes three fifths are saved,
# and 19 of 20 likes are announced in 20 s.
_LIVELY_S = 1_350.0
# A like that has waited for two ticks is late already: what comes sooner by counting now is others.
_SOON_TICKS = 2
_LATE = 0.3
# Whatever is expected of a post, it is counted once in so long.
_LONGEST_S = 3_600.0
# Likes a second: of the stillest post, and what outweighs any that are expected of a hundred.
_LEAST = 1e-7
_OVERDUE = 1e6
# What posts are worth is added up in whole numbers, so that equal posts are worth the same.
_UNIT = 1e-9
# What counting leaves to people of X's requests for posts in 15 minutes: a fifth of a small
# allowance, and of X's 3,500 all but what 10,000 lively posts need.
_RESERVE = 100
_RESERVE_SHARE = 5
_MOST = 1_050


class Countable(NamedTuple):
    """A watched post: when it was counted (Unix seconds, 0 never), its likes a second expected.

    Thousands are made at every tick. `named` says that its likers are announced by name, `own` that
    it can be read from the account's own timeline, `paid` that it costs nothing more today,
    `overdue` that somebody waits for its count. What the last count said of it is to be confirmed
    at `look_again_at`.
    """

    post_id: int
    counted_at: float
    rate: float
    named: bool = True
    own: bool = False
    paid: bool = False
    look_again_at: float | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class CountById:
    """A request for the counts of these posts, of which so many are still to be paid today."""

    post_ids: tuple[int, ...]
    unpaid: int

    def micro_usd(self, prices: Prices) -> int:
        return self.unpaid * prices[Resource.POST_READ]


@dataclass(frozen=True, slots=True)
class CountOwn:
    """A request for the account's own posts below `until_id`, which is to hold these."""

    post_ids: tuple[int, ...]
    unpaid: int
    until_id: int
    max_results: int

    def micro_usd(self, prices: Prices) -> int:
        return self.unpaid * prices[Resource.OWNED_READ]


Request = CountById | CountOwn


def reserve(allowance: Allowance) -> int:
    """Return how many requests for posts counting leaves to people."""
    least = min(_RESERVE, allowance.limit // _RESERVE_SHARE)
    return max(least, allowance.limit - _MOST)


def affordable(
    allowance: Allowance, every_s: float, now: datetime, last: datetime | None = None
) -> int:
    """Return how many requests may be sent at a tick, so that the allowance lasts to its reset.

    Where there is less than one for each tick, it is one, or none while the `last` was sent so
    lately that it would not be even.
    """
    usable = allowance.remaining - reserve(allowance)
    if usable <= 0:
        return 0
    ticks = max(1.0, (allowance.resets_at - now).total_seconds() / every_s)
    if usable >= ticks or last is None:
        return max(1, int(usable / ticks))
    # A tick is never earlier or later by more than half of one.
    passed = (now - last).total_seconds() / every_s + 1 / 2
    return int(passed >= ticks / usable)


def plan(
    posts: Sequence[Countable],
    now: float,
    every_s: float,
    *,
    by_id: int,
    own: int,
    density: float = 1.0,
) -> list[Request]:
    """Return the requests of a tick, at most `by_id` and `own` of each kind.

    When not all that are due fit, those go first that are expected to show most new likes, but none
    waits for more than an hour. One request a tick is sent in any case: where few posts are
    watched, all are counted at each. Before all others go those that a second look is due at, by
    their IDs. `density` is which part of the account's own posts is watched, as far as is known.
    """
    again = [post for post in posts if _is_to_be_confirmed(post, now)]
    others = [post for post in posts if not _is_to_be_confirmed(post, now)] if again else posts
    seconds = [_by_id(some) for some in _cut(again, POSTS_A_REQUEST)][:by_id]
    return seconds + _firsts(
        others, now, every_s, by_id=by_id - len(seconds), own=own, density=density
    )


def _firsts(
    posts: Sequence[Countable], now: float, every_s: float, *, by_id: int, own: int, density: float
) -> list[Request]:
    owned = [post for post in posts if post.own]
    others = [post for post in posts if not post.own]
    size = max(1, int(MAX_POSTS_A_PAGE * density))
    pages = list(islice(_worthiest_runs(owned, size, now, every_s), own))
    hundreds = list(islice(_worthiest(others, now, every_s), by_id))
    due = [some for some in (*pages, *hundreds) if some.worth * _UNIT * _LIVELY_S >= 1]
    if not due:
        best = max((*pages, *hundreds), key=lambda some: some.worth, default=None)
        due = [best] if best is not None and best.worth > 0 else []
    return [_page(some.posts, density) for some in due if some.posts[0].own] + [
        _by_id(some.posts) for some in due if not some.posts[0].own
    ]


def _is_to_be_confirmed(post: Countable, now: float) -> bool:
    return post.look_again_at is not None and post.look_again_at <= now


@dataclass(frozen=True, slots=True)
class _Group:
    """Posts that one request counts, and what it is worth to send it now."""

    posts: Sequence[Countable]
    worth: int


def _worth(post: Countable, now: float, every_s: float) -> int:
    """Return what it is worth to count a post now, in likes a second; 0 if it was just counted.

    That is the likes to be expected of it, of a tick's length. Those of two ticks count in full;
    older ones are late already, and weigh less.
    """
    # A tick is never earlier or later by more than half of one.
    slack = every_s / 2
    passed = now - post.counted_at
    if passed < slack:
        return 0
    is_told_of = post.named or passed + slack >= _GROWTH_TICKS * every_s
    rate = max(_LEAST, post.rate if is_told_of else 0.0)
    ticks = passed / every_s
    waited = ticks if ticks < _SOON_TICKS else _SOON_TICKS + (ticks - _SOON_TICKS) * _LATE
    is_overdue = post.overdue or passed >= max(every_s, _LONGEST_S)
    return int((rate * waited + (_OVERDUE if is_overdue else 0.0)) / _UNIT)


def _worthiest(posts: Sequence[Countable], now: float, every_s: float) -> Iterator[_Group]:
    """Yield groups of any posts, those first that it is worth most to count."""
    worth = {post.post_id: _worth(post, now, every_s) for post in posts}
    worthiest_first = sorted(posts, key=lambda post: worth[post.post_id], reverse=True)
    for some in _cut(worthiest_first, POSTS_A_REQUEST):
        yield _Group(some, sum(worth[post.post_id] for post in some))


def _worthiest_runs(
    posts: Sequence[Countable], size: int, now: float, every_s: float
) -> Iterator[_Group]:
    """Yield runs of posts next to each other in the order of their IDs, the worthiest first."""
    newest_first = sorted(posts, key=lambda post: post.post_id, reverse=True)
    worth = [_worth(post, now, every_s) for post in newest_first]
    gaps = [_best_run(worth, 0, len(worth), size)] if worth else []
    while gaps:
        minus, begin, end, gap_begin, gap_end = heappop(gaps)
        yield _Group(newest_first[begin:end], -minus)
        for left, right in ((gap_begin, begin), (end, gap_end)):
            if left < right:
                heappush(gaps, _best_run(worth, left, right, size))


def _best_run(
    worth: Sequence[int], begin: int, end: int, size: int
) -> tuple[int, int, int, int, int]:
    """Return minus what the worthiest run between two places is worth, its places, and those."""
    size = min(size, end - begin)
    sums = list(accumulate(worth[begin:end], initial=0))
    runs = list(map(sub, sums[size:], sums))
    most = max(runs)
    first = begin + runs.index(most)
    return -most, first, first + size, begin, end


def _cut(posts: Sequence[Countable], size: int) -> Iterator[Sequence[Countable]]:
    return (posts[start : start + size] for start in range(0, len(posts), size))


def _by_id(group: Sequence[Countable]) -> CountById:
    return CountById(tuple(post.post_id for post in group), _unpaid(group))


def _page(group: Sequence[Countable], density: float) -> CountOwn:
    size = -int(-len(group) // density)
    return CountOwn(
        post_ids=tuple(post.post_id for post in group),
        unpaid=_unpaid(group),
        until_id=group[0].post_id + 1,
        max_results=min(MAX_POSTS_A_PAGE, max(SMALLEST_PAGE, size)),
    )


def _unpaid(group: Sequence[Countable]) -> int:
    return sum(not post.paid for post in group)
