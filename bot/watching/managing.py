"""What managers do with a watch that is there: pause, resume, change it, look at its past."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.which_account import Access
from bot.domain import (
    AccountWatch,
    LikerFilter,
    Mention,
    PastAnnouncement,
    Watch,
    WatchChanges,
    WatchHistory,
    WatchRef,
)
from bot.domain.errors import OnlyForAccounts, OnlyForPosts, UnknownWatch, WatchedThereAlready
from bot.domain.new_posts import PostFilter
from bot.watching.account_watches import account_watch_values
from bot.watching.begin_watch import begin_with_next_count
from bot.watching.blocks import likes_of
from bot.watching.stored_values import still_there
from bot.watching.watches import watch_values
from bot.x.snowflake import first_id_at
from storage import models
from storage.account_watches import AccountWatches
from storage.announcements import UNSENT, Announcements
from storage.database import Database
from storage.models import AnnouncementKind, AnnouncementState, AnnouncementStyle
from storage.posts import Posts
from storage.shut_channels import ShutChannels
from storage.watches import Watches

_LAST = 10


class ManagedWatches:
    def __init__(self, database: Database, access: Access, now: Callable[[], datetime]) -> None:
        self._database = database
        self._access = access
        self._now = now

    async def get(self, guild_id: int, ref: WatchRef) -> Watch | AccountWatch:
        async with self._database.reading() as session:
            return await self._value(session, await _row(session, guild_id, ref))

    async def pause(self, guild_id: int, ref: WatchRef) -> Watch | AccountWatch:
        """Tell nothing more, and ask X nothing, until it is resumed; with it what it has found."""
        async with self._database.transaction() as session:
            row = await _locked(session, guild_id, ref)
            for each in [row, *await _found_by(session, row)]:
                each.resting_since = each.resting_since or self._now()
            await session.flush()
            return await self._value(session, row)

    async def resume(self, guild_id: int, ref: WatchRef) -> Watch | AccountWatch:
        """Go on from now: what came meanwhile is not told.

        X is not asked for that: what it says next of a post that nobody else watched is old.
        """
        async with self._database.transaction() as session:
            row = await _locked(session, guild_id, ref)
            if isinstance(row, models.AccountWatch):
                row.since_id = max(row.since_id, self._newest_id())
            # Each locks its post: in one order everywhere, so that no two deadlock.
            for each in sorted(await _found_by(session, row), key=lambda watch: watch.post_id):
                await self._begin_again(session, each)
            if isinstance(row, models.Watch):
                await self._begin_again(session, row)
            row.resting_since = None
            await session.flush()
            return await self._value(session, row)

    async def _begin_again(self, session: AsyncSession, watch: models.Watch) -> None:
        if watch.resting_since is None:
            return
        now = self._now()
        post, told = await Posts(session).lock_with_watches(watch.post_id)
        if post is not None and not told.watches:
            begin_with_next_count(post, now)
        watch.resting_since, watch.begun_again_at = None, now
        await session.flush()

    def _newest_id(self) -> int:
        return first_id_at(self._access.own.time.now() or self._now())

    async def edit(self, guild_id: int, watch_id: int, changes: WatchChanges) -> Watch:
        """Change a watch of a post; what it has to tell yet is told in its new way and place."""
        async with self._database.transaction() as session:
            row = await _locked(session, guild_id, WatchRef(watch_id))
            if not isinstance(row, models.Watch):
                raise UnknownWatch
            if changes.channel_id != row.channel_id:
                # First, for it changes posts: who stores their likes has them, and the watch next.
                await ShutChannels(session).reopen([changes.channel_id], self._now())
                await _move(session, row, changes.channel_id)
            style = None if changes.style is None else AnnouncementStyle(changes.style)
            if style is not row.style:
                row.style, row.card_key, row.card_at = style, None, None
            row.milestones = list(changes.when.milestones) if changes.when.milestones else None
            row.goal, row.digest_minute = changes.when.goal, changes.when.digest_minute
            row.label, row.unlikes = changes.label, changes.unlikes
            row.publishes = changes.publishes
            await session.flush()
            value = await self._value(session, row)
        if not isinstance(value, Watch):
            raise UnknownWatch
        return value

    async def set_mention(
        self, guild_id: int, ref: WatchRef, mention: Mention | None
    ) -> Watch | AccountWatch:
        """Choose which role is mentioned, at most how often; None mentions nobody.

        Of an account it is chosen for its posts, those that are watched now too.
        """
        async with self._database.transaction() as session:
            row = await _locked(session, guild_id, ref)
            for each in [row, *await _found_by(session, row)]:
                each.mention_role_id = mention.role_id if mention else None
                each.mention_every_s = mention.every_s if mention else 0
                each.mentioned_at = None
            await session.flush()
            return await self._value(session, row)

    async def set_filter(self, guild_id: int, ref: WatchRef, named: LikerFilter) -> Watch:
        """Choose whom a watch names; all others are counted."""
        return await self._set(
            guild_id,
            ref,
            only_verified=named.only_verified,
            least_followers=named.least_followers,
        )

    async def set_template(self, guild_id: int, ref: WatchRef, template: str | None) -> Watch:
        """Choose in which words a watch tells; None: the usual ones."""
        return await self._set(guild_id, ref, template=template)

    async def set_posts(
        self,
        guild_id: int,
        ref: WatchRef,
        wanted: PostFilter,
        *,
        announces: bool,
        opens_threads: bool = False,
    ) -> AccountWatch:
        """Choose which new posts of an account are watched, and whether they are announced."""
        async with self._database.transaction() as session:
            row = await _locked(session, guild_id, ref)
            if not isinstance(row, models.AccountWatch):
                raise OnlyForAccounts
            row.replies, row.reposts, row.quotes = wanted.replies, wanted.reposts, wanted.quotes
            row.only_media, row.announces = wanted.only_media, announces
            row.opens_threads = opens_threads
            row.words = "\n".join(wanted.words) or None
            row.without_words = "\n".join(wanted.without) or None
            await session.flush()
            value = await self._value(session, row)
        if not isinstance(value, AccountWatch):
            raise OnlyForAccounts
        return value

    async def _set(self, guild_id: int, ref: WatchRef, **values: object) -> Watch:
        async with self._database.transaction() as session:
            row = await _locked(session, guild_id, ref)
            if not isinstance(row, models.Watch):
                raise OnlyForPosts
            row.sqlmodel_update(values)
            await session.flush()
            value = await self._value(session, row)
        if not isinstance(value, Watch):
            raise OnlyForPosts
        return value

    async def history(self, guild_id: int, ref: WatchRef) -> WatchHistory:
        """Return what a watch of a post told last, and what it has to tell."""
        async with self._database.reading() as session:
            row = await _row(session, guild_id, ref)
            value = await self._value(session, row)
            if not isinstance(value, Watch):
                raise OnlyForPosts
            last = await Announcements(session).of_watch(value.id, _LAST)
            unsent = [each for each in last if each.state in UNSENT]
        return WatchHistory(
            value,
            row.created_by,
            tuple(_past(each) for each in last if each.state not in UNSENT),
            waiting=sum(likes_of(each) for each in unsent),
        )

    async def _value(
        self, session: AsyncSession, row: models.Watch | models.AccountWatch
    ) -> Watch | AccountWatch:
        if isinstance(row, models.AccountWatch):
            return still_there(await account_watch_values(session, row.guild_id, [row.id or 0]))
        return still_there(await watch_values(session, self._access, row.guild_id, [row.id or 0]))


async def _locked(
    session: AsyncSession, guild_id: int, ref: WatchRef
) -> models.Watch | models.AccountWatch:
    """Return a watch for changing: nobody else changes, moves or removes one meanwhile."""
    await Watches(session).lock_of(guild_id)
    return await _row(session, guild_id, ref)


async def _row(
    session: AsyncSession, guild_id: int, ref: WatchRef
) -> models.Watch | models.AccountWatch:
    row: models.Watch | models.AccountWatch | None
    if ref.account:
        row = await AccountWatches(session).get(guild_id, ref.id)
    else:
        row = await Watches(session).get(guild_id, ref.id)
    if row is None:
        raise UnknownWatch
    return row


async def _found_by(
    session: AsyncSession, row: models.Watch | models.AccountWatch
) -> list[models.Watch]:
    """Return the watches of posts that a watch of an account has found."""
    if isinstance(row, models.Watch):
        return []
    watches = await Watches(session).of_guild(row.guild_id)
    return [watch for watch in watches if watch.account_watch_id == row.id]


async def _move(session: AsyncSession, row: models.Watch, channel_id: int) -> None:
    if await Watches(session).find(channel_id, row.post_id) is not None:
        raise WatchedThereAlready(channel_id)
    # Whoever claims has what is to be told first, and the watch then.
    await Announcements(session).move(row.id or 0, channel_id)
    row.channel_id, row.card_key, row.card_at = channel_id, None, None


def _past(row: models.Announcement) -> PastAnnouncement:
    return PastAnnouncement(
        at=row.sent_at or row.created_at,
        likes=likes_of(row),
        is_told=row.state is AnnouncementState.SENT,
        taken_back=row.kind is AnnouncementKind.LEFT,
        is_notice=row.kind in (AnnouncementKind.NOTICE, AnnouncementKind.POST),
    )
