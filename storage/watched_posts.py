"""Watched posts, as they are read for polling: by whom they are watched, and who pays."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from storage.models import Post, PostKind, PostState

Budgets = dict[int, int]
"""The micro-USD a month of those guilds that have a budget."""


class Watched(NamedTuple):
    """A watched post, as far as it matters for counting; thousands are read at every tick.

    The time of a watch of it was over at `over_at`, and has a last count to come.
    """

    id: int
    author_id: int | None
    created_at: datetime | None
    state: PostState
    kind: PostKind
    like_count: int
    probed_at: datetime | None
    heat: float
    suspected_at: datetime | None
    newer_id: int | None
    ahead_count: int
    pushed_at: datetime | None
    over_at: datetime | None
    guild_ids: tuple[int, ...]

    @property
    def has_last_count_to_come(self) -> bool:
        over_at, probed_at = self.over_at, self.probed_at
        return over_at is not None and (probed_at is None or probed_at < over_at)


class WatchedPost(NamedTuple):
    """A watched post, and the guilds that watch it."""

    post: Post
    guild_ids: tuple[int, ...]


def by_post(pairs: Iterable[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    """Return each post's guilds once, in order: one may watch a post in several channels."""
    found: dict[int, dict[int, None]] = {}
    for post_id, guild_id in pairs:
        found.setdefault(post_id, {})[guild_id] = None
    return {post_id: tuple(guilds) for post_id, guilds in found.items()}


def budgets_of(pairs: Iterable[tuple[int, int | None]]) -> Budgets:
    return {guild_id: budget for guild_id, budget in pairs if budget is not None}
