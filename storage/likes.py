"""Who likes which post."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Integer, bindparam, func, literal, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from storage.models import PostLike, XUser
from storage.tables import table_of
from storage.upsert import insert_new


class KnownLike(NamedTuple):
    """What is stored of a like, and how many newer ones are stored, as far as it matters."""

    first_seen_at: datetime
    gone_at: datetime | None
    place: int
    newer: int


class AbsentLike(NamedTuple):
    """Somebody who is stored and was not listed; `absent_at`: for the first time, if before."""

    user_id: int
    absent_at: datetime | None
    first_seen_at: datetime

    def is_before(self, moment: datetime) -> bool:
        return self.absent_at is not None and self.absent_at <= moment


class NewLike(NamedTuple):
    """A like to be stored; `doubtful`: it may have come before the watch began.

    X may have said when it was given: then it was `seen_at` that time.
    """

    user_id: int
    place: int
    doubtful: bool = False
    seen_at: datetime | None = None


# Beyond so many newer likes it does not matter how many there are: no page is longer.
_NEWER_COUNTED = 101


def _known() -> SelectOfScalar[Any]:
    """Return the query for what is known of some users: built once, for each reading asks it.

    Its rows have five columns, which the types of a list of them do not tell.
    """
    post_id = bindparam("post", type_=BigInteger)
    other = aliased(PostLike)
    newer = (
        select(literal(1))
        .where(
            col(other.post_id) == post_id,
            col(other.place) > col(PostLike.place),
            col(other.gone_at).is_(None),
        )
        .limit(_NEWER_COUNTED)
        .correlate(PostLike)
        .subquery()
    )
    columns = [
        col(PostLike.user_id),
        col(PostLike.first_seen_at),
        col(PostLike.gone_at),
        col(PostLike.place),
        select(func.count()).select_from(newer).scalar_subquery(),
    ]
    users = bindparam("users", expanding=True, type_=BigInteger)
    return select(*columns).where(
        col(PostLike.post_id) == post_id, col(PostLike.user_id).in_(users)
    )


_KNOWN = _known()
_NEWEST = (
    select(PostLike.first_seen_at)
    .where(col(PostLike.post_id) == bindparam("post"), col(PostLike.gone_at).is_(None))
    .order_by(col(PostLike.place).desc())
    .limit(bindparam("most", type_=Integer))
)
_likes = table_of(PostLike)
_GIVEN_AGAIN = (
    update(_likes)
    .where(_likes.c.post_id == bindparam("post"), _likes.c.user_id == bindparam("user"))
    .values(gone_at=None, place=bindparam("at"))
)


class Likes:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def known(self, post_id: int, user_ids: Collection[int]) -> dict[int, KnownLike]:
        """Return which of these users are known to like the post, or to have liked it.

        Asks for these users alone: the cost does not grow with the likes that are stored.
        """
        given = {"post": post_id, "users": list(set(user_ids))}
        found = await self._session.exec(_KNOWN, params=given)
        return {row[0]: KnownLike(*row[1:]) for row in found}

    async def any_of(self, post_id: int) -> bool:
        """Say whether anybody was ever seen to like the post."""
        query = select(PostLike.user_id).where(col(PostLike.post_id) == post_id).limit(1)
        return (await self._session.exec(query)).first() is not None

    async def present(self, post_id: int) -> int:
        """Return how many likes are stored that were not taken back."""
        query = select(func.count()).where(
            col(PostLike.post_id) == post_id, col(PostLike.gone_at).is_(None)
        )
        return (await self._session.exec(query)).one()

    async def found_since(self, post_id: int, since: datetime, most: int) -> int:
        """Return how many of the `most` newest likes were first seen after that."""
        newest = await self._session.exec(_NEWEST, params={"post": post_id, "most": most})
        return sum(seen_at > since for seen_at in newest)

    async def add(self, post_id: int, likes: Sequence[NewLike], seen_at: datetime) -> list[int]:
        """Store likes; return the users whose like was not stored before, in the given order."""
        rows = [
            {
                "post_id": post_id,
                "user_id": like.user_id,
                "first_seen_at": like.seen_at or seen_at,
                "place": like.place,
                "doubtful": like.doubtful,
            }
            for like in likes
        ]
        return await insert_new(self._session, PostLike, rows, "user_id") if rows else []

    async def given_again(self, post_id: int, places: Mapping[int, int]) -> None:
        """Note that these users like the post again: not new, not gone any more, and at the top."""
        rows = [
            {"post": post_id, "user": user_id, "at": place} for user_id, place in places.items()
        ]
        if rows:
            await self._session.exec(_GIVEN_AGAIN, params=rows)

    async def newest_doubtful(self, post_id: int, number: int) -> list[int]:
        """Return the newest of those who are doubtful, the oldest like first."""
        query = (
            select(PostLike.user_id)
            .where(col(PostLike.post_id) == post_id, col(PostLike.doubtful).is_(True))
            .order_by(col(PostLike.place).desc())
            .limit(number)
        )
        return list(await self._session.exec(query))[::-1]

    async def settle(self, post_id: int) -> None:
        """Doubt nobody any more."""
        await self._session.exec(
            update(PostLike)
            .where(col(PostLike.post_id) == post_id, col(PostLike.doubtful).is_(True))
            .values(doubtful=False)
        )

    async def settle_some(self, post_id: int, user_ids: Collection[int]) -> set[int]:
        """Doubt these no more; return which of them were doubtful."""
        if not user_ids:
            return set()
        settled = await self._session.exec(
            update(PostLike)
            .where(
                col(PostLike.post_id) == post_id,
                col(PostLike.user_id).in_(set(user_ids)),
                col(PostLike.doubtful).is_(True),
            )
            .values(doubtful=False)
            .returning(col(PostLike.user_id))
            .execution_options(synchronize_session=False)
        )
        return set(settled.scalars())

    async def absent(
        self, post_id: int, present: Collection[int], between: tuple[int, int]
    ) -> list[AbsentLike]:
        """Return those stored at these places who are not among the `present`."""
        query = select(PostLike.user_id, PostLike.absent_at, PostLike.first_seen_at).where(
            col(PostLike.post_id) == post_id,
            col(PostLike.place).between(*between),
            col(PostLike.user_id).not_in(set(present)),
            col(PostLike.gone_at).is_(None),
        )
        found = await self._session.exec(query.order_by(col(PostLike.user_id)))
        return [AbsentLike(*row) for row in found]

    async def mark_absent(self, post_id: int, user_ids: Collection[int], at: datetime) -> None:
        """Note who was not listed, unless that was noted before; all others were."""
        mine = col(PostLike.post_id) == post_id
        await self._session.exec(
            update(PostLike)
            .where(
                mine,
                col(PostLike.absent_at).is_not(None),
                col(PostLike.user_id).not_in(set(user_ids)),
            )
            .values(absent_at=None)
        )
        if user_ids:
            await self._session.exec(
                update(PostLike)
                .where(
                    mine,
                    col(PostLike.absent_at).is_(None),
                    col(PostLike.user_id).in_(set(user_ids)),
                )
                .values(absent_at=at)
            )

    async def mark_gone(self, post_id: int, user_ids: Collection[int], at: datetime) -> None:
        """Note that these took their likes back."""
        await self._session.exec(
            update(PostLike)
            .where(col(PostLike.post_id) == post_id, col(PostLike.user_id).in_(set(user_ids)))
            .values(gone_at=at)
        )

    async def listed(
        self, post_id: int | None, after: tuple[int, int], limit: int
    ) -> list[tuple[PostLike, XUser]]:
        """Return stored likes with their users, by post and user, behind `after`."""
        query = (
            select(PostLike, XUser)
            .join(XUser, col(XUser.id) == col(PostLike.user_id))
            .where(tuple_(col(PostLike.post_id), col(PostLike.user_id)) > after)
            .order_by(col(PostLike.post_id), col(PostLike.user_id))
            .limit(limit)
        )
        if post_id is not None:
            query = query.where(col(PostLike.post_id) == post_id)
        return [(like, user) for like, user in await self._session.exec(query)]
