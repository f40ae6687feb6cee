"""Which announcements are due: waiting or left behind, in a channel that no other is sent to."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists
from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.models import (
    Announcement,
    AnnouncementState,
    Guild,
    Post,
    ShutChannel,
    Watch,
)


class Due(NamedTuple):
    """An announcement that is to be sent, its post, and whether its channel is in trouble.

    `watch` tells it, if it is not gone, and `guild` are the settings of its server, if there are
    any.
    """

    row: Announcement
    post: Post | None
    is_in_trouble: bool
    watch: Watch | None = None
    guild: Guild | None = None

    @property
    def guild_id(self) -> int | None:
        """Return whose the watch is that tells it, or told it and is gone."""
        return self.row.guild_id if self.watch is None else self.watch.guild_id


IS_TROUBLED = (
    exists()
    .where(col(ShutChannel.channel_id) == col(Announcement.channel_id))
    .correlate(Announcement)
)


def is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        or_(
            col(Announcement.state) == AnnouncementState.WAITING,
            (col(Announcement.state) == AnnouncementState.CLAIMED)
            & (col(Announcement.claimed_until) <= now),
        ),
        col(Announcement.not_before) <= now,
    )


def busy_channels(now: datetime) -> SelectOfScalar[int]:
    return select(Announcement.channel_id).where(
        or_(
            (col(Announcement.state) == AnnouncementState.CLAIMED)
            & (col(Announcement.claimed_until) > now),
            # One that was begun and put off keeps its place at the head of the channel.
            (col(Announcement.state) == AnnouncementState.WAITING)
            & (col(Announcement.delivery_key).is_not(None))
            & (col(Announcement.not_before) > now),
        )
    )
