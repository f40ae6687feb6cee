"""How much is stored and how much waits, for whoever watches the bot from outside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.announcements import OPEN
from storage.models import Announcement, PostLike, ShutChannel, Watch


@dataclass(frozen=True, slots=True)
class Figures:
    """Likes that are stored, announcements that wait (since when at the longest), and troubles."""

    likes: int
    waiting: int
    waiting_since: datetime | None
    watches_in_trouble: Mapping[str, int]


async def read_figures(session: AsyncSession) -> Figures:
    likes = (await session.exec(select(func.count()).select_from(PostLike))).one()
    waiting, since = (
        await session.exec(
            select(func.count(), func.min(Announcement.created_at)).where(
                col(Announcement.state).in_(OPEN)
            )
        )
    ).one()
    troubles = await session.exec(
        select(ShutChannel.trouble, func.count())
        .join(Watch, col(Watch.channel_id) == col(ShutChannel.channel_id))
        .where(col(Watch.ended_at).is_(None))
        .group_by(ShutChannel.trouble)
    )
    return Figures(likes, waiting, since, {str(kind): number for kind, number in troubles})
