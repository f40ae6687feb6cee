"""Watched posts, and where the reading of their likers stands."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, func
from sqlmodel import col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Post, PostKind, PostState, Watch
from storage.upsert import Row, upsert


class Watched(NamedTuple):
    """A watched post, as far as it matters for counting; thousands are read at every tick."""

    id: int
    author_id: int | None
    created_at: datetime | None
    state: PostState
    kind: PostKind
    like_count: int
    probed_at: datetime | None
    heat: float


class Posts:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, post_id: int, *, lock: bool = False) -> Post | None:
        """Return a post; with `lock`, nobody else changes it before this transaction ends."""
        return await self._session.get(Post, post_id, with_for_update=True if lock else None)

    async def some(self, post_ids: Collection[int]) -> dict[int, Post]:
        found = await self._session.exec(select(Post).where(col(Post.id).in_(set(post_ids))))
        return {post.id: post for post in found}

    async def lock_some(self, post_ids: Collection[int]) -> dict[int, Post]:
        """Return posts for changing, locked in one order everywhere, so that none deadlocks."""
        query = (
            select(Post).where(col(Post.id).in_(set(post_ids))).order_by(col(Post.id))
        ).with_for_update()
        return {post.id: post for post in await self._session.exec(query)}

    async def save(self, row: Row) -> None:
        """Store a post's text and author; what the polling knows of it stays."""
        await upsert(self._session, Post, [row])

    async def watched(self, now: datetime, *, without: Collection[int] = ()) -> list[Watched]:
        """Return what decides when to count each post that others than these guilds watch.

        Deleted and protected posts are among them: X charges nothing for what it does not show,
        and the day it shows them again their watches go on.
        """
        query = select(*(col(getattr(Post, name)) for name in Watched._fields)).where(
            _watched(now, *([col(Watch.guild_id).not_in(set(without))] if without else []))
        )
        return [Watched(*row) for row in await self._session.exec(query)]

    async def counted(self, post_ids: Collection[int], at: datetime) -> None:
        """Note when posts were counted whose count has not changed."""
        await self._session.exec(
            update(Post)
            .where(col(Post.id).in_(set(post_ids)))
            .values(probed_at=at)
            .execution_options(synchronize_session=False)
        )

    async def pending(self, now: datetime) -> list[Post]:
        """Return watched posts whose likers must be read: never read yet, or grown since."""
        query = select(Post).where(
            _watched(now),
            col(Post.state) == PostState.LIVE,
            col(Post.kind).in_((PostKind.PENDING, PostKind.NAMES)),
            or_(
                col(Post.collected_at).is_(None),
                col(Post.like_count) > col(Post.collected_count),
            ),
        )
        return list(await self._session.exec(query))

    async def to_read_whole(self, now: datetime, before: datetime) -> list[Post]:
        """Return posts of which somebody wants to know who took their like back.

        Those whose count fell since they were read whole, and those read whole `before`.
        """
        query = select(Post).where(
            _watched(now, col(Watch.unlikes).is_(True)),
            col(Post.state) == PostState.LIVE,
            col(Post.kind) == PostKind.NAMES,
            col(Post.collected_at).is_not(None),
            or_(col(Post.whole_at).is_(None), col(Post.whole_at) < before),
        )
        return list(await self._session.exec(query))

    async def kinds_of_others(self, author_ids: Collection[int]) -> frozenset[PostKind]:
        """Return how much X shows of watched posts that these authors did not write."""
        query = select(Post.kind).where(
            exists().where(col(Watch.post_id) == col(Post.id)),
            col(Post.author_id).not_in(set(author_ids)),
        )
        return frozenset(PostKind(kind) for kind in await self._session.exec(query.distinct()))

    async def watched_count(self, guild_id: int | None = None) -> int:
        query = select(func.count(func.distinct(Watch.post_id)))
        if guild_id is not None:
            query = query.where(col(Watch.guild_id) == guild_id)
        return (await self._session.exec(query)).one()

    async def last_probe_at(self) -> datetime | None:
        return (await self._session.exec(select(func.max(Post.probed_at)))).one()

    async def show_likers(self, author_id: int) -> None:
        """Ask again who likes an author's posts: an account that may see it is there now.

        Its first reading is silent: the growth so far has been announced.
        """
        await self._ask_anew(author_id, (PostKind.COUNTS,), collected_at=None, moved_at=None)

    async def hide_likers(self, author_id: int) -> None:
        """Ask again who likes an author's posts: the account that could see it is gone.

        What was read stays read, so that likes that still wait are told of, as growth if need be.
        """
        await self._ask_anew(author_id, (PostKind.NAMES, PostKind.SATURATED))

    async def _ask_anew(self, author_id: int, kinds: Collection[PostKind], **more: None) -> None:
        await self._session.exec(
            update(Post)
            .where(col(Post.author_id) == author_id, col(Post.kind).in_(kinds))
            .values(kind=PostKind.PENDING, **more)
        )


def _watched(now: datetime, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        col(Watch.post_id) == col(Post.id),
        col(Watch.paused_at).is_(None),
        col(Watch.ended_at).is_(None),
        or_(col(Watch.expires_at).is_(None), col(Watch.expires_at) > now),
        *more,
    )
