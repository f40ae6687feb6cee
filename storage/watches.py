"""Which guild watches which post, and where it is announced."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, exists, func
from sqlalchemy import bindparam as given
from sqlmodel import and_, col, delete, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.announced_likes import COUNTED, NAMED
from storage.announcements import UNSENT
from storage.models import AccountWatch, Announcement, Post, Watch
from storage.named_locks import lock_by_name
from storage.outlived import outlive
from storage.parts import Part, within
from storage.told_watches import ToldWatches, is_active, is_held, is_told, told_watches


class Told(NamedTuple):
    """How many likes were told of by name, and how many as growth of the count."""

    named: int
    counted: int


class OverWatch(NamedTuple):
    """A watch whose time is over, and whether X is still asked for it."""

    watch: Watch
    post: Post
    is_active: bool


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

    async def find(self, channel_id: int, post_id: int, *, lock: bool = False) -> Watch | None:
        """Return a channel's watch of a post, also one that has ended and is not yet gone."""
        asked = {"channel": channel_id, "post": post_id}
        found = await self._session.exec(_FIND_FOR_CHANGING if lock else _FIND, params=asked)
        return found.one_or_none()

    async def of_guild(self, guild_id: int) -> list[Watch]:
        """Return a guild's watches that have not ended, the newest first."""
        query = (
            select(Watch)
            .where(col(Watch.guild_id) == guild_id, col(Watch.ended_at).is_(None))
            .order_by(col(Watch.id).desc())
        )
        return list(await self._session.exec(query))

    async def lock_of(self, guild_id: int) -> None:
        """Let nobody else begin, change or remove a watch of this guild's meanwhile.

        To be done before any row is locked, and of several guilds in the order of their IDs.
        """
        await lock_by_name(self._session, f"watches:{guild_id}")

    async def count(self, guild_id: int) -> int:
        """Return how many of a guild's watches have not ended."""
        return (await self._session.exec(_COUNT, params={"guild": guild_id})).one()

    async def with_at_least(self, count: int) -> list[int]:
        """Return the guilds of which so many watches have not ended."""
        return list(await self._session.exec(_WITH_AT_LEAST, params={"count": count}))

    async def told(self, post_id: int) -> ToldWatches:
        """Return the watches that a change of the post is announced to."""
        return told_watches(await self._session.exec(_TOLD, params={"post": post_id}))

    async def over(self, now: datetime) -> list[OverWatch]:
        """Return the watches whose time is over, for ending; nobody else gets them meanwhile."""
        return [OverWatch(*row) for row in await self._session.exec(_OVER, params={"now": now})]

    async def forget_ended(self) -> int:
        """Remove the watches that have ended and have nothing left to say; return how many.

        What somebody is just changing goes the next time: they may wait for one that ends now.
        """
        has_unsent = (
            exists().where(col(Announcement.watch_id) == col(Watch.id), _IS_UNSENT).correlate(Watch)
        )
        query = select(Watch.id).where(col(Watch.ended_at).is_not(None), ~has_unsent)
        found = await self._session.exec(query.with_for_update(skip_locked=True))
        ids = list(found)
        return await self._delete(col(Watch.id).in_(ids)) if ids else 0

    async def likes_told(self, watch_id: int) -> Told:
        """Return how many new likes a watch has told of, or is about to."""
        query = select(
            func.coalesce(func.sum(NAMED), 0), func.coalesce(func.sum(COUNTED), 0)
        ).where(col(Announcement.watch_id) == watch_id)
        return Told(*map(int, (await self._session.exec(query)).one()))

    async def remove(self, watch: Watch) -> None:
        await self._lock_unsent(col(Announcement.watch_id) == watch.id)
        await self._delete(col(Watch.id) == watch.id)
        self._session.expunge(watch)

    async def remove_found_by(self, account_watch_id: int | None) -> None:
        """Remove the watches of posts that a watch of an account has found, which goes next."""
        found = col(Watch.account_watch_id) == account_watch_id
        await self._lock_unsent(
            or_(
                col(Announcement.watch_id).in_(select(Watch.id).where(found)),
                col(Announcement.account_watch_id) == account_watch_id,
            )
        )
        await self._delete(found)

    async def _lock_unsent(self, which: ColumnElement[bool]) -> None:
        """Lock what goes with watches: whoever claims has that first, and the watches then."""
        query = select(Announcement.id).where(which, _IS_UNSENT).order_by(col(Announcement.id))
        await self._session.exec(query.with_for_update())

    async def _delete(self, which: ColumnElement[bool]) -> int:
        await outlive(self._session, which)
        deleted = delete(Watch).where(which).execution_options(synchronize_session=False)
        return (await self._session.exec(deleted)).rowcount

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


_IS_UNSENT = col(Announcement.state).in_(UNSENT)

# Built once, for they are asked whenever a post is to be watched or read, and in every round.
_FIND = select(Watch).where(
    col(Watch.channel_id) == given("channel"), col(Watch.post_id) == given("post")
)
_FIND_FOR_CHANGING = _FIND.with_for_update(key_share=True).execution_options(populate_existing=True)
_COUNT = select(func.count()).where(
    col(Watch.guild_id) == given("guild"), col(Watch.ended_at).is_(None)
)
_TOLD = select(Watch, is_held()).where(col(Watch.post_id) == given("post"), *is_told())
_WITH_AT_LEAST = (
    select(Watch.guild_id)
    .where(col(Watch.ended_at).is_(None))
    .group_by(col(Watch.guild_id))
    .having(func.count() >= given("count", type_=BigInteger))
)
_OVER = (
    select(Watch, Post, and_(*is_active()))
    .join(Post, col(Post.id) == col(Watch.post_id))
    .where(col(Watch.ended_at).is_(None), col(Watch.expires_at) <= given("now"))
    .order_by(col(Watch.id))
    .with_for_update(of=Watch, skip_locked=True)
)
