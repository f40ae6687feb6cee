"""Turning what changed into announcements, in the transaction that stores the change."""

from collections.abc import Container, Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.notices import LikersHidden, ListStalled, Notice, PostShown
from bot.domain.stored_notices import stored_notice
from bot.domain.troubles import PostMissing
from bot.money.home_guilds import EVERYWHERE
from bot.watching.post_state.rows import MISSING_OF_STATE
from bot.watching.post_state.state import Growth
from storage.announcements import Announcements
from storage.models import Announcement, AnnouncementKind, PostState, Watch
from storage.new_announcements import about_likes, about_post, id_of
from storage.told_watches import ToldWatches
from storage.watches import Watches

# A count that keeps rising is told at most this often per watch; what comes between adds up.
GROWTH_EVERY = timedelta(minutes=1)
# What X says of a post or an account is not said twice in a channel within this time; /watch list
# shows how it is.
SAME_NOTICE_EVERY = timedelta(hours=1)
# Likers in a row that waits and is added to.
_MOST_HELD = 1_000


class AnnouncementWriter:
    """Writes a post's changes down for every watch that is active on it."""

    def __init__(
        self,
        session: AsyncSession,
        now: datetime,
        told: ToldWatches | None = None,
        named: Container[int] = EVERYWHERE,
    ) -> None:
        """Take the watches to tell of the post, where they are loaded already.

        The `named` guilds may see who likes it; all others are told how many do.
        """
        self._announcements = Announcements(session)
        self._watches = Watches(session)
        self._now = now
        self._loaded = told
        self._named = named

    async def _told(self, post_id: int) -> ToldWatches:
        if self._loaded is not None:
            return self._loaded
        return await self._watches.told(post_id)

    async def likes(self, post_id: int, liker_ids: Sequence[int], count: int) -> int:
        """Announce new likers, oldest like first; return how many announcements that makes.

        Where names are not shown, the same likes are told as growth.
        """
        if not liker_ids:
            return 0
        named, unnamed = self._by_audience(await self._told(post_id))
        made = await self._people(AnnouncementKind.LIKES, named, liker_ids, count)
        for watch in unnamed:
            await self._grow_by(watch, len(liker_ids), count)
        return made + len(unnamed)

    async def left(self, post_id: int, user_ids: Sequence[int], count: int) -> int:
        """Announce likes that were taken back, where a watch asks for it."""
        if not user_ids:
            return 0
        told, _ = self._by_audience(await self._told(post_id))
        asking = [watch for watch in told.watches if watch.unlikes]
        told = told._replace(watches=asking)
        return await self._people(AnnouncementKind.LEFT, told, user_ids, count)

    async def state_changed(self, post_id: int, before: PostState, after: PostState) -> int:
        """Tell each watch, once, that X no longer shows the post, and that it does again.

        Neither is told again within an hour.
        """
        if (before is PostState.LIVE) == (after is PostState.LIVE):
            return 0
        why = MISSING_OF_STATE.get(after)
        notice = PostShown() if why is None else PostMissing(why)
        return await self._notice((await self._told(post_id)).watches, notice)

    async def likers_hidden(self, post_id: int) -> int:
        """Tell each watch that had names that counts follow from now on."""
        named, _ = self._by_audience(await self._told(post_id))
        return await self._notice(named.watches, LikersHidden())

    async def list_stalled(self, post_id: int) -> int:
        """Tell each watch that had names that X's list shows nobody new."""
        named, _ = self._by_audience(await self._told(post_id))
        return await self._notice(named.watches, ListStalled())

    def _by_audience(self, told: ToldWatches) -> tuple[ToldWatches, list[Watch]]:
        """Return the watches whose guilds may see who likes the post, and all others."""
        named = [watch for watch in told.watches if watch.guild_id in self._named]
        unnamed = [watch for watch in told.watches if watch.guild_id not in self._named]
        return told._replace(watches=named), unnamed

    async def _notice(self, watches: Sequence[Watch], notice: Notice) -> int:
        return await self._announcements.add_unless_told(
            [about_post(watch, *stored_notice(notice), self._now) for watch in watches],
            self._now - SAME_NOTICE_EVERY,
        )

    async def growth(self, post_id: int, growth: Growth) -> int:
        """Announce a risen count; what waits to be sent is extended instead."""
        watches = (await self._told(post_id)).watches
        for watch in watches:
            await self._grow(watch, growth)
        return len(watches)

    async def _people(
        self,
        kind: AnnouncementKind,
        told: ToldWatches,
        user_ids: Sequence[int],
        count: int,
    ) -> int:
        held = await self._announcements.last_waiting(told.held) if told.held else {}
        rows = [
            about_likes(watch, kind, self._now, user_ids=left, to_count=count)
            for watch in told.watches
            if (left := _extend(held.get(id_of(watch)), kind, user_ids, count))
        ]
        await self._announcements.add(rows)
        return len(rows)

    async def _grow_by(self, watch: Watch, likes: int, count: int) -> None:
        """Tell of so many likes; what waits to be sent is added to them."""
        waiting = await self._announcements.waiting_growth(id_of(watch))
        if waiting is None:
            await self._grow(watch, Growth(max(likes, count) - likes, max(likes, count)))
            return
        told = waiting.to_count - waiting.from_count
        waiting.to_count = max(count, told + likes)
        waiting.from_count = waiting.to_count - told - likes

    async def _grow(self, watch: Watch, growth: Growth) -> None:
        watch_id = id_of(watch)
        waiting = await self._announcements.waiting_growth(watch_id)
        if waiting is not None:
            waiting.to_count = growth.to_count
            return
        last = await self._announcements.last_growth_at(watch_id)
        not_before = self._now if last is None else max(self._now, last + GROWTH_EVERY)
        grown = about_likes(
            watch,
            AnnouncementKind.GROWTH,
            self._now,
            from_count=growth.from_count,
            to_count=growth.to_count,
        )
        grown.not_before = not_before
        await self._announcements.add([grown])


def _extend(
    held: Announcement | None, kind: AnnouncementKind, user_ids: Sequence[int], count: int
) -> Sequence[int]:
    """Let what waits for a paused watch hold as many more as it can; return who is left over."""
    if held is None or held.kind is not kind or not held.liker_ids:
        return user_ids
    room = _MOST_HELD - held.liker_count
    if room <= 0 or not set(held.liker_ids).isdisjoint(user_ids):
        return user_ids
    held.liker_ids = [*held.liker_ids, *user_ids[:room]]
    held.liker_count, held.to_count = len(held.liker_ids), count
    return user_ids[room:]
