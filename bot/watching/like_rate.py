"""How soon the next like of a post is to be expected. Pure.

Likes follow the age of a post: SEISMIC (Zhao et al., KDD 2015) finds a constant density for five
minutes and then a power law. With the count so far this tells the rate now; likes that come faster
than that (an old post that somebody famous reposts) are told by its heat.
"""

from math import exp

_FLAT_S = 300.0
_THETA = 0.242
_DENSITY = 1 / (_FLAT_S * (1 + 1 / _THETA))
# What is assumed of a post of which nothing is known: one like in the first tenth of all.
_PRIOR_LIKES = 1.0
_PRIOR_SHARE = 0.1
# Likes that come twice in this time, or faster, are more than the age explains.
_HEAT_S = 1_800.0
# Recent likes a second that make a post lively for an hour: who begins to watch it looks on.
NEWS = 15 / _HEAT_S


def share(age_s: float) -> float:
    """Return which part of all its likes a post has by this age."""
    return _share_and_density(age_s)[0]


def density(age_s: float) -> float:
    """Return which part of all its likes a post gets in a second at this age."""
    return _share_and_density(age_s)[1]


def _share_and_density(age_s: float) -> tuple[float, float]:
    if age_s < _FLAT_S:
        return _DENSITY * max(0.0, age_s), _DENSITY
    tail: float = (age_s / _FLAT_S) ** -_THETA
    return 1 - _DENSITY * _FLAT_S / _THETA * tail, _DENSITY * tail * _FLAT_S / age_s


def likes_in_all(age_s: float, likes: int) -> float:
    """Return how many likes a post will have, that has so many at this age."""
    return _in_all(likes, share(age_s))


def _in_all(likes: int, part: float) -> float:
    return (likes + _PRIOR_LIKES) / (part + _PRIOR_SHARE)


def heated(heat: float, likes: int, passed_s: float) -> float:
    """Return the recent likes a second, after so many more in the time that passed."""
    return heat * exp(-max(0.0, passed_s) / _HEAT_S) + max(0, likes) / _HEAT_S


def rate(age_s: float, likes: int, heat: float = 0.0) -> float:
    """Return the likes a second to be expected now of a post of this age, with so many so far.

    `heat` are its recent likes a second.
    """
    part, a_second = _share_and_density(age_s)
    by_age = _in_all(likes, part) * a_second
    # One like is no trend.
    return max(by_age, heat - 1 / _HEAT_S) if heat else by_age
