"""Turning what changed into announcements, in the transaction that stores the change."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.watching.post_state.state import Growth
from storage.announcements import Announcements
from storage.models import Announcement, AnnouncementKind, PostState, Watch
from storage.watches import Watches

# So many likers always fit one Discord message, however long their names are.
LIKERS_AN_ANNOUNCEMENT = 25
# A count that keeps rising is told at most this often per watch; what comes between adds up.
GROWTH_EVERY = timedelta(minutes=1)

TROUBLE_OF_STATE = {
    PostState.DELETED: "X no longer has this post. The watch goes on by itself if it comes back.",
    PostState.PROTECTED: "The author's posts are protected now. The watch goes on when they are "
    "public again.",
    PostState.WITHHELD: "X withholds this post. The watch goes on when it is shown again.",
}
LIKERS_HIDDEN = (
    "X no longer shows me who likes this post, so from now on I tell how many do. Its author can "
    "change that with `/account link`."
)
SHOWN_AGAIN = "X shows this post again. The watch goes on."


class AnnouncementWriter:
    """Writes a post's changes down for every watch that is active on it."""

    def __init__(
        self, session: AsyncSession, now: datetime, active: Sequence[Watch] | None = None
    ) -> None:
        """Take the watches that are `active` on the post, where they are loaded already."""
        self._announcements = Announcements(session)
        self._watches = Watches(session)
        self._now = now
        self._loaded = active

    async def _active(self, post_id: int) -> Sequence[Watch]:
        if self._loaded is not None:
            return self._loaded
        return await self._watches.active(post_id, self._now)

    async def likes(self, post_id: int, liker_ids: Sequence[int], count: int) -> int:
        """Announce new likers, oldest like first; return how many announcements that makes."""
        if not liker_ids:
            return 0
        watches = await self._active(post_id)
        return await self._people(AnnouncementKind.LIKES, watches, liker_ids, count)

    async def left(self, post_id: int, user_ids: Sequence[int], count: int) -> int:
        """Announce likes that were taken back, where a watch asks for it."""
        if not user_ids:
            return 0
        watches = [watch for watch in await self._active(post_id) if watch.unlikes]
        return await self._people(AnnouncementKind.LEFT, watches, user_ids, count)

    async def state_changed(self, post_id: int, before: PostState, after: PostState) -> int:
        """Tell each watch, once, that X no longer shows the post, and that it does again."""
        if (before is PostState.LIVE) == (after is PostState.LIVE):
            return 0
        return await self._notice(post_id, TROUBLE_OF_STATE.get(after, SHOWN_AGAIN))

    async def likers_hidden(self, post_id: int) -> int:
        """Tell each watch that names are followed by counts from now on."""
        return await self._notice(post_id, LIKERS_HIDDEN)

    async def _notice(self, post_id: int, note: str) -> int:
        watches = await self._active(post_id)
        await self._announcements.add(
            [self._row(watch, AnnouncementKind.NOTICE, note=note) for watch in watches]
        )
        return len(watches)

    async def growth(self, post_id: int, growth: Growth) -> int:
        """Announce a risen count; what waits to be sent is extended instead."""
        watches = await self._active(post_id)
        for watch in watches:
            await self._grow(watch, growth)
        return len(watches)

    async def _people(
        self,
        kind: AnnouncementKind,
        watches: Sequence[Watch],
        user_ids: Sequence[int],
        count: int,
    ) -> int:
        rows = [
            self._row(watch, kind, user_ids=some, to_count=count)
            for watch in watches
            for some in _chunks(user_ids)
        ]
        await self._announcements.add(rows)
        return len(rows)

    async def _grow(self, watch: Watch, growth: Growth) -> None:
        waiting = await self._announcements.waiting_growth(_id(watch))
        if waiting is not None:
            waiting.to_count = growth.to_count
            return
        last = await self._announcements.last_growth_at(_id(watch))
        not_before = self._now if last is None else max(self._now, last + GROWTH_EVERY)
        grown = self._row(
            watch,
            AnnouncementKind.GROWTH,
            from_count=growth.from_count,
            to_count=growth.to_count,
        )
        grown.not_before = not_before
        await self._announcements.add([grown])

    def _row(
        self,
        watch: Watch,
        kind: AnnouncementKind,
        *,
        user_ids: Sequence[int] = (),
        from_count: int = 0,
        to_count: int = 0,
        note: str | None = None,
    ) -> Announcement:
        return Announcement(
            watch_id=_id(watch),
            channel_id=watch.channel_id,
            post_id=watch.post_id,
            kind=kind,
            liker_ids=list(user_ids),
            liker_count=len(user_ids),
            from_count=from_count,
            to_count=to_count,
            note=note,
            created_at=self._now,
            not_before=self._now,
        )


def _chunks(liker_ids: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(liker_ids), LIKERS_AN_ANNOUNCEMENT):
        yield liker_ids[start : start + LIKERS_AN_ANNOUNCEMENT]


def _id(watch: Watch) -> int:
    if watch.id is None:
        raise ValueError("the watch has not been stored")
    return watch.id
