"""Who likes which post."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import tuple_
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import PostLike, XUser
from storage.upsert import insert_new


class KnownLike(NamedTuple):
    """Since when we know of a like, and when it was found to be taken back."""

    first_seen_at: datetime
    gone_at: datetime | None


class Likes:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def known(self, post_id: int, user_ids: Collection[int]) -> dict[int, KnownLike]:
        """Return which of these users are known to like the post, or to have liked it.

        Asks for these users alone: the cost does not grow with the likes that are stored.
        """
        query = select(PostLike.user_id, PostLike.first_seen_at, PostLike.gone_at).where(
            col(PostLike.post_id) == post_id, col(PostLike.user_id).in_(set(user_ids))
        )
        found = await self._session.exec(query)
        return {user_id: KnownLike(seen_at, gone_at) for user_id, seen_at, gone_at in found}

    async def any_of(self, post_id: int) -> bool:
        """Say whether anybody was ever seen to like the post."""
        query = select(PostLike.user_id).where(col(PostLike.post_id) == post_id).limit(1)
        return (await self._session.exec(query)).first() is not None

    async def add(
        self,
        post_id: int,
        user_ids: Sequence[int],
        seen_at: datetime,
        known: Mapping[int, KnownLike],
    ) -> list[int]:
        """Store likes; return the users whose like was not stored before, in the given order.

        Somebody who took a like back and likes again is not new, and is not gone any more: who
        that can be is among the `known`.
        """
        rows = [
            {"post_id": post_id, "user_id": user_id, "first_seen_at": seen_at}
            for user_id in user_ids
        ]
        new = await insert_new(self._session, PostLike, rows, "user_id") if rows else []
        back = {user_id for user_id in user_ids if user_id in known and known[user_id].gone_at}
        if back:
            await self._session.exec(
                update(PostLike)
                .where(col(PostLike.post_id) == post_id, col(PostLike.user_id).in_(back))
                .values(gone_at=None)
            )
        return new

    async def mark_gone(self, post_id: int, present: Collection[int], at: datetime) -> list[int]:
        """Mark the likers that a whole reading did not show any more, and return them."""
        result = await self._session.exec(
            update(PostLike)
            .where(
                col(PostLike.post_id) == post_id,
                col(PostLike.user_id).not_in(set(present)),
                col(PostLike.gone_at).is_(None),
            )
            .values(gone_at=at)
            .returning(col(PostLike.user_id))
        )
        return sorted(result.scalars())

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
