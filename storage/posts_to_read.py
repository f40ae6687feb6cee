"""Which posts' likers are to be read: built once, for it is asked whenever there may be likers.

What these statements compare with are their parameters: the moments now, before and soon, a guild.
"""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Integer,
    bindparam,
    exists,
    literal_column,
)
from sqlmodel import and_, col, or_, select
from sqlmodel.sql.expression import Select

from storage.models import Guild, Post, PostKind, PostState, Watch
from storage.one_of import one_of
from storage.told_watches import is_active
from storage.types import UtcDateTime

ToRead = Select[Post, int, int | None]
"""Yields a post, a guild that watches it, and what that guild may spend."""


def _moment(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=UtcDateTime)


_NOW, _BEFORE, _SOON = _moment("now"), _moment("before"), _moment("soon")


def _to_read(*which: ColumnElement[bool]) -> ToRead:
    return (
        select(Post, Watch.guild_id, Guild.budget_micro_usd)
        .join(Watch, col(Watch.post_id) == col(Post.id))
        .outerjoin(Guild, col(Guild.id) == col(Watch.guild_id))
        .where(*is_active(), col(Post.state) == PostState.LIVE, *which)
        .order_by(col(Post.id), col(Watch.guild_id))
    )


# Written as the index `ix_post_pending` is. With a parameter in the place of the 0, a database has
# to find out with each value anew whether that index will do, which takes ten times as long.
_HAS_UNREAD = or_(
    col(Post.collected_at).is_(None),
    col(Post.like_count) > col(Post.collected_count),
    col(Post.held_back_count) > literal_column("0", Integer),
)
# Never read yet, or grown since, or held back by X and to be looked for again.
PENDING = _to_read(
    col(Post.begins_anew).is_(False),
    one_of(col(Post.kind), (PostKind.PENDING, PostKind.NAMES)),
    _HAS_UNREAD,
    or_(col(Post.look_at).is_(None), col(Post.look_at) <= _NOW),
)

_WANTS_UNLIKES = exists().where(
    col(Watch.post_id) == col(Post.id), col(Watch.unlikes).is_(True), *is_active()
)
_NAMED = and_(
    col(Post.kind) == PostKind.NAMES,
    col(Post.collected_at).is_not(None),
    or_(
        and_(
            _WANTS_UNLIKES.correlate(Post),
            or_(col(Post.whole_at).is_(None), col(Post.whole_at) < _BEFORE),
            or_(col(Post.deep_at).is_(None), col(Post.deep_at) < _SOON),
        ),
        and_(
            col(Post.whole_at).is_(None),
            or_(col(Post.deep_at).is_(None), col(Post.deep_at) < _BEFORE),
        ),
    ),
)
_COUNTED = and_(
    one_of(col(Post.kind), (PostKind.COUNTS, PostKind.STALLED)),
    or_(
        col(Post.look_at).is_(None),
        col(Post.look_at) <= _NOW,
        and_(
            # Where likes are private, growth says nothing of whether they still are.
            col(Post.kind) == PostKind.STALLED,
            col(Post.like_count) > col(Post.looked_count),
            col(Post.like_count) * 10 >= col(Post.looked_count) * 11,
        ),
    ),
)
# Where names are shown: those of which somebody wants to know who took their like back, and those
# whose count fell, so that the sum of those who are known does not add up. That can wait until they
# were looked at `before`, or `soon` where a fall is news to somebody. Where none are shown: those
# that may show them again.
TO_LOOK_DEEPER = _to_read(or_(_NAMED, _COUNTED))

# Likes that are counted, and wait to be read by name.
UNREAD = col(Post.like_count) - col(Post.collected_count)
IS_UNREAD = and_(
    col(Post.state) == PostState.LIVE,
    one_of(col(Post.kind), (PostKind.PENDING, PostKind.NAMES)),
    UNREAD > 0,
)
UNREAD_POSTS = _to_read(IS_UNREAD)
_WATCHED_IN_GUILD = select(Watch.post_id).where(
    col(Watch.guild_id) == bindparam("guild", type_=BigInteger), *is_active()
)
UNREAD_OF_GUILD = _to_read(IS_UNREAD, col(Post.id).in_(_WATCHED_IN_GUILD.correlate(None)))
