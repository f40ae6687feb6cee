"""How the watching of a post begins."""

from datetime import datetime

from bot.watching import like_rate
from storage.models import Post, PostKind, PostState


def begin_silently(row: Post, likes: int, now: datetime) -> None:
    """Start watching a post anew: its next reading is silent."""
    row.state = PostState.LIVE
    row.kind = PostKind.PENDING
    row.like_count = likes
    row.collected_count = 0
    row.surplus = 0
    row.hidden_count = 0
    row.probed_at = now
    row.heat = like_rate.NEWS
    row.moved_at = None
    row.collected_at = None
    row.whole_at = None


def begin_at_birth(row: Post, likes: int, now: datetime) -> None:
    """Start watching a post that has just appeared: nobody liked it before, so every like is news.

    Its list of likers counts as read when it was empty.
    """
    begin_silently(row, likes, now)
    row.collected_at = now
    row.moved_at = now if likes else None
