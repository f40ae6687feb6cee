"""What a watch has said stays known when it is deleted, so that it can be taken back."""

from sqlalchemy import ColumnElement
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Announcement, AnnouncementState, Watch


async def outlive(session: AsyncSession, watches: ColumnElement[bool]) -> None:
    """Keep what these watches have said of posts when they are deleted, which is to follow.

    What they have not said yet goes with them.
    """
    guild = select(Watch.guild_id).where(col(Watch.id) == col(Announcement.watch_id))
    await session.exec(
        update(Announcement)
        .where(
            col(Announcement.watch_id).in_(select(Watch.id).where(watches)),
            col(Announcement.state) == AnnouncementState.SENT,
            col(Announcement.post_id).is_not(None),
        )
        .values(watch_id=None, guild_id=guild.scalar_subquery())
        .execution_options(synchronize_session=False)
    )
