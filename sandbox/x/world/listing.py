"""Which of a post's likes X lists, in which order, and how many it counts.

Three editions of X's own words say how far its list goes, and this X can do each of them.
"""

import math
from collections.abc import Mapping

from sandbox.x.world.rows import Like, Post, Settings, User

LISTED_LIKERS = 100


# Multiples of it are spread evenly between whole numbers.
_GOLDEN = 0.6180339887498949


def likes_seen(post: Post, now: float, lag_s: float, jitter_s: float = 0) -> list[Like]:
    """Return the likes that a post had so long before now (unix seconds); oldest first.

    Each is besides late by itself, up to so many seconds: later ones may be seen before it.
    """
    if not lag_s and not jitter_s:
        return list(post.likes.values())

    def moment(like: Like) -> float:
        return now - lag_s - jitter_s * (like.sequence * _GOLDEN % 1)

    lost = (gone.like for gone in post.taken_back if gone.like.at <= moment(gone.like) < gone.at)
    kept = (like for like in post.likes.values() if like.at <= moment(like))
    # Whoever liked it again is seen once.
    newest = {like.user_id: like for like in (*lost, *kept)}
    return sorted(newest.values(), key=lambda like: like.sequence)


def listed(
    post: Post, likes: list[Like], users: Mapping[int, User], settings: Settings
) -> list[Like]:
    """Return those of a post's likes, given oldest first, that X lists, in its order."""
    shown = [like for like in likes if may_be_listed(post, users[like.user_id], settings)]
    if settings.listing == "newest_100":
        shown = shown[-LISTED_LIKERS:]
    return shown if settings.list_order == "oldest_first" else shown[::-1]


def may_be_listed(post: Post, user: User, settings: Settings) -> bool:
    """Say whether X would list this liker of the post if nobody else came after them."""
    number = post.listable_likers.get(user.id)
    is_hidden = number is not None and number < settings.hidden
    is_late = settings.listing == "first_100" and post.ever_liked[user.id] >= LISTED_LIKERS
    return user.listed_as_liker and not is_hidden and not is_late


def room(post: Post, settings: Settings) -> float:
    """Return how many more people X would list if they liked the post."""
    if settings.listing != "first_100":
        return math.inf
    return max(LISTED_LIKERS - len(post.ever_liked), 0)
