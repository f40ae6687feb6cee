"""Watched posts, and where the reading of their likers stands."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, case, exists, func
from sqlmodel import and_, col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from storage.models import ForgottenObject, Guild, Post, PostKind, Watch, XAccount
from storage.posts_to_read import (
    PENDING,
    TO_LOOK_DEEPER,
    UNREAD_OF_GUILD,
    UNREAD_POSTS,
    ToRead,
)
from storage.tables import table_of
from storage.told_watches import ToldWatches, is_active, is_held, is_told, told_watches
from storage.types import UtcDateTime
from storage.upsert import Row, upsert
from storage.watched_posts import Budgets, Watched, WatchedPost, budgets_of, by_post


class Posts:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, post_id: int, *, lock: bool = False) -> Post | None:
        """Return a post; with `lock`, nobody else changes it before this transaction ends."""
        lock_it = {"key_share": True} if lock else None
        return await self._session.get(Post, post_id, with_for_update=lock_it)

    async def with_guilds(self, post_id: int) -> WatchedPost | None:
        """Return a post, and the guilds that watch it."""
        found = await self._session.exec(_WITH_GUILDS, params={"post": post_id})
        rows: Sequence[tuple[Post, int | None]] = found.all()
        guilds = dict.fromkeys(guild_id for _, guild_id in rows if guild_id is not None)
        return WatchedPost(rows[0][0], tuple(guilds)) if rows else None

    async def lock_with_watches(self, post_id: int) -> tuple[Post | None, ToldWatches]:
        """Return a post, which nobody else changes meanwhile, and the watches to tell of it."""
        found = await self._session.exec(_WITH_WATCHES, params={"post": post_id})
        rows: Sequence[tuple[Post, Watch | None, bool, bool]] = found.all()
        told = told_watches((watch, held) for _, watch, held, _ in rows if watch is not None)
        if not rows:
            return None, told
        post, _, _, any_forgotten = rows[0]
        return post, told._replace(any_forgotten=any_forgotten)

    async def some(self, post_ids: Collection[int]) -> dict[int, Post]:
        found = await self._session.exec(select(Post).where(col(Post.id).in_(set(post_ids))))
        return {post.id: post for post in found}

    async def lock_some(self, post_ids: Collection[int]) -> dict[int, Post]:
        """Return posts for changing, locked in one order everywhere, so that none deadlocks."""
        found = await self._session.exec(_LOCK_SOME, params={"posts": [*set(post_ids)]})
        return {post.id: post for post in found}

    async def save(self, row: Row) -> None:
        """Store a post's text and author; what the polling knows of it stays."""
        await upsert(self._session, Post, [row])

    async def watched(self, now: datetime) -> tuple[list[Watched], Budgets]:
        """Return what decides when to count each post, and who pays for it.

        Deleted and protected posts are among them: X charges nothing for what it does not show,
        and the day it shows them again their watches go on.
        """
        found = await self._session.exec(_WATCHED, params={"now": now})
        rows = [(row[:-3], row[-3], row[-2], row[-1]) for row in found]
        posts = {row[0][0]: row[0] for row in rows}
        over: dict[int, datetime] = {}
        for post, over_at, _, _ in rows:
            if over_at is not None:
                over[post[0]] = max(over_at, over.get(post[0], over_at))
        guilds = by_post((post[0], guild_id) for post, _, guild_id, _ in rows)
        watched = [
            Watched._make((*post, over.get(post_id), guilds[post_id]))
            for post_id, post in posts.items()
        ]
        return watched, budgets_of((guild_id, budget) for _, _, guild_id, budget in rows)

    async def watched_authors(self) -> tuple[dict[int, tuple[int, ...]], Budgets]:
        """Return whose posts are watched, by which guilds, and the budgets of these."""
        found = await self._session.exec(_AUTHORS)
        rows: Sequence[tuple[int | None, int, int | None]] = found.all()
        authors = by_post((author, guild) for author, guild, _ in rows if author is not None)
        return authors, budgets_of((guild, budget) for _, guild, budget in rows)

    async def guilds_of(self, post_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
        """Return which guilds watch each of these posts."""
        query = (
            select(Watch.post_id, Watch.guild_id)
            .where(col(Watch.post_id).in_(set(post_ids)), *is_active())
            .order_by(col(Watch.post_id), col(Watch.guild_id))
        )
        return by_post(await self._session.exec(query))

    async def counted(self, post_ids: Collection[int], at: datetime) -> None:
        """Note when posts were counted whose count has not changed.

        One that somebody has locked just now is left out, and counted again: whoever has locked
        other posts waits for none of these.
        """
        await self._session.exec(_COUNTED_AT, params={"posts": [*set(post_ids)], "at": at})

    async def pending(self, now: datetime) -> tuple[list[WatchedPost], Budgets]:
        """Return watched posts whose likers must be read now.

        Never read yet, or grown since, or held back by X and to be looked for again.
        """
        return await self._to_read(PENDING, now=now)

    async def to_look_deeper(
        self, now: datetime, before: datetime, soon: datetime
    ) -> tuple[list[WatchedPost], Budgets]:
        """Return posts to be read when there is room, not looked at `before`, or `soon`."""
        return await self._to_read(TO_LOOK_DEEPER, now=now, before=before, soon=soon)

    async def _to_read(
        self, query: ToRead, **given: datetime | int
    ) -> tuple[list[WatchedPost], Budgets]:
        rows = (await self._session.exec(query, params=given)).all()
        posts = {post.id: post for post, _, _ in rows}
        guilds = by_post((post.id, guild_id) for post, guild_id, _ in rows)
        found = [WatchedPost(post, guilds[post_id]) for post_id, post in posts.items()]
        return found, budgets_of((guild_id, budget) for _, guild_id, budget in rows)

    async def watched_by(self, author_id: int, *, but: int = 0) -> int:
        """Return how many of an author's posts are watched, one of them left out."""
        asked = {"author": author_id, "but": but}
        return (await self._session.exec(_WATCHED_BY, params=asked)).one()

    async def likes_each(self, author_id: int) -> float | None:
        """Return how many likes an author's posts have that are known here; None without any."""
        query = select(func.avg(Post.like_count)).where(col(Post.author_id) == author_id)
        mean = (await self._session.exec(query)).one()
        return None if mean is None else float(mean)

    async def unread(self, guild_id: int | None = None) -> tuple[list[WatchedPost], Budgets]:
        """Return posts with likes that wait to be read by name; of one guild's watches, or of all.

        They may wait for X, too, and for money.
        """
        if guild_id is None:
            return await self._to_read(UNREAD_POSTS)
        return await self._to_read(UNREAD_OF_GUILD, guild=guild_id)

    async def show_likers(self, author_id: int) -> None:
        """Ask again who likes an author's posts: an account that may see it is there now.

        Its first reading is silent: the growth so far has been announced.
        """
        await self._show_likers(col(Post.author_id) == author_id)

    async def show_likers_in(self, guild_id: int) -> None:
        """Ask again who likes what a guild watches: an account may read it there now."""
        is_watched = exists().where(_OF_POST, col(Watch.guild_id) == guild_id)
        await self._show_likers(is_watched.correlate(Post))

    async def show_likers_in_channels(self, channel_ids: Collection[int]) -> None:
        """Ask again who likes what is watched in channels, if an account that may see it is here.

        That of the author, which is the bot's own or linked: X hides it from all others.
        """
        is_watched = exists().where(_OF_POST, col(Watch.channel_id).in_(set(channel_ids)))
        is_here = col(Post.author_id).in_(select(XAccount.x_user_id))
        await self._show_likers(and_(is_watched.correlate(Post), is_here))

    async def show_likers_of(self, post_id: int) -> None:
        """Ask again who likes a post: an account may read it for those who watch it now."""
        await self._show_likers(col(Post.id) == post_id)

    async def _show_likers(self, which: ColumnElement[bool]) -> None:
        await self._ask_anew(which, (PostKind.COUNTS,), collected_at=None, moved_at=None)

    async def hide_likers(self, author_id: int) -> None:
        """Ask again who likes an author's posts: the account that could see it is gone.

        What was read stays read, so that likes that still wait are told of, as growth if need be.
        """
        which = col(Post.author_id) == author_id
        await self._ask_anew(which, (PostKind.NAMES, PostKind.STALLED))

    async def _ask_anew(
        self, which: ColumnElement[bool], kinds: Collection[PostKind], **more: None
    ) -> None:
        asked = select(Post.id).where(which, col(Post.kind).in_(kinds))
        await self._session.exec(
            update(Post)
            .where(col(Post.id).in_(_in_order(asked)))
            .values(kind=PostKind.PENDING, look_at=None, dark_since=None, **more)
        )


def _in_order(posts: SelectOfScalar[Any], *, skip_locked: bool = False) -> SelectOfScalar[Any]:
    """Lock posts in one order everywhere, within the statement that changes them."""
    ordered = posts.order_by(col(Post.id)).correlate(None)
    return ordered.with_for_update(key_share=True, skip_locked=skip_locked)


_OF_POST = col(Watch.post_id) == col(Post.id)
_OF_GUILD = col(Guild.id) == col(Watch.guild_id)

# Built once, for these are asked all the time. Who only refers to a post need not wait for whoever
# locks it: PostgreSQL looks at it anew for who changes a watch, or an announcement, of it twice.
_NOW = bindparam("now", type_=UtcDateTime)
_IS_POST = col(Post.id) == bindparam("post", type_=BigInteger)
_WITH_GUILDS = (
    select(Post, Watch.guild_id)
    .outerjoin(Watch, and_(_OF_POST, *is_active()))
    .where(_IS_POST)
    .order_by(col(Watch.guild_id))
)
_WITH_WATCHES = (
    select(Post, Watch, is_held(), exists(select(ForgottenObject.id)))
    .outerjoin(Watch, and_(_OF_POST, *is_told()))
    .where(_IS_POST)
    .order_by(col(Watch.id))
    .with_for_update(of=Post, key_share=True)
)
_POSTS = bindparam("posts", expanding=True, type_=BigInteger)
_SOME = select(Post).where(col(Post.id).in_(_POSTS)).order_by(col(Post.id))
_LOCK_SOME = _SOME.with_for_update(key_share=True)
_posts = table_of(Post)
_FREE = _in_order(select(Post.id).where(col(Post.id).in_(_POSTS)), skip_locked=True)
_COUNTED_AT = update(_posts).where(_posts.c.id.in_(_FREE)).values(probed_at=bindparam("at"))
_AUTHORS = (
    select(Post.author_id, Watch.guild_id, Guild.budget_micro_usd)
    .join(Watch, _OF_POST)
    .outerjoin(Guild, _OF_GUILD)
    .where(col(Post.author_id).is_not(None), *is_active())
    .distinct()
)
_WATCHED_BY = (
    select(func.count(func.distinct(Post.id)))
    .join(Watch, _OF_POST)
    .where(
        col(Post.author_id) == bindparam("author", type_=BigInteger),
        col(Post.id) != bindparam("but", type_=BigInteger),
        *is_active(),
    )
)
_COUNTED: list[Any] = [col(getattr(Post, name)) for name in Watched._fields[:-2]]
_COUNTED.append(case((col(Watch.expires_at) <= _NOW, col(Watch.expires_at))))
_COUNTED += [col(Watch.guild_id), col(Guild.budget_micro_usd)]
_WATCHED = (
    select(*_COUNTED)
    .join(Watch, _OF_POST)
    .outerjoin(Guild, _OF_GUILD)
    .where(*is_active())
    .order_by(col(Post.id), col(Watch.guild_id))
)
