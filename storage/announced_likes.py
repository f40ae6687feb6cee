"""How many likes announcements tell of."""

from datetime import datetime

from sqlalchemy import case, func
from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.announcements import OPEN
from storage.models import (
    AccountWatch,
    Announcement,
    AnnouncementKind,
    AnnouncementState,
    Watch,
)

# How many likes a row tells of by name, and how many as growth; of any other kind it is none.
NAMED = case(
    (col(Announcement.kind) == AnnouncementKind.LIKES, col(Announcement.liker_count)), else_=0
)
COUNTED = case(
    (
        and_(
            col(Announcement.kind) == AnnouncementKind.GROWTH,
            col(Announcement.to_count) > col(Announcement.from_count),
        ),
        col(Announcement.to_count) - col(Announcement.from_count),
    ),
    else_=0,
)


class AnnouncedLikes:
    """What a guild was told, and what it is still to be told, in numbers."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def waiting(self, guild_id: int) -> int:
        query = (
            select(func.count())
            .select_from(Announcement)
            .outerjoin(Watch, col(Watch.id) == col(Announcement.watch_id))
            .outerjoin(AccountWatch, col(AccountWatch.id) == col(Announcement.account_watch_id))
            .where(
                or_(col(Watch.guild_id) == guild_id, col(AccountWatch.guild_id) == guild_id),
                col(Announcement.state).in_(OPEN),
            )
        )
        return (await self._session.exec(query)).one()

    async def set_aside(self, guild_id: int) -> dict[int, int]:
        """Return how many announcements of each of a guild's watches Discord refused for good."""
        query = (
            select(Announcement.watch_id, func.count())
            .join(Watch, col(Watch.id) == col(Announcement.watch_id))
            .where(
                col(Watch.guild_id) == guild_id,
                col(Announcement.state) == AnnouncementState.SET_ASIDE,
            )
            .group_by(col(Announcement.watch_id))
        )
        found = await self._session.exec(query)
        return {watch_id: count for watch_id, count in found if watch_id is not None}

    async def likes_announced(self, guild_id: int, since: datetime) -> int:
        """Return how many likes a guild was told of, by name or as growth."""
        query = (
            select(func.coalesce(func.sum(NAMED + COUNTED), 0))
            .join(Watch, col(Watch.id) == col(Announcement.watch_id))
            .where(col(Watch.guild_id) == guild_id, col(Announcement.sent_at) >= since)
        )
        return int((await self._session.exec(query)).one())
