"""Watching the new posts of X accounts for a guild: add, list, remove."""

from collections.abc import Callable
from datetime import datetime

from bot.accounts.which_account import Access
from bot.domain import AccountWatch, AccountWatchAdded, User, WatchChoice
from bot.domain.errors import UnknownWatch
from bot.domain.money import in_usd
from bot.watching.default_channel import channel_of
from bot.watching.stored_values import account_trouble, user_row, user_value
from bot.x.post_ref import parse_username
from bot.x.prices import Bill, Prices, Resource
from bot.x.snowflake import first_id_at
from storage import models
from storage.account_watches import AccountWatches
from storage.database import Database
from storage.guilds import Guilds
from storage.users import Users
from storage.watches import Watches


class AccountWatchService:
    def __init__(
        self, database: Database, access: Access, prices: Prices, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._access = access
        self._prices = prices
        self._now = now

    async def add(
        self,
        guild_id: int,
        channel_id: int | None,
        username: str,
        by: int,
        *,
        days: int,
        replies: bool,
        reposts: bool,
    ) -> AccountWatchAdded:
        """Watch the posts that an account makes from now on, each for so many days.

        Raise PostsOfUserNotShown when X hides them. A channel that watches the account already
        takes over what is asked for now.
        """
        async with self._database.reading() as session:
            channel = channel_of(await Guilds(session).get(guild_id), channel_id)
            readers = {self._access.own.user_id, *await self._access.linked.ids(session)}
        bill = Bill("/watch account", guild_id=guild_id)
        user = await self._access.own.user_by_username(parse_username(username), bill)
        newest_id = self._newest_id(user)
        # That X shows them, even where there are none yet, costs nothing.
        page = await self._access.own.posts_since(
            user.id, newest_id, replies=False, reposts=False, bill=bill
        )
        # Where X has not told its time, ours may be behind: what is shown was there before.
        is_sure = self._access.own.time.now() is not None
        since_id = max([newest_id, *(() if is_sure else (post.id for post in page.posts))])
        async with self._database.transaction() as session:
            await Users(session).save([user_row(user)])
            watches = AccountWatches(session)
            known = await watches.find(channel, user.id)
            row = known or models.AccountWatch(
                guild_id=guild_id,
                channel_id=channel,
                x_user_id=user.id,
                username=user.username,
                since_id=since_id,
                created_by=by,
                created_at=self._now(),
            )
            row.username = user.username
            row.days, row.replies, row.reposts = days, replies, reposts
            await watches.add(row)
        return self._added(row, user, by_name=user.id in readers, already_there=known is not None)

    def _newest_id(self, user: User) -> int:
        """Return an ID that no earlier post of a user goes beyond: by what X says, not our clock.

        X tells its time in whole seconds, and the newest post with the user.
        """
        shown, x_now = user.most_recent_post_id or 0, self._access.own.time.now()
        if x_now is None:
            return shown or first_id_at(self._now())
        return max(shown, first_id_at(x_now))

    def _added(
        self, row: models.AccountWatch, user: User, *, by_name: bool, already_there: bool
    ) -> AccountWatchAdded:
        own = self._access.own
        is_own = own.owns_app and user.id == own.user_id
        post = self._prices[Resource.OWNED_READ if is_own else Resource.POST_READ]
        return AccountWatchAdded(
            _value(row, user, 0),
            post_usd=in_usd(post),
            liker_usd=in_usd(self._prices[Resource.USER_READ]),
            by_name=by_name,
            already_there=already_there,
        )

    async def list(self, guild_id: int) -> tuple[AccountWatch, ...]:
        """Return the guild's watches of accounts, the newest first."""
        async with self._database.reading() as session:
            rows = await AccountWatches(session).of_guild(guild_id)
            users = await Users(session).get({row.x_user_id for row in rows})
            found = await Watches(session).found_by(guild_id)
        return tuple(
            _value(row, user_value(users[row.x_user_id]), found.get(row.id or 0, 0)) for row in rows
        )

    async def remove(self, guild_id: int, watch_id: int) -> AccountWatch:
        """End a watch of an account, with those of the posts that it has found."""
        async with self._database.transaction() as session:
            watches = AccountWatches(session)
            row = await watches.get(guild_id, watch_id)
            if row is None:
                raise UnknownWatch
            user = user_value((await Users(session).get([row.x_user_id]))[row.x_user_id])
            found = await Watches(session).found_by(guild_id)
            value = _value(row, user, found.get(watch_id, 0))
            await watches.remove(row)
        return value

    async def choices(self, guild_id: int, typed: str) -> tuple[WatchChoice, ...]:
        """Return the guild's watches of accounts that match what was typed."""
        wanted = typed.strip().lower()
        choices = (
            WatchChoice(watch.id, _label(watch), watch.channel_id, account=True)
            for watch in await self.list(guild_id)
        )
        return tuple(choice for choice in choices if wanted in choice.label.lower())


def _label(watch: AccountWatch) -> str:
    return f"@{watch.user.username}: new posts"


def _value(row: models.AccountWatch, user: User, posts: int) -> AccountWatch:
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
        trouble=account_trouble(row),
    )
