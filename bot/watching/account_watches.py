"""Watching the new posts of X accounts for a guild: add, list, remove."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.which_account import Access
from bot.domain import (
    AccountForecast,
    AccountWatch,
    AccountWatchAdded,
    AccountWatchQuestion,
    AccountWatchRequest,
    User,
    WatchChoice,
)
from bot.domain.errors import AskedNotToBeShown, UnknownWatch
from bot.watching.cost_forecast import WatchTerms
from bot.watching.default_channel import channel_of
from bot.watching.foretell import ask_above, asks_first, foretell_account
from bot.watching.own_posts import is_counted_as_own, own_posts_watched
from bot.watching.removed import RemovedJustNow
from bot.watching.stored_values import (
    account_trouble,
    mention_of,
    post_filter,
    still_there,
    user_row,
    user_value,
)
from bot.watching.watch_limits import WatchLimits
from bot.x.post_ref import parse_username
from bot.x.prices import Bill, Prices
from bot.x.snowflake import first_id_at
from storage import models
from storage.account_watches import AccountWatches
from storage.database import Database
from storage.forgotten import ForgottenList
from storage.guilds import Guilds
from storage.listed_watches import listed_accounts
from storage.posts import Posts
from storage.removed_watches import RemovedWatches
from storage.shut_channels import ShutChannels
from storage.users import Users
from storage.watches import Watches


@dataclass(frozen=True, slots=True)
class _Known:
    """What is stored of an account: whether it is watched there, and what its posts are like.

    `own_watched` is how many posts of the bot's account are watched.
    """

    is_watched_there: bool
    by_name: bool
    likes_each: float | None
    own_watched: int


class AccountWatchService:
    def __init__(
        self,
        database: Database,
        access: Access,
        prices: Prices,
        now: Callable[[], datetime],
        limits: WatchLimits | None = None,
    ) -> None:
        self._database = database
        self._access = access
        self._prices = prices
        self._now = now
        self._limits = limits or WatchLimits()
        self._removed = RemovedJustNow(database, now)

    async def add_or_ask(
        self, request: AccountWatchRequest
    ) -> AccountWatchAdded | AccountWatchQuestion:
        """Watch an account as `add` does, unless that is so dear that it must be asked about."""
        return await self._add(request, sure=False)

    async def add(self, request: AccountWatchRequest) -> AccountWatchAdded:
        """Watch the posts that an account makes from now on, each for so many days.

        Raise PostsOfUserNotShown when X hides them. A channel that watches the account already
        takes over what is asked for now.
        """
        added = await self._add(request, sure=True)
        if isinstance(added, AccountWatchQuestion):
            raise TypeError("a sure request is not asked about")
        return added

    async def _add(
        self, request: AccountWatchRequest, *, sure: bool
    ) -> AccountWatchAdded | AccountWatchQuestion:
        async with self._database.reading() as session:
            guild = await Guilds(session).get(request.guild_id)
            channel_id = channel_of(guild, request.channel_id)
        user, since_id = await self._look(request)
        known = await self._know(request.guild_id, channel_id, user)
        forecast, above = self._foretell(request, user, known), ask_above(guild)
        placed = replace(request, channel_id=channel_id, ref=parse_username(request.ref))
        if not sure and not known.is_watched_there and asks_first(forecast.usd, above):
            return AccountWatchQuestion(placed, user, forecast, above)
        row = await self._store(placed, channel_id, user, since_id)
        return AccountWatchAdded(
            _value(row, user, 0), forecast, known.by_name, already_there=known.is_watched_there
        )

    async def _look(self, request: AccountWatchRequest) -> tuple[User, int]:
        """Return who it is, and an ID that no post goes beyond that is there already.

        Raise PostsOfUserNotShown where X hides them; that it shows them costs nothing.
        """
        bill = Bill("/watch account", guild_id=request.guild_id)
        x = await self._access.public(request.guild_id)
        user = await x.user_by_username(parse_username(request.ref), bill)
        newest_id = self._newest_id(user)
        page = await x.posts_since(user.id, newest_id, replies=False, reposts=False, bill=bill)
        # Where X has not told its time, ours may be behind: what is shown was there before.
        is_sure = x.time.now() is not None
        return user, max([newest_id, *(() if is_sure else (post.id for post in page.posts))])

    async def _know(self, guild_id: int, channel_id: int, user: User) -> _Known:
        async with self._database.reading() as session:
            is_watched_there = await AccountWatches(session).find(channel_id, user.id) is not None
            if not is_watched_there:
                await self._limits.require_room_for_account(session, guild_id)
            return _Known(
                is_watched_there=is_watched_there,
                by_name=user.id in await self._access.authors(session, guild_id),
                likes_each=await Posts(session).likes_each(user.id),
                own_watched=await own_posts_watched(session, self._access),
            )

    def _foretell(self, request: AccountWatchRequest, user: User, known: _Known) -> AccountForecast:
        own = is_counted_as_own(self._access, user.id)
        terms = WatchTerms(
            days=request.days,
            names=known.by_name,
            own_watched=known.own_watched if own else None,
            pushed=self._access.pushes(user.id),
        )
        return foretell_account(user, self._prices, self._now(), terms, known.likes_each)

    async def _store(
        self, request: AccountWatchRequest, channel_id: int, user: User, since_id: int
    ) -> models.AccountWatch:
        async with self._database.transaction() as session:
            await Watches(session).lock_of(request.guild_id)
            if await ForgottenList(session).stand_ins([user.id]):
                raise AskedNotToBeShown
            # Whoever chose the channel was told if it were shut. It changes posts: before a user.
            await ShutChannels(session).reopen([channel_id], self._now())
            await Users(session).save([user_row(user)])
            watches = AccountWatches(session)
            known = await watches.find(channel_id, user.id)
            if known is None:
                await self._limits.require_room_for_account(session, request.guild_id)
            row = known or models.AccountWatch(
                guild_id=request.guild_id,
                channel_id=channel_id,
                x_user_id=user.id,
                username=user.username,
                since_id=since_id,
                created_by=request.by,
                created_at=self._now(),
            )
            row.username = user.username
            row.days, row.replies, row.reposts = request.days, request.replies, request.reposts
            row.resting_since = None
            await watches.add(row)
        return row

    def _newest_id(self, user: User) -> int:
        """Return an ID that no earlier post of a user goes beyond: by what X says, not our clock.

        X tells its time in whole seconds, and the newest post with the user.
        """
        shown, x_now = user.most_recent_post_id or 0, self._access.own.time.now()
        if x_now is None:
            return shown or first_id_at(self._now())
        return max(shown, first_id_at(x_now))

    async def list(self, guild_id: int) -> tuple[AccountWatch, ...]:
        """Return the guild's watches of accounts, the newest first."""
        async with self._database.reading() as session:
            return await account_watch_values(session, guild_id)

    async def remove(self, guild_id: int, watch_id: int) -> AccountWatch:
        """End a watch of an account, with those of the posts that it has found."""
        async with self._database.transaction() as session:
            watches = AccountWatches(session)
            await Watches(session).lock_of(guild_id)
            row = await watches.get(guild_id, watch_id)
            if row is None:
                raise UnknownWatch
            value = still_there(await account_watch_values(session, guild_id, [watch_id]))
            snapshot = await RemovedWatches(session).snapshot(row)
            await watches.remove(row)
        self._removed.note(guild_id, watch_id, snapshot)
        return value

    async def restore(self, guild_id: int, watch_id: int) -> None:
        """Take the removal of a watch back; raise RemovalOver after a minute."""
        await self._removed.restore(guild_id, watch_id)

    async def choices(self, guild_id: int, typed: str) -> tuple[WatchChoice, ...]:
        """Return the guild's watches of accounts that match what was typed."""
        wanted = typed.strip().lower()
        choices = (
            WatchChoice(watch.id, _label(watch), watch.channel_id, account=True)
            for watch in await self.list(guild_id)
        )
        return tuple(choice for choice in choices if wanted in choice.label.lower())


def _label(watch: AccountWatch) -> str:
    label = f"@{watch.user.username}: new posts"
    return f"{watch.label} · {label}" if watch.label else label


async def account_watch_values(
    session: AsyncSession, guild_id: int, watch_ids: Collection[int] | None = None
) -> tuple[AccountWatch, ...]:
    """Return a guild's watches of accounts, or some of them, as they are now."""
    return tuple(
        _value(watch, user_value(user), posts, shut)
        for watch, user, shut, posts in await listed_accounts(session, guild_id, watch_ids)
    )


def _value(
    row: models.AccountWatch, user: User, posts: int, shut: str | None = None
) -> AccountWatch:
    return AccountWatch(
        id=row.id or 0,
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        user=user,
        days=row.days,
        replies=row.replies,
        reposts=row.reposts,
        posts_watched=posts,
        created_at=row.created_at,
        trouble=account_trouble(row, shut),
        label=row.label,
        resting_since=row.resting_since,
        wanted=post_filter(row),
        announces=row.announces,
        mention=mention_of(row),
    )
