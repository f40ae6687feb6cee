"""Which announcements are due: waiting or left behind, in a channel that no other is sent to.

What is asked with every message is built once.
"""

from functools import cache
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Integer, exists, func, literal
from sqlalchemy import bindparam as given
from sqlmodel import col, or_, select
from sqlmodel.sql.expression import Select

from storage.models import (
    Announcement,
    AnnouncementState,
    Guild,
    Post,
    ShutChannel,
    Watch,
)
from storage.types import UtcDateTime


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


DueQuery: TypeAlias = Select[Announcement, Post, bool, Watch, Guild]
_IS_TROUBLED = (
    exists()
    .where(col(ShutChannel.channel_id) == col(Announcement.channel_id))
    .correlate(Announcement)
)


_NOW, _LIMIT = given("now", type_=UtcDateTime), given("limit", type_=Integer)
_IS_DUE = (
    or_(
        col(Announcement.state) == AnnouncementState.WAITING,
        (col(Announcement.state) == AnnouncementState.CLAIMED)
        & (col(Announcement.claimed_until) <= _NOW),
    ),
    col(Announcement.not_before) <= _NOW,
)
_IS_FREE = col(Announcement.channel_id).not_in(
    select(Announcement.channel_id).where(
        or_(
            (col(Announcement.state) == AnnouncementState.CLAIMED)
            & (col(Announcement.claimed_until) > _NOW),
            # One that was begun and put off keeps its place at the head of the channel.
            (col(Announcement.state) == AnnouncementState.WAITING)
            & (col(Announcement.delivery_key).is_not(None))
            & (col(Announcement.not_before) > _NOW),
        )
    )
)


@cache
def channels_due(dialect: str) -> Select[int, bool]:
    """Return the query for at most `limit` channels that are due `now`, and which are ours."""
    first = func.min(Announcement.id).label("first")
    due = (
        select(Announcement.channel_id, first)
        .where(*_IS_DUE, _IS_FREE)
        .group_by(col(Announcement.channel_id))
        .order_by(first)
        .limit(_LIMIT)
        .subquery()
    )
    # Outside of the subquery, so that no channel is locked but those that are returned.
    return select(due.c.channel_id, _is_locked(due.c.channel_id, dialect)).order_by(due.c.first)


def _is_locked(channel_id: ColumnElement[int], dialect: str) -> ColumnElement[bool]:
    if dialect != "postgresql":
        return literal(value=True)
    name = func.hashtextextended(func.concat("channel:", channel_id), 0)
    return func.pg_try_advisory_xact_lock(name)


def _with_posts(*which: ColumnElement[bool]) -> DueQuery:
    """Return the query for what a `Due` is made of, oldest first."""
    columns: list[Any] = [Announcement, Post, _IS_TROUBLED, Watch, Guild]
    query: DueQuery = (
        select(*columns)
        .outerjoin(Post, col(Post.id) == col(Announcement.post_id))
        .outerjoin(Watch, col(Watch.id) == col(Announcement.watch_id))
        .outerjoin(Guild, col(Guild.id) == col(Watch.guild_id))
        .where(*which)
        .order_by(col(Announcement.id))
    )
    return query


_OF_KEY = col(Announcement.delivery_key) == given("key")
DUE = (
    _with_posts(col(Announcement.channel_id) == given("channel"), *_IS_DUE, _IS_FREE)
    .limit(_LIMIT)
    .with_for_update(of=Announcement)
)
"""What of a `channel` is due `now`."""
OF_DELIVERY = _with_posts(_OF_KEY)
LOCK_DELIVERY = OF_DELIVERY.with_for_update(of=Announcement)
LOCK_CARD = _with_posts(
    _OF_KEY, col(Announcement.state) != AnnouncementState.SET_ASIDE
).with_for_update(of=Announcement)
TOLD_IN = _with_posts(
    _OF_KEY,
    col(Announcement.post_id) == given("post"),
    col(Announcement.kind) == given("kind"),
    col(Watch.guild_id) == given("guild"),
)
