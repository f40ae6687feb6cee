"""What was told of likes in a guild, over time."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Announcement, AnnouncementKind, Watch

_OF_LIKES = (AnnouncementKind.LIKES, AnnouncementKind.GROWTH, AnnouncementKind.LEFT)


class ToldLike(NamedTuple):
    """An announcement: `likes` is how many the post had then, `change` how many came or went.

    `user_ids` are who liked it, where that was told by name.
    """

    post_id: int
    at: datetime
    likes: int
    change: int
    user_ids: list[int]


class ToldLikes:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_guild(
        self, guild_id: int, since: datetime, post_ids: Collection[int] | None = None
    ) -> list[ToldLike]:
        """Return what was told since then, of these posts or of all, in its order.

        A post that is watched in several channels is told of in each: the first watch counts.
        """
        query = (
            select(Announcement, Watch.id)
            .join(Watch, col(Announcement.watch_id) == col(Watch.id))
            .where(
                col(Watch.guild_id) == guild_id,
                col(Announcement.kind).in_(_OF_LIKES),
                col(Announcement.created_at) >= since,
            )
            .order_by(col(Announcement.id))
        )
        if post_ids is not None:
            query = query.where(col(Watch.post_id).in_(set(post_ids)))
        told, watch_of = [], dict[int, int | None]()
        for row, watch_id in await self._session.exec(query):
            if row.post_id is not None and watch_of.setdefault(row.post_id, watch_id) == watch_id:
                told.append(_told(row, row.post_id))
        return told


def _told(row: Announcement, post_id: int) -> ToldLike:
    if row.kind is AnnouncementKind.GROWTH:
        return ToldLike(post_id, row.created_at, row.to_count, row.to_count - row.from_count, [])
    if row.kind is AnnouncementKind.LEFT:
        return ToldLike(post_id, row.created_at, row.to_count, -row.liker_count, [])
    return ToldLike(post_id, row.created_at, row.to_count, row.liker_count, row.liker_ids)
