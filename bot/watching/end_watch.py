"""Watches whose time is over end by themselves, and say once what came of them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain import WatchKind
from bot.domain.notices import WatchEnded
from bot.domain.stored_notices import stored_notice
from storage.announcements import Announcements
from storage.database import Database
from storage.models import Post, PostState, Watch
from storage.new_announcements import about_post, id_of
from storage.posts import Posts
from storage.watches import Told, Watches

_DAY = timedelta(days=1)


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
    announcements = Announcements(session)
    watch_id = id_of(watch)
    growth_at = await announcements.last_growth_at(watch_id)
    told = await Watches(session).likes_told(watch_id)
    ended = stored_notice(summary_of(post, told, now - watch.created_at))
    summary = about_post(watch, *ended, now)
    # Growth may wait for a moment, and comes first.
    summary.not_before = max(now, growth_at or now)
    await announcements.add([summary])


def summary_of(post: Post, told: Told, lasted: timedelta) -> WatchEnded:
    """Return what came of watching a post: likes announced, likes counted, likes hidden."""
    return WatchEnded(
        days=max(1, round(lasted / _DAY)),
        named=told.named,
        counted=told.counted,
        likes=post.like_count,
        kind=WatchKind(post.kind),
        hidden=post.hidden_count,
        post_shown=post.state is PostState.LIVE,
    )
