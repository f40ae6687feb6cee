"""A guild's watches with all that is shown of them: a statement for posts, one for accounts."""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, func
from sqlalchemy import bindparam as given
from sqlmodel import and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.announced_likes import COUNTED, NAMED
from storage.models import (
    AccountWatch,
    Announcement,
    AnnouncementState,
    Post,
    ShutChannel,
    Watch,
    XUser,
)


class ListedWatch(NamedTuple):
    """A watch of a post; how many likes it `announced`, and how many announcements are set aside.

    `shut` is why its channel is, if it is.
    """

    watch: Watch
    post: Post
    author: XUser | None
    shut: str | None
    announced: int
    set_aside: int


class ListedAccount(NamedTuple):
    """A watch of an account, and how many of its posts are watched now."""

    watch: AccountWatch
    user: XUser
    shut: str | None
    posts: int


async def listed_watches(
    session: AsyncSession, guild_id: int, watch_ids: Collection[int] | None = None
) -> list[ListedWatch]:
    """Return a guild's watches that have not ended, or some of them, the newest first."""
    query = _WATCHES if watch_ids is None else _WATCHES.where(col(Watch.id).in_(watch_ids))
    return [ListedWatch(*row) for row in await session.exec(query, params={"guild": guild_id})]


async def listed_accounts(
    session: AsyncSession, guild_id: int, watch_ids: Collection[int] | None = None
) -> list[ListedAccount]:
    """Return a guild's watches of accounts, or some of them, the newest first."""
    query = _ACCOUNTS if watch_ids is None else _ACCOUNTS.where(col(AccountWatch.id).in_(watch_ids))
    return [ListedAccount(*row) for row in await session.exec(query, params={"guild": guild_id})]


_GUILD = given("guild", type_=BigInteger)
_OF_WATCH = col(Announcement.watch_id) == col(Watch.id)
_IS = col(Announcement.state)
_SHOWN: tuple[Any, ...] = (
    Watch,
    Post,
    XUser,
    ShutChannel.trouble,
    select(func.coalesce(func.sum(NAMED + COUNTED), 0))
    .where(_OF_WATCH, _IS == AnnouncementState.SENT)
    .scalar_subquery(),
    select(func.count())
    .select_from(Announcement)
    .where(_OF_WATCH, _IS == AnnouncementState.SET_ASIDE)
    .scalar_subquery(),
)
_WATCHES = (
    select(*_SHOWN)
    .join(Post, col(Post.id) == col(Watch.post_id))
    .outerjoin(XUser, col(XUser.id) == col(Post.author_id))
    .outerjoin(ShutChannel, col(ShutChannel.channel_id) == col(Watch.channel_id))
    .where(col(Watch.guild_id) == _GUILD, col(Watch.ended_at).is_(None))
    .order_by(col(Watch.id).desc())
)
_ACCOUNTS = (
    select(
        AccountWatch,
        XUser,
        ShutChannel.trouble,
        select(func.count())
        .select_from(Watch)
        .where(
            and_(col(Watch.account_watch_id) == col(AccountWatch.id), col(Watch.ended_at).is_(None))
        )
        .scalar_subquery(),
    )
    .join(XUser, col(XUser.id) == col(AccountWatch.x_user_id))
    .outerjoin(ShutChannel, col(ShutChannel.channel_id) == col(AccountWatch.channel_id))
    .where(col(AccountWatch.guild_id) == _GUILD)
    .order_by(col(AccountWatch.id).desc())
)
