"""Watches whose time is over end by themselves, and say once what came of them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from storage.announcements import Announcements
from storage.database import Database
from storage.models import Announcement, AnnouncementKind, Post, PostKind, PostState, Watch
from storage.posts import Posts
from storage.watches import Watches

_DAY = timedelta(days=1)
_WITHOUT_NAMES = {
    PostKind.COUNTS: "X hides who likes it.",
    PostKind.SATURATED: "X shows at most 100 names a post.",
}


class Endings:
    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def run_once(self) -> int:
        """End what is over; return how many summaries wait to be sent.

        That a watch has ended and its summary are written together: both, or neither. It is
        removed when all that it had to say was sent.
        """
        now = self._now()
        async with self._database.transaction() as session:
            ended = await Watches(session).expired(now)
            posts = await Posts(session).some({watch.post_id for watch in ended})
            for watch in ended:
                watch.ended_at = now
                await _sum_up(session, watch, posts[watch.post_id], now)
            await Watches(session).forget_ended()
        return len(ended)


async def _sum_up(session: AsyncSession, watch: Watch, post: Post, now: datetime) -> None:
    if watch.id is None:
        raise ValueError("the watch has not been stored")
    announcements = Announcements(session)
    growth_at = await announcements.last_growth_at(watch.id)
    named = await Watches(session).named(watch.id)
    summary = Announcement(
        watch_id=watch.id,
        channel_id=watch.channel_id,
        post_id=watch.post_id,
        kind=AnnouncementKind.SUMMARY,
        note=summary_of(post, named, now - watch.created_at),
        to_count=post.like_count,
        created_at=now,
        # Growth may wait for a moment, and comes first.
        not_before=max(now, growth_at or now),
    )
    await announcements.add([summary])


def summary_of(post: Post, named: int, lasted: timedelta) -> str:
    """Return what came of watching a post: likes announced, likes counted, likes hidden."""
    days = max(1, round(lasted / _DAY))
    told = f"In {_counted(days, 'day')}, {_counted(named, 'like')} announced by name"
    sentences = [f"{told}; {_counted(post.like_count, 'like')} in all."]
    if post.state is not PostState.LIVE:
        sentences.append("X no longer shows the post.")
    elif post.kind in _WITHOUT_NAMES:
        sentences.append(_WITHOUT_NAMES[post.kind])
    elif post.hidden_count:
        sentences.append(f"X does not show who {post.hidden_count:,} of them come from.")
    return " ".join(sentences)


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing if count == 1 else thing + 's'}"
