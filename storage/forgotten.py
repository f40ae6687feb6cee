"""Users and posts of X that are never to be stored or named again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import String, cast, exists
from sqlalchemy import bindparam as given
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import (
    AccountUse,
    AccountWatch,
    Announcement,
    ForgottenKind,
    ForgottenObject,
    Post,
    PostLike,
    Watch,
    XUser,
)
from storage.named_locks import lock_by_name
from storage.one_of import one_of
from storage.upsert import insert_if_missing


class ForgottenList:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, kind: ForgottenKind, x_id: int) -> None:
        """Let nobody else put this on the list, or take it off, before the transaction ends."""
        await lock_by_name(self._session, f"forgotten {kind}:{x_id}")

    async def add(self, kind: ForgottenKind, x_id: int, at: datetime) -> int:
        """Put a user or a post on the list; return the ID of the stand-in for what a user likes."""
        row = {"kind": kind, "x_id": x_id, "at": at}
        await insert_if_missing(self._session, ForgottenObject, row)
        return (await self.stand_ins([x_id], kind))[x_id]

    async def remove(self, kind: ForgottenKind, x_id: int) -> bool:
        """Take a user or a post off the list; say whether it was there."""
        removed = await self._session.exec(
            delete(ForgottenObject).where(
                col(ForgottenObject.kind) == kind, col(ForgottenObject.x_id) == x_id
            )
        )
        return removed.rowcount > 0

    async def stand_ins(
        self, x_ids: Collection[int], kind: ForgottenKind = ForgottenKind.USER
    ) -> dict[int, int]:
        """Return which of these are on the list, and whose ID stands for each."""
        asked = {"kind": kind, "ids": [*set(x_ids)]}
        found = await self._session.exec(_STAND_INS, params=asked) if x_ids else ()
        return {x_id: -row_id for x_id, row_id in found if row_id is not None}

    async def has(self, post_id: int, author_id: int | None) -> bool:
        """Say whether a post, or its author, is on the list."""
        users, posts = await self.listed([] if author_id is None else [author_id], [post_id])
        return bool(users or posts)

    async def listed(
        self, user_ids: Collection[int], post_ids: Collection[int]
    ) -> tuple[frozenset[int], frozenset[int]]:
        """Return which of these users, and which of these posts, are on the list."""
        asked = {"ids": [*{*user_ids, *post_ids}]}
        rows = (await self._session.exec(_LISTED, params=asked)).all() if asked["ids"] else ()
        users = frozenset(x_id for kind, x_id in rows if kind is ForgottenKind.USER)
        posts = frozenset(x_id for kind, x_id in rows if kind is ForgottenKind.POST)
        return users & frozenset(user_ids), posts & frozenset(post_ids)

    async def likes_go_to(self, user_id: int, other_id: int) -> None:
        """Let what one user likes be another's, of whom nothing is known but the ID."""
        nobody = {"id": other_id, "username": "", "name": "", "protected": False}
        await insert_if_missing(self._session, XUser, nobody)
        theirs = select(PostLike.post_id).where(col(PostLike.user_id) == other_id)
        await self._session.exec(
            delete(PostLike).where(
                col(PostLike.user_id) == user_id, col(PostLike.post_id).in_(theirs)
            )
        )
        await self._session.exec(
            update(PostLike).where(col(PostLike.user_id) == user_id).values(user_id=other_id)
        )
        for row in await self.naming(user_id):
            row.liker_ids = [other_id if each == user_id else each for each in row.liker_ids]

    async def naming(self, user_id: int) -> list[Announcement]:
        """Return the announcements of a user's likes, for changing: others may add to them."""
        query = (
            select(Announcement)
            .where(cast(col(Announcement.liker_ids), String).contains(str(user_id)))
            .order_by(col(Announcement.id))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        found = await self._session.exec(query)
        return [row for row in found if user_id in row.liker_ids]

    async def posts_by(self, user_id: int) -> list[int]:
        query = select(Post.id).where(col(Post.author_id) == user_id)
        return list(await self._session.exec(query))

    async def account_watches(self, user_id: int) -> list[AccountWatch]:
        query = select(AccountWatch).where(col(AccountWatch.x_user_id) == user_id)
        return list(await self._session.exec(query))

    async def watches(self, post_id: int) -> list[Watch]:
        return list(await self._session.exec(select(Watch).where(col(Watch.post_id) == post_id)))

    async def uses(self, user_id: int) -> None:
        """Delete what a linked account was used for."""
        await self._session.exec(delete(AccountUse).where(col(AccountUse.x_user_id) == user_id))

    async def stored_again(self, kind: ForgottenKind) -> list[int]:
        """Return what of the list is stored: what was being written when it was put there."""
        stored = col(XUser.id) if kind is ForgottenKind.USER else col(Post.id)
        query = select(ForgottenObject.x_id).where(
            col(ForgottenObject.kind) == kind,
            exists().where(stored == col(ForgottenObject.x_id)),
        )
        return list(await self._session.exec(query))

    async def knows_user(self, user_id: int) -> bool:
        """Say whether a number is a user's, of those who are stored or were forgotten."""
        stand_ins = await self.stand_ins([user_id])
        return bool(stand_ins) or await self._session.get(XUser, user_id) is not None

    async def ids_named(self, username: str) -> list[int]:
        """Return the users who were last seen with a name, whatever its letters' case."""
        like = col(XUser.username).ilike(username.replace("_", r"\_"), escape="\\")
        return list(await self._session.exec(select(XUser.id).where(like, col(XUser.id) > 0)))


# Built once, for they are asked of all that is to be stored or shown.
_STAND_INS = select(ForgottenObject.x_id, ForgottenObject.id).where(
    col(ForgottenObject.kind) == given("kind"),
    col(ForgottenObject.x_id).in_(given("ids", expanding=True)),
)
_LISTED = select(ForgottenObject.kind, ForgottenObject.x_id).where(
    one_of(col(ForgottenObject.kind), ForgottenKind),
    col(ForgottenObject.x_id).in_(given("ids", expanding=True)),
)
