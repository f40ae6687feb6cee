"""Which calls to make now. Pure: state and time go in, calls come out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import Allowance

POSTS_A_PROBE = 100
# Of X's 75 requests for likers in 15 minutes, what is left for people's own look-ups.
LIKERS_RESERVE = 15
# The same of its 3,500 requests for posts; of a small plan's, no more than a fifth.
POSTS_RESERVE = 100
_POSTS_SHARE = 5


@dataclass(frozen=True, slots=True)
class Pending:
    """A post whose likers wait to be read: how many likes, and since when."""

    post_id: int
    likes: int
    since: datetime


def posts_reserve(allowance: Allowance) -> int:
    """Return how many requests for posts counting leaves to people."""
    return min(POSTS_RESERVE, allowance.limit // _POSTS_SHARE)


def probes(due: Sequence[int], allowance: Allowance) -> list[tuple[int, ...]]:
    """Return batches of posts to count, the oldest first, within the allowance."""
    batches = [
        tuple(due[start : start + POSTS_A_PROBE]) for start in range(0, len(due), POSTS_A_PROBE)
    ]
    return batches[: max(0, allowance.remaining - posts_reserve(allowance))]


def next_collect(
    pending: Sequence[Pending], allowance: Allowance, last: datetime | None, now: datetime
) -> Pending | None:
    """Return the post whose likers to read now, or None when it is better to wait.

    Most pending likes times waiting time goes first, so that no post starves. While the allowance
    is full a reading costs nothing; the more of it is used, the further apart the readings go, up
    to an even share of the time until it is reset. Likes that wait are read all at once.
    """
    if not pending or allowance.remaining <= LIKERS_RESERVE:
        return None
    if wait(allowance, last, now) > timedelta(0):
        return None
    return max(pending, key=lambda post: _urgency(post, now))


def _urgency(post: Pending, now: datetime) -> float:
    waited = max(0.0, (now - post.since).total_seconds())
    return max(1, post.likes) * (1 + waited)


def wait(allowance: Allowance, last: datetime | None, now: datetime) -> timedelta:
    """Return how long it is until the next reading may begin."""
    least = gap(allowance, now)
    if allowance.remaining <= LIKERS_RESERVE:
        return least
    return max(timedelta(0), least - (now - last)) if last is not None else timedelta(0)


def gap(allowance: Allowance, now: datetime) -> timedelta:
    """Return the least time between two readings; none of the allowance left means its reset."""
    usable = allowance.remaining - LIKERS_RESERVE
    if usable <= 0:
        return max(timedelta(0), allowance.resets_at - now)
    even = max(0.0, (allowance.resets_at - now).total_seconds()) / usable
    used = 1 - usable / max(1, allowance.limit - LIKERS_RESERVE)
    return timedelta(seconds=even * min(1.0, max(0.0, used)))
