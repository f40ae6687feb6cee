"""When a post is counted whose likes X pushes, and whether that is worth what X charges. Pure.

X charges a post once a UTC day, so a second count of a day is free: then it is counted every few
minutes. The first one has a price. It is paid once push may have missed enough of the post's likes:
all those of the time that nothing was pushed in, and a few in a hundred of all others.
"""

from datetime import datetime, timedelta

# A post whose likes are pushed is counted so seldom where that is free: the stiller, the more.
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(minutes=15)
# Which part of all likes push is taken to lose.
_LOST = 0.01
# So many likes that may have been missed are worth the price of a post.
_WORTH_IT = 0.03
# However still a post is, it is counted once in so long: likes are taken back, posts deleted.
AT_LATEST = timedelta(days=2)
# Where so many likes of an account were to be expected and none was pushed, push is in doubt.
DOUBTFUL = 3.0


def interval(rate: float) -> timedelta:
    """Return how seldom a post is counted of which so many likes a second are expected."""
    if rate <= 1 / LONGEST.total_seconds():
        return LONGEST
    return max(SHORTEST, timedelta(seconds=1 / rate))


class Gaps:
    """When X pushed nothing by any way, as far as it matters."""

    def __init__(self) -> None:
        self._closed_at: datetime | None = None
        self._over: list[tuple[datetime, datetime]] = []

    def begin(self, now: datetime) -> None:
        self._closed_at = self._closed_at or now

    def end(self, now: datetime) -> None:
        if self._closed_at is not None:
            self._over = [gap for gap in self._over if now - gap[1] < AT_LATEST]
            self._over.append((self._closed_at, now))
            self._closed_at = None

    def since(self, moment: datetime, now: datetime) -> timedelta:
        """Return for how long nothing was pushed since a moment."""
        gaps = self._over if self._closed_at is None else [*self._over, (self._closed_at, now)]
        none = timedelta(0)
        return sum((max(none, end - max(moment, begin)) for begin, end in gaps), none)


def missed(rate: float, pushed: int, passed: timedelta, away: timedelta) -> float:
    """Return how many likes push is to be expected to have missed in the time that passed.

    For a part of it X pushed nothing; in all of it, so many likes were pushed.
    """
    whole_s = passed.total_seconds()
    return _LOST * max(pushed, rate * whole_s) + rate * min(whole_s, away.total_seconds())


def paid_every(rate: float) -> timedelta:
    """Return how often a post is paid for of which nothing is pushed, while X pushes others."""
    return min(AT_LATEST, timedelta(seconds=_WORTH_IT / _LOST / max(rate, 1e-9)))


def is_worth_paying(likes: float, passed: timedelta) -> bool:
    """Say whether to pay for a count where so many likes may have been missed since the last."""
    return likes >= _WORTH_IT or passed >= AT_LATEST
