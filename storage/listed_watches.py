"""A guild's watches with all that is shown of them: a statement for posts, one for accounts."""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, exists, func
from sqlalchemy import bindparam as given
from sqlmodel import and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.announced_likes import COUNTED, NAMED
from storage.guilds import IS_HOME
from storage.models import (
    AccountConsent,
    AccountWatch,
    Announcement,
    AnnouncementState,
    Guild,
    Post,
    ShutChannel,
    Watch,
    XAccount,
    XUser,
)


class ListedWatch(NamedTuple):
    """A watch of a post; how many likes it `announced`, and how many announcements are set aside.

    `shut` is why its channel is, if it is. Whether the guild `is_home`, and whether the author has
    linked their account, agreed that it serves the guild, and X accepts it no more. Whether the
    guild watches accounts, too, is `beside_accounts`.
    """

    watch: Watch
    post: Post
    author: XUser | None
    shut: str | None
    announced: int
    set_aside: int
    is_home: bool
    is_linked: bool
    has_agreed: bool
    is_refused: bool
    beside_accounts: bool


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
    query = _WATCHES if watch_ids is None else _SOME_WATCHES
    asked = {"guild": guild_id, "ids": watch_ids}
    return [ListedWatch(*row) for row in await session.exec(query, params=asked)]


async def listed_accounts(
    session: AsyncSession, guild_id: int, watch_ids: Collection[int] | None = None
) -> list[ListedAccount]:
    """Return a guild's watches of accounts, or some of them, the newest first."""
    query = _ACCOUNTS if watch_ids is None else _SOME_ACCOUNTS
    asked = {"guild": guild_id, "ids": watch_ids}
    return [ListedAccount(*row) for row in await session.exec(query, params=asked)]


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
    exists().where(col(Guild.id) == _GUILD, IS_HOME),
    col(XAccount.x_user_id).is_not(None),
    col(AccountConsent.guild_id).is_not(None),
    col(XAccount.revoked_at).is_not(None),
    exists().where(col(AccountWatch.guild_id) == _GUILD),
)
_WATCHES = (
    select(*_SHOWN)
    .join(Post, col(Post.id) == col(Watch.post_id))
    .outerjoin(XUser, col(XUser.id) == col(Post.author_id))
    .outerjoin(ShutChannel, col(ShutChannel.channel_id) == col(Watch.channel_id))
    .outerjoin(
        XAccount,
        and_(col(XAccount.x_user_id) == col(Post.author_id), col(XAccount.owner_id).is_not(None)),
    )
    .outerjoin(
        AccountConsent,
        and_(
            col(AccountConsent.x_user_id) == col(XAccount.x_user_id),
            col(AccountConsent.guild_id) == _GUILD,
        ),
    )
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
_IDS = given("ids", expanding=True, type_=BigInteger)
_SOME_WATCHES = _WATCHES.where(col(Watch.id).in_(_IDS))
_SOME_ACCOUNTS = _ACCOUNTS.where(col(AccountWatch.id).in_(_IDS))
