"""Which guild watches which post, and where it is announced."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import exists, func
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.announced_likes import COUNTED, NAMED
from storage.announcements import UNSENT
from storage.models import (
    AccountWatch,
    Announcement,
    AnnouncementState,
    Watch,
)
from storage.parts import Part, within
from storage.told_watches import ToldWatches, is_held, is_told, told_watches


class Told(NamedTuple):
    """How many likes were told of by name, and how many as growth of the count."""

    named: int
    counted: int


class Watches:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, watch: Watch) -> Watch:
        self._session.add(watch)
        await self._session.flush()
        return watch

    async def get(self, guild_id: int, watch_id: int) -> Watch | None:
        """Return a guild's watch; another guild's is none, and one that has ended is none."""
        watch = await self._session.get(Watch, watch_id)
        if watch is None or watch.ended_at is not None or watch.guild_id != guild_id:
            return None
        return watch

    async def find(self, channel_id: int, post_id: int) -> Watch | None:
        """Return a channel's watch of a post, also one that has ended and is not yet gone."""
        query = select(Watch).where(
            col(Watch.channel_id) == channel_id, col(Watch.post_id) == post_id
        )
        return (await self._session.exec(query)).one_or_none()

    async def of_guild(self, guild_id: int) -> list[Watch]:
        """Return a guild's watches that have not ended, the newest first."""
        query = (
            select(Watch)
            .where(col(Watch.guild_id) == guild_id, col(Watch.ended_at).is_(None))
            .order_by(col(Watch.id).desc())
        )
        return list(await self._session.exec(query))

    async def told(self, post_id: int, now: datetime) -> ToldWatches:
        """Return the watches that a change of the post is announced to."""
        query = select(Watch, is_held()).where(col(Watch.post_id) == post_id, *is_told(now))
        return told_watches(await self._session.exec(query))

    async def expired(self, now: datetime) -> list[Watch]:
        """Return the watches whose time is over, for ending; nobody else gets them meanwhile."""
        query = (
            select(Watch)
            .where(col(Watch.ended_at).is_(None), col(Watch.expires_at) <= now)
            .order_by(col(Watch.id))
            .with_for_update(skip_locked=True)
        )
        return list(await self._session.exec(query))

    async def forget_ended(self) -> int:
        """Remove the watches that have ended and have nothing left to say; return how many."""
        result = await self._session.exec(
            delete(Watch).where(
                col(Watch.ended_at).is_not(None),
                ~exists().where(
                    col(Announcement.watch_id) == col(Watch.id),
                    col(Announcement.state).in_(UNSENT),
                ),
            )
        )
        return result.rowcount

    async def likes_told(self, watch_id: int) -> Told:
        """Return how many new likes a watch has told of, or is about to."""
        query = select(
            func.coalesce(func.sum(NAMED), 0), func.coalesce(func.sum(COUNTED), 0)
        ).where(col(Announcement.watch_id) == watch_id)
        return Told(*map(int, (await self._session.exec(query)).one()))

    async def found_by(self, guild_id: int) -> dict[int, int]:
        """Return how many posts the guild's watches of accounts are watching now."""
        query = (
            select(Watch.account_watch_id, func.count())
            .where(
                col(Watch.guild_id) == guild_id,
                col(Watch.account_watch_id).is_not(None),
                col(Watch.ended_at).is_(None),
            )
            .group_by(col(Watch.account_watch_id))
        )
        return {found: count for found, count in await self._session.exec(query) if found}

    async def remove(self, watch: Watch) -> None:
        await self._session.delete(watch)
        await self._session.flush()

    async def pause_outside(
        self, guild_ids: Collection[int], at: datetime, part: Part | None = None
    ) -> None:
        """Pause the watches of all guilds of a part but these."""
        await self._session.exec(
            update(Watch)
            .where(
                col(Watch.guild_id).not_in(set(guild_ids)),
                col(Watch.paused_at).is_(None),
                within(part, col(Watch.guild_id)),
            )
            .values(paused_at=at)
        )

    async def pause(self, guild_id: int, at: datetime) -> None:
        await self._session.exec(
            update(Watch)
            .where(col(Watch.guild_id) == guild_id, col(Watch.paused_at).is_(None))
            .values(paused_at=at)
        )

    async def resume(self, guild_ids: Collection[int]) -> None:
        await self._session.exec(
            update(Watch)
            .where(col(Watch.guild_id).in_(set(guild_ids)), col(Watch.paused_at).is_not(None))
            .values(paused_at=None)
        )

    async def forget_creator(self, member_id: int) -> None:
        """Keep a member's watches, but not who made them."""
        for table in (Watch, AccountWatch):
            await self._session.exec(
                update(table).where(col(table.created_by) == member_id).values(created_by=0)
            )

    async def likes_announced(self, guild_id: int) -> dict[int, int]:
        """Return how many likes each of the guild's watches has announced, by name or not."""
        query = (
            select(Announcement.watch_id, func.sum(NAMED + COUNTED))
            .join(Watch, col(Watch.id) == col(Announcement.watch_id))
            .where(
                col(Watch.guild_id) == guild_id,
                col(Announcement.state) == AnnouncementState.SENT,
            )
            .group_by(col(Announcement.watch_id))
        )
        found = await self._session.exec(query)
        return {watch_id: int(total) for watch_id, total in found if watch_id is not None}
