"""What is worth saying of a like: the how manieth of somebody's it is, and whether the first."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

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
        other, before = aliased(PostLike), aliased(PostLike)
        came_before = or_(
            col(other.first_seen_at) < col(PostLike.first_seen_at),
            and_(
                col(other.first_seen_at) == col(PostLike.first_seen_at),
                col(other.post_id) <= col(PostLike.post_id),
            ),
        )
        is_watched = exists().where(
            col(Watch.post_id) == col(other.post_id), col(Watch.guild_id) == guild_id
        )
        earlier = exists().where(
            col(before.post_id) == col(PostLike.post_id),
            col(before.place) < col(PostLike.place),
        )
        query = (
            select(
                PostLike.post_id,
                PostLike.user_id,
                func.count(),
                ~earlier.correlate(PostLike),
            )
            .join(other, and_(col(other.user_id) == col(PostLike.user_id), came_before))
            .join(Post, col(Post.id) == col(other.post_id))
            .where(
                tuple_(col(PostLike.post_id), col(PostLike.user_id)).in_(sorted(likes)),
                col(other.first_seen_at) >= moment,
                col(other.gone_at).is_(None),
                or_(
                    col(Post.first_read_at).is_(None),
                    col(other.first_seen_at) > col(Post.first_read_at),
                ),
                is_watched.correlate(other),
            )
            .group_by(col(PostLike.post_id), col(PostLike.user_id), col(PostLike.place))
        )
        found = await self._session.exec(query)
        return {
            (post_id, user_id): Standing(nth, bool(is_earliest))
            for post_id, user_id, nth, is_earliest in found
        }
