"""Watches whose time is over end by themselves, and say once what came of them.

Before that the post is counted and read once more: of what was liked until then, nothing is lost.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain import WatchKind
from bot.domain.notices import WatchEnded
from bot.domain.stored_notices import stored_notice
from bot.watching.post_state.rows import likes_state_of
from storage.announcements import Announcements
from storage.database import Database
from storage.models import Post, PostState, Watch
from storage.new_announcements import about_post, id_of
from storage.watches import OverWatch, Told, Watches

_DAY = timedelta(days=1)
# For so long a watch waits for its last look: X may be away, or refuse, for much longer.
LAST_LOOK_WITHIN = timedelta(hours=1)


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
            over = await Watches(session).over(now)
            ended = [each for each in over if not _has_last_look_to_come(each, now)]
            for watch, post, _ in ended:
                watch.ended_at = now
                await _sum_up(session, watch, post, now)
            await Watches(session).forget_ended()
        return len(ended)


def _has_last_look_to_come(over: OverWatch, now: datetime) -> bool:
    """Say whether the likes up to a watch's end are still to be counted, or to be read."""
    watch, post, is_active = over
    is_asked_for = is_active and post.state is PostState.LIVE
    if watch.expires_at is None or not is_asked_for or now >= watch.expires_at + LAST_LOOK_WITHIN:
        return False
    likes = likes_state_of(post)
    is_counted = post.probed_at is not None and post.probed_at >= watch.expires_at
    return not is_counted or likes.looked_through(now) < likes.count


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
