"""What a watch has said stays known when it is deleted, so that it can be taken back."""

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Announcement, AnnouncementState, Watch

KEPT = ("template", "only_verified", "least_followers", "goal")
"""What a watch told in which way; a message that is retold is told in the same."""

_HAS_WISHES = or_(
    col(Watch.template).is_not(None),
    col(Watch.only_verified),
    col(Watch.least_followers) > 0,
    col(Watch.goal).is_not(None),
)
_IS_KEPT = (
    col(Announcement.state) == AnnouncementState.SENT,
    col(Announcement.post_id).is_not(None),
)


async def outlive(session: AsyncSession, watches: ColumnElement[bool]) -> None:
    """Keep what these watches have said of posts when they are deleted, which is to follow.

    What they have not said yet goes with them.
    """
    for watch in await session.exec(select(Watch).where(watches, _HAS_WISHES)):
        await session.exec(
            update(Announcement)
            .where(col(Announcement.watch_id) == watch.id, *_IS_KEPT)
            .values(watch_was={name: getattr(watch, name) for name in KEPT})
            .execution_options(synchronize_session=False)
        )
    guild = select(Watch.guild_id).where(col(Watch.id) == col(Announcement.watch_id))
    await session.exec(
        update(Announcement)
        .where(
            col(Announcement.watch_id).in_(select(Watch.id).where(watches)),
            *_IS_KEPT,
        )
        .values(watch_id=None, guild_id=guild.scalar_subquery())
        .execution_options(synchronize_session=False)
    )
