"""Posts that have appeared in accounts that are watched: from now on they are watched too."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain import Missing, Post
from bot.domain.errors import AskedNotToBeShown
from bot.domain.new_posts import appearance_facts
from bot.domain.notices import AccountShown, Notice
from bot.domain.stored_notices import stored_notice
from bot.domain.troubles import AccountMissing
from bot.watching.announcements import SAME_NOTICE_EVERY
from bot.watching.begin_watch import begin_at_birth, begin_silently, begin_watch
from bot.watching.post_state.rows import STATE_OF_MISSING
from bot.watching.stored_values import post_filter
from bot.watching.visibility import Visibility
from bot.watching.watch_limits import WatchLimits
from storage.account_watches import AccountWatches
from storage.announcements import Announcements
from storage.database import Database
from storage.models import AccountWatch, PostState, Watch
from storage.new_announcements import about_account, about_appearance
from storage.posts import Posts
from storage.watches import Watches


@dataclass(frozen=True, slots=True)
class Appeared:
    """How many watches of posts have begun, and how many announcements were made."""

    watches: int = 0
    announcements: int = 0

    def __add__(self, other: "Appeared") -> "Appeared":
        return Appeared(self.watches + other.watches, self.announcements + other.announcements)


def is_wanted(row: AccountWatch, post: Post) -> bool:
    return post.id > row.since_id and post_filter(row).has(post)


class Appearances:
    def __init__(
        self, database: Database, now: Callable[[], datetime], limits: WatchLimits | None = None
    ) -> None:
        self._database = database
        self._now = now
        self._limits = limits or WatchLimits()

    async def store(
        self,
        user_id: int,
        posts: Sequence[Post],
        originals: Mapping[int, Post],
        watch_ids: Collection[int | None],
    ) -> Appeared:
        """Begin to watch an account's new posts, where they are wanted; the account is readable.

        They were read for these watches of the account, and for no others.

        Of a repost, it is the original that is watched; where X does not show it, nothing is. What
        a server has no room for is left to be read again.
        """
        now = self._now()
        total = Appeared()
        oldest_first = sorted(posts, key=lambda post: post.id)
        async with self._database.transaction() as session:
            accounts = AccountWatches(session)
            # Before any row, and in one order everywhere, so that nobody deadlocks.
            for guild_id in await accounts.guilds_of(user_id):
                await Watches(session).lock_of(guild_id)
            rows = await accounts.lock_of(user_id)
            if posts:
                await Posts(session).lock_some({*(post.id for post in posts), *originals})
            for row in rows:
                if row.id not in watch_ids:
                    continue
                room = await self._limits.room(session, row.guild_id)
                begun, seen = Appeared(), [row.since_id]
                for post in oldest_first:
                    if is_wanted(row, post):
                        if begun.watches == room:
                            break
                        begun += await _watch(session, row, post, originals, now)
                    seen.append(post.id)
                row.since_id = max(seen)
                total += begun + await _seen(session, row, None, now)
        return total

    async def hidden(
        self, user_id: int, why: Missing, watch_ids: Collection[int | None]
    ) -> Appeared:
        """Note that X does not show an account's posts; each watch is told when it is sure."""
        now = self._now()
        total = Appeared()
        async with self._database.transaction() as session:
            for row in await AccountWatches(session).lock_of(user_id):
                if row.id in watch_ids:
                    total += await _seen(session, row, why, now)
        return total


async def _watch(
    session: AsyncSession,
    row: AccountWatch,
    appeared: Post,
    originals: Mapping[int, Post],
    now: datetime,
) -> Appeared:
    original_id = appeared.reposted_id
    post = appeared if original_id is None else originals.get(original_id)
    ends_at = (appeared.created_at or now) + timedelta(days=row.days)
    if post is None or ends_at <= now:
        return Appeared()
    is_known = await Posts(session).get(post.id) is not None
    is_born = original_id is None and not is_known and not _is_edited(post)
    wanted = Watch(
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        post_id=post.id,
        created_by=row.created_by,
        created_at=now,
    )
    try:
        begun = await begin_watch(
            session,
            post,
            wanted,
            now,
            author_id=row.x_user_id,
            begin=begin_at_birth if is_born else begin_silently,
        )
    except AskedNotToBeShown:
        return Appeared()
    if not begun.is_new:
        return Appeared()
    begun.watch.account_watch_id = row.id
    begun.watch.mention_role_id = row.mention_role_id
    begun.watch.mention_every_s = row.mention_every_s
    begun.watch.expires_at, begun.watch.ended_at = ends_at, None
    if not row.announces:
        return Appeared(watches=1)
    reposted_by = None if original_id is None else row.username
    facts = appearance_facts(post, reposted_by, in_thread=row.opens_threads)
    told = about_appearance(begun.watch, facts, now)
    await Announcements(session).add([told])
    return Appeared(watches=1, announcements=1)


def _is_edited(post: Post) -> bool:
    """Say whether it is a later version of a post, which may have had likes before."""
    return bool(post.versions) and post.versions[0] != post.id


async def _seen(
    session: AsyncSession, row: AccountWatch, why: Missing | None, now: datetime
) -> Appeared:
    """Take over whether X shows an account's posts, and tell its watch if that has changed."""
    before = _visibility_of(row)
    after = before.seen(PostState.LIVE if why is None else STATE_OF_MISSING[why], now)
    row.trouble = None if after.state is PostState.LIVE else after.state
    row.missing_since = after.missing_since
    row.suspected, row.suspected_at = after.suspected, after.suspected_at
    row.checked_at = now
    if (before.told is PostState.LIVE) == (after.told is PostState.LIVE):
        return Appeared()
    missing = None if why is None else AccountMissing(row.username, why)
    return await _tell(session, row, missing or AccountShown(row.username), now)


def _visibility_of(row: AccountWatch) -> Visibility:
    suspected = None if row.suspected is None else PostState(row.suspected)
    state = PostState.LIVE if row.trouble is None else PostState(row.trouble)
    return Visibility(state, row.missing_since, suspected, row.suspected_at)


async def _tell(
    session: AsyncSession, row: AccountWatch, notice: Notice, now: datetime
) -> Appeared:
    told = about_account(row, *stored_notice(notice), now)
    made = await Announcements(session).add_unless_told([told], now - SAME_NOTICE_EVERY)
    return Appeared(announcements=made)
