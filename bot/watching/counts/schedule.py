"""Which requests count the posts that are due. Pure.

X counts a hundred posts a request: any hundred by their IDs (`GET /2/tweets`, $0.005 a post and
day), or the account's own in the order of their IDs (`GET /2/users/:id/tweets`, $0.001). So posts
are cut into hundreds, own ones by ID and others by how lively they are, and each hundred is counted
as often as likes are expected in all of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.domain import Allowance
from bot.domain.page_sizes import MAX_POSTS_A_PAGE, POSTS_A_REQUEST, SMALLEST_PAGE
from bot.watching.like_rate import LONGEST_S, interval
from bot.x.prices import Prices, Resource

# Growth is announced at most once a minute, so posts that are followed by their count alone are
# asked for less often than those whose likers are named.
_GROWTH_TICKS = 4
# What counting leaves to people of X's requests for posts in 15 minutes: a fifth of a small
# allowance, and of X's 3,500 all but what 10,000 lively posts need.
_RESERVE = 100
_RESERVE_SHARE = 5
_MOST = 1_050


class Countable(NamedTuple):
    """A watched post: when it was counted (Unix seconds, 0 never), its likes a second expected.

    Thousands are made at every tick. `named` says that its likers are announced by name, `own` that
    it can be read from the account's own timeline, `paid` that it costs nothing more today. What
    the last count said of it is to be confirmed at `look_again_at`.
    """

    post_id: int
    counted_at: float
    rate: float
    named: bool = True
    own: bool = False
    paid: bool = False
    look_again_at: float | None = None


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
    hundreds = [
        *_own_pages([post for post in posts if post.own], density),
        *_by_liveliness([post for post in posts if not post.own]),
    ]
    states = [_state(hundred, now, every_s) for hundred in hundreds]
    ripest = max(states, key=lambda state: state.ripeness, default=None)
    due = [state for state in states if state.ripeness >= 1]
    if not due and ripest is not None and ripest.ripeness > 0:
        due = [ripest]
    due.sort(key=lambda state: (state.is_overdue, state.expected), reverse=True)
    pages = [state.posts for state in due if state.posts[0].own][:own]
    others = [state.posts for state in due if not state.posts[0].own][:by_id]
    return [_page(some, density) for some in pages] + [_by_id(some) for some in others]


def _is_to_be_confirmed(post: Countable, now: float) -> bool:
    return post.look_again_at is not None and post.look_again_at <= now


def _own_pages(posts: Sequence[Countable], density: float) -> Iterator[Sequence[Countable]]:
    newest_first = sorted(posts, key=lambda post: post.post_id, reverse=True)
    return _cut(newest_first, max(1, int(MAX_POSTS_A_PAGE * density)))


def _by_liveliness(posts: Sequence[Countable]) -> Iterator[Sequence[Countable]]:
    liveliest_first = sorted(posts, key=lambda post: post.rate, reverse=True)
    return _cut(liveliest_first, POSTS_A_REQUEST)


def _cut(posts: Sequence[Countable], size: int) -> Iterator[Sequence[Countable]]:
    return (posts[start : start + size] for start in range(0, len(posts), size))


@dataclass(frozen=True, slots=True)
class _State:
    """A hundred of posts: how much of its interval is over, and the new likes expected in it.

    Its `ripeness` is 1 when it is due, and 0 when it was counted at this tick already.
    """

    posts: Sequence[Countable]
    ripeness: float
    expected: float
    is_overdue: bool


def _state(posts: Sequence[Countable], now: float, every_s: float) -> _State:
    # A tick is never earlier or later by more than half of one.
    slack = every_s / 2
    passed = sum(now - post.counted_at for post in posts) / len(posts)
    named = sum(post.rate for post in posts if post.named)
    growing = sum(post.rate for post in posts)
    wait_s = min(interval(named, every_s), _GROWTH_TICKS * interval(growing, every_s))
    # A post that came among these lately does not wait for long, however still the others are.
    longest = (now - min(post.counted_at for post in posts)) / max(every_s, LONGEST_S)
    ripeness = max((passed + slack) / wait_s, longest) if passed >= slack else 0.0
    expected = (named + (growing - named) / _GROWTH_TICKS) * passed
    return _State(posts, ripeness, expected, longest >= 1)


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
