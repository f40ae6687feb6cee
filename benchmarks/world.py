"""The posts of a benchmark and when each is liked, the same for every strategy."""

import random
from bisect import bisect_right
from dataclasses import dataclass
from math import log

# X's snowflake IDs count milliseconds from here, shifted by 22 bits.
_EPOCH_MS = 1_288_834_974_657
DAY_S = 86_400.0
DAYS = 7
# The world ends with this UTC day, 2026-11-20, which is the one that is measured.
END_S = 1_795_219_200.0
BEGIN_S = END_S - DAY_S

_MEDIAN_LIKES = 12
_SIGMA = 1.3
_FLAT_S = 300.0
_THETA = 0.242
_DENSITY = 1 / (_FLAT_S * (1 + 1 / _THETA))
A_PAGE = 100
"""Likers that X lists at once."""
HOUR_S = 3_600.0


@dataclass(slots=True)
class Post:
    """A post of account number `account`; `likes` are Unix seconds, ascending."""

    id: int
    account: int
    made_s: float
    likes: list[float]

    def count(self, now: float) -> int:
        return bisect_right(self.likes, now)


def make_world(posts: int, accounts: int, seed: int, *, in_an_hour: bool = False) -> list[Post]:
    """Draw posts of the week that ends with the measured day, the oldest first.

    They appear evenly over the week or, `in_an_hour`, in the thirteenth hour of each of its days.
    The kernel is SEISMIC's (KDD 2015): constant for 300 s, then a power law with theta 0.242.
    """
    drawn = random.Random(f"likecord-{seed}-{posts}")
    made = sorted(drawn.uniform(END_S - DAYS * DAY_S, END_S) for _ in range(posts))
    if in_an_hour:
        made = sorted(_within_the_hour(made_s) for made_s in made)
    return [
        Post(
            id=((int(made_s * 1000) - _EPOCH_MS) << 22) | index % 2**22,
            account=index % accounts,
            made_s=made_s,
            likes=_likes(drawn, made_s),
        )
        for index, made_s in enumerate(made)
    ]


def _within_the_hour(made_s: float) -> float:
    """Return when a post of this moment appears in the hour that begins at its day's noon."""
    day, part = divmod(made_s - BEGIN_S, DAY_S)
    return BEGIN_S + day * DAY_S + DAY_S / 2 + part / DAY_S * HOUR_S


def _likes(drawn: random.Random, made_s: float) -> list[float]:
    total = round(drawn.lognormvariate(log(_MEDIAN_LIKES), _SIGMA))
    return sorted(made_s + _age(drawn.random()) for _ in range(total))


def _age(part: float) -> float:
    """Return the age at which a post has this part of its likes."""
    if part < _DENSITY * _FLAT_S:
        return part / _DENSITY
    return _FLAT_S * float(((1 - part) * _THETA / (_DENSITY * _FLAT_S)) ** (-1 / _THETA))
