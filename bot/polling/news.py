"""Turning what changed into announcements, in the transaction that stores the change."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.polling.standing import Growth
from storage.announcements import Announcements
from storage.models import Announcement, AnnouncementKind, Watch
from storage.watches import Watches

# So many likers always fit one Discord message, however long their names are.
LIKERS_AN_ANNOUNCEMENT = 25
# A count that keeps rising is told at most this often per watch; what comes between adds up.
GROWTH_EVERY = timedelta(minutes=1)


class News:
    """Writes a post's changes down for every watch that is active on it."""

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self._announcements = Announcements(session)
        self._watches = Watches(session)
        self._now = now

    async def likes(self, post_id: int, liker_ids: Sequence[int], count: int) -> int:
        """Announce new likers, oldest like first; return how many announcements that makes."""
        if not liker_ids:
            return 0
        watches = await self._watches.active(post_id, self._now)
        rows = [
            Announcement(
                watch_id=_id(watch),
                channel_id=watch.channel_id,
                post_id=post_id,
                kind=AnnouncementKind.LIKES,
                liker_ids=list(likers),
                liker_count=len(likers),
                to_count=count,
                created_at=self._now,
                not_before=self._now,
            )
            for watch in watches
            for likers in _chunks(liker_ids)
        ]
        await self._announcements.add(rows)
        return len(rows)

    async def growth(self, post_id: int, growth: Growth) -> int:
        """Announce a risen count; what waits to be sent is extended instead."""
        watches = await self._watches.active(post_id, self._now)
        for watch in watches:
            await self._grow(watch, growth)
        return len(watches)

    async def _grow(self, watch: Watch, growth: Growth) -> None:
        waiting = await self._announcements.waiting_growth(_id(watch))
        if waiting is not None:
            waiting.to_count = growth.to_count
            return
        last = await self._announcements.last_growth_at(_id(watch))
        not_before = self._now if last is None else max(self._now, last + GROWTH_EVERY)
        announcement = Announcement(
            watch_id=_id(watch),
            channel_id=watch.channel_id,
            post_id=watch.post_id,
            kind=AnnouncementKind.GROWTH,
            from_count=growth.from_count,
            to_count=growth.to_count,
            created_at=self._now,
            not_before=not_before,
        )
        await self._announcements.add([announcement])


def _chunks(liker_ids: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(liker_ids), LIKERS_AN_ANNOUNCEMENT):
        yield liker_ids[start : start + LIKERS_AN_ANNOUNCEMENT]


def _id(watch: Watch) -> int:
    if watch.id is None:
        raise ValueError("the watch has not been stored")
    return watch.id
