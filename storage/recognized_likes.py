"""What is worth saying of a like: the how manieth of somebody's it is, and whether the first."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam as given
from sqlalchemy import exists, func, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Post, PostLike, Watch


class Standing(NamedTuple):
    """The `nth` like of a user since a moment; `is_earliest`: nobody is stored before them."""

    nth: int
    is_earliest: bool


class RecognizedLikes:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def since(
        self, moment: datetime, guild_id: int, likes: Collection[tuple[int, int]]
    ) -> dict[tuple[int, int], Standing]:
        """Return where these likes, each a post and a user, stand among all that a guild watches.

        What was there when a post was read for the first time came at no known moment, and does
        not count. One statement, however many likes.
        """
        asked = {"moment": moment, "guild": guild_id, "likes": sorted(likes)}
        found = await self._session.exec(_SINCE, params=asked)
        return {
            (post_id, user_id): Standing(nth, bool(is_earliest))
            for post_id, user_id, nth, is_earliest in found
        }


# Built once, for it is asked with everything that is announced by name.
_other, _before = aliased(PostLike), aliased(PostLike)
_came_before = or_(
    col(_other.first_seen_at) < col(PostLike.first_seen_at),
    and_(
        col(_other.first_seen_at) == col(PostLike.first_seen_at),
        col(_other.post_id) <= col(PostLike.post_id),
    ),
)
_is_watched = exists().where(
    col(Watch.post_id) == col(_other.post_id), col(Watch.guild_id) == given("guild")
)
_earlier = exists().where(
    col(_before.post_id) == col(PostLike.post_id),
    col(_before.place) < col(PostLike.place),
)
_SINCE = (
    select(PostLike.post_id, PostLike.user_id, func.count(), ~_earlier.correlate(PostLike))
    .join(_other, and_(col(_other.user_id) == col(PostLike.user_id), _came_before))
    .join(Post, col(Post.id) == col(_other.post_id))
    .where(
        tuple_(col(PostLike.post_id), col(PostLike.user_id)).in_(given("likes", expanding=True)),
        col(_other.first_seen_at) >= given("moment"),
        col(_other.gone_at).is_(None),
        or_(
            col(Post.first_read_at).is_(None),
            col(_other.first_seen_at) > col(Post.first_read_at),
        ),
        _is_watched.correlate(_other),
    )
    .group_by(col(PostLike.post_id), col(PostLike.user_id), col(PostLike.place))
)
