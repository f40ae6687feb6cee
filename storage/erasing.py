"""Deleting what is to go: little at a time, so that nobody waits for it."""

import asyncio
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Update, exists
from sqlalchemy import bindparam as given
from sqlmodel import col, delete, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import (
    AccountWatch,
    ActionLog,
    Announcement,
    AnnouncementKind,
    Post,
    PostLike,
    PostState,
    Watch,
    XUser,
)
from storage.tables import table_of

# SQLite gives its lock to nobody in particular: who waits for it looks every now and then.
_TURN_S = 0.02


async def let_others_write() -> None:
    """Leave a moment between two transactions of many, so that others get their turn."""
    await asyncio.sleep(_TURN_S)


class Erasing:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def not_shown_since(self, before: datetime, limit: int) -> list[int]:
        """Return posts of which something is stored though X has not shown them since `before`."""
        query = (
            select(Post.id)
            .where(
                col(Post.state) != PostState.LIVE,
                or_(
                    col(Post.erased_at).is_(None) & (col(Post.missing_since) <= before),
                    col(Post.erased_at).is_not(None) & _HAS_LIKERS,
                ),
            )
            .order_by(col(Post.id))
            .limit(limit)
        )
        return list(await self._session.exec(query))

    async def lock_not_shown(self, post_id: int) -> Post | None:
        """Return a post for changing, unless X shows it again."""
        post = await self._session.get(Post, post_id, with_for_update={"key_share": True})
        return None if post is None or post.state is PostState.LIVE else post

    async def note_watched(self, now: datetime) -> None:
        """Note since when nobody watches which posts."""
        for noting, since in ((_WATCHED_AGAIN, None), (_UNWATCHED, now)):
            await self._session.exec(noting, params={"since": since})

    async def unwatched_since(self, before: datetime, limit: int) -> list[int]:
        query = select(Post.id).where(col(Post.unwatched_since) <= before).order_by(col(Post.id))
        return list(await self._session.exec(query.limit(limit)))

    async def lock_unwatched(self, post_id: int) -> Post | None:
        """Return a post for deleting, unless somebody watches it: begun watches lock it, too."""
        query = select(Post).where(col(Post.id) == post_id, ~_IS_WATCHED).with_for_update()
        post = (await self._session.exec(query)).one_or_none()
        # A watch may have been begun while this waited for the lock.
        watches = select(Watch.id).where(col(Watch.post_id) == post_id).limit(1)
        is_watched = (await self._session.exec(watches)).first() is not None
        return None if is_watched else post

    async def some_likers(self, post_id: int, limit: int) -> int:
        """Delete some of a post's likes, and the users nobody needs any more; return how many."""
        query = select(PostLike.user_id).where(col(PostLike.post_id) == post_id).limit(limit)
        user_ids = list(await self._session.exec(query))
        if user_ids:
            await self._session.exec(
                delete(PostLike).where(
                    col(PostLike.post_id) == post_id, col(PostLike.user_id).in_(user_ids)
                )
            )
            await self.users(user_ids)
        return len(user_ids)

    async def announcements(self, post_id: int) -> None:
        """Delete what was said of a post."""
        await self._session.exec(delete(Announcement).where(col(Announcement.post_id) == post_id))

    async def nameless(self, post_id: int) -> None:
        """Leave of what was, or is to be, said of a post how many likes that is, and not whose.

        Of its appearance, what it looked like goes.
        """
        await self._session.exec(
            update(Announcement).where(col(Announcement.post_id) == post_id).values(liker_ids=[])
        )

        await self._session.exec(
            update(Announcement)
            .where(
                col(Announcement.post_id) == post_id,
                col(Announcement.kind) == AnnouncementKind.POST,
            )
            .values(facts=None)
        )

    async def post(self, post: Post) -> None:
        """Delete a post that has no likers, watches and announcements any more."""
        await self._session.delete(post)
        await self._session.flush()
        if post.author_id is not None:
            await self.users([post.author_id])

    async def actions_on(self, post_id: int) -> None:
        """Delete who liked a post by the bot."""
        await self._session.exec(delete(ActionLog).where(col(ActionLog.post_id) == post_id))

    async def unneeded_users(self, after: int, limit: int) -> list[int]:
        """Return users whom nothing refers to, by their IDs, behind one; stand-ins stay."""
        query = select(XUser.id).where(col(XUser.id) > max(after, 0), *_UNNEEDED)
        return list(await self._session.exec(query.order_by(col(XUser.id)).limit(limit)))

    async def users(self, user_ids: Collection[int]) -> None:
        """Delete those of these users whom nothing refers to; one that is being stored stays."""
        free = select(XUser.id).where(
            col(XUser.id).in_(set(user_ids)), col(XUser.id) > 0, *_UNNEEDED
        )
        ids = list(await self._session.exec(free.with_for_update(skip_locked=True)))
        if ids:
            await self._session.exec(delete(XUser).where(col(XUser.id).in_(ids), *_UNNEEDED))


_posts, _watches = table_of(Post), table_of(Watch)
_has_watches = exists().where(_watches.c.post_id == _posts.c.id).correlate(_posts)
_is_noted = _posts.c.unwatched_since.is_not(None)


def _noting(which: ColumnElement[bool]) -> Update:
    """Return what notes it of posts; of those that somebody is just changing, the next time."""
    free = select(_posts.c.id).where(which).with_for_update(key_share=True, skip_locked=True)
    noting = update(_posts).where(_posts.c.id.in_(free.correlate(None)))
    return noting.values(unwatched_since=given("since"))


# Built once, for they are asked in every round of deleting.
_WATCHED_AGAIN = _noting(_is_noted & _has_watches)
_UNWATCHED = _noting(~_is_noted & ~_has_watches)

_IS_WATCHED = exists().where(col(Watch.post_id) == col(Post.id)).correlate(Post)
_HAS_LIKERS = exists().where(col(PostLike.post_id) == col(Post.id)).correlate(Post)
_UNNEEDED: tuple[ColumnElement[bool], ...] = tuple(
    ~exists().where(refers == col(XUser.id)).correlate(XUser)
    for refers in (col(PostLike.user_id), col(Post.author_id), col(AccountWatch.x_user_id))
)
