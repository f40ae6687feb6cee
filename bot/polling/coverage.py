"""Which requests count the posts that are due. Pure.

X counts a hundred posts a request: any hundred by their IDs (`GET /2/tweets`, $0.005 a post and
day), or the account's own in the order of their IDs (`GET /2/users/:id/tweets`, $0.001). So posts
are cut into hundreds, own ones by ID and others by how lively they are, and each hundred is counted
as often as likes are expected in all of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import Allowance
from bot.polling.liveliness import LONGEST_S, interval, lively_from
from bot.x.prices import Prices, Resource

POSTS_A_REQUEST = 100
SMALLEST_PAGE = 5
# Growth is announced at most once a minute, so posts that are followed by their count alone are
# asked for less often than those whose likers are named.
_GROWTH_TICKS = 4
# Of X's 3,500 requests for posts in 15 minutes, what counting leaves to people; of a smaller
# allowance a fifth.
_RESERVE = 100
_RESERVE_SHARE = 5


@dataclass(frozen=True, slots=True)
class Countable:
    """A watched post: when it was counted (Unix seconds, 0 never), its likes a second expected.

    `named` says that its likers are announced by name, `own` that it can be read from the
    account's own timeline, `paid` that counting it costs nothing more today.
    """

    post_id: int
    counted_at: float
    rate: float
    named: bool = True
    own: bool = False
    paid: bool = False


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
    return min(_RESERVE, allowance.limit // _RESERVE_SHARE)


def affordable(allowance: Allowance, every_s: float, now: datetime) -> int:
    """Return how many requests may be sent at a tick, so that the allowance lasts to its reset."""
    usable = allowance.remaining - reserve(allowance)
    if usable <= 0:
        return 0
    ticks = max(1.0, (allowance.resets_at - now).total_seconds() / every_s)
    return max(1, int(usable / ticks))


def plan(
    posts: Sequence[Countable],
    now: float,
    every_s: float,
    *,
    by_id: int,
    own: int,
    density: float = 1.0,
) -> list[Request]:
    """Return the requests of a tick, the ripest first, at most `by_id` and `own` of each kind.

    One request a tick is sent in any case: where few posts are watched, all are counted at each.
    `density` is which part of the account's own posts is watched, as far as is known.
    """
    groups = [
        *_own_pages([post for post in posts if post.own], density),
        *_by_liveliness([post for post in posts if not post.own]),
    ]
    lively = lively_from(_rate(group, named=True) for group in groups)
    ripe = sorted(
        ((_ripeness(group, now, every_s, lively), group) for group in groups),
        key=lambda item: item[0],
        reverse=True,
    )
    due = [group for ripeness, group in ripe if ripeness >= 1]
    due = due or [group for ripeness, group in ripe[:1] if ripeness > 0]
    pages = [group for group in due if group[0].own][:own]
    hundreds = [group for group in due if not group[0].own][:by_id]
    return [_page(group, density) for group in pages] + [_by_id(group) for group in hundreds]


def _own_pages(posts: Sequence[Countable], density: float) -> Iterator[Sequence[Countable]]:
    newest_first = sorted(posts, key=lambda post: post.post_id, reverse=True)
    return _cut(newest_first, max(1, int(POSTS_A_REQUEST * density)))


def _by_liveliness(posts: Sequence[Countable]) -> Iterator[Sequence[Countable]]:
    liveliest_first = sorted(posts, key=lambda post: post.rate, reverse=True)
    return _cut(liveliest_first, POSTS_A_REQUEST)


def _cut(posts: Sequence[Countable], size: int) -> Iterator[Sequence[Countable]]:
    return (posts[start : start + size] for start in range(0, len(posts), size))


def _ripeness(group: Sequence[Countable], now: float, every_s: float, lively: float) -> float:
    """Return how much of its interval is over: 1 is due, 0 was counted at this tick already."""
    # A tick is never earlier or later by more than half of one.
    slack = every_s / 2
    passed = sum(now - post.counted_at for post in group) / len(group)
    if passed < slack:
        return 0.0
    wait_s = min(
        interval(_rate(group, named=True), every_s, lively),
        _GROWTH_TICKS * interval(_rate(group), every_s, lively),
    )
    # A post that came into the hundred lately does not wait for long, however still the others are.
    longest = now - min(post.counted_at for post in group)
    return max((passed + slack) / wait_s, longest / max(every_s, LONGEST_S))


def _rate(group: Sequence[Countable], *, named: bool = False) -> float:
    return sum(post.rate for post in group if post.named or not named)


def _by_id(group: Sequence[Countable]) -> CountById:
    return CountById(tuple(post.post_id for post in group), _unpaid(group))


def _page(group: Sequence[Countable], density: float) -> CountOwn:
    size = -int(-len(group) // density)
    return CountOwn(
        post_ids=tuple(post.post_id for post in group),
        unpaid=_unpaid(group),
        until_id=group[0].post_id + 1,
        max_results=min(POSTS_A_REQUEST, max(SMALLEST_PAGE, size)),
    )


def _unpaid(group: Sequence[Countable]) -> int:
    return sum(not post.paid for post in group)
