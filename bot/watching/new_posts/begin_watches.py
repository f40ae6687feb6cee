"""Posts that have appeared in accounts that are watched: from now on they are watched too."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain import Missing, Post, ReferenceKind
from bot.domain.notices import AccountShown, Notice
from bot.domain.stored_notices import stored_notice
from bot.domain.troubles import AccountMissing
from bot.watching.begin_watch import begin_at_birth, begin_silently, begin_watch
from storage.account_watches import AccountWatches
from storage.announcements import Announcements
from storage.database import Database
from storage.models import AccountWatch, Watch
from storage.new_announcements import about_account
from storage.posts import Posts


@dataclass(frozen=True, slots=True)
class Appeared:
    """How many watches of posts have begun, and how many announcements were made."""

    watches: int = 0
    announcements: int = 0

    def __add__(self, other: "Appeared") -> "Appeared":
        return Appeared(self.watches + other.watches, self.announcements + other.announcements)


def is_wanted(row: AccountWatch, post: Post) -> bool:
    if post.id <= row.since_id:
        return False
    if post.reposted_id is not None:
        return row.reposts
    is_reply = any(ref.kind is ReferenceKind.REPLIED_TO for ref in post.references)
    return row.replies or not is_reply


class Appearances:
    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def store(
        self, user_id: int, posts: Sequence[Post], originals: Mapping[int, Post]
    ) -> Appeared:
        """Begin to watch an account's new posts, where they are wanted; the account is readable.

        Of a repost, it is the original that is watched; where X does not show it, nothing is.
        """
        now = self._now()
        total = Appeared()
        oldest_first = sorted(posts, key=lambda post: post.id)
        async with self._database.transaction() as session:
            for row in await AccountWatches(session).lock_of(user_id):
                for post in oldest_first:
                    if is_wanted(row, post):
                        total += await _watch(session, row, post, originals, now)
                row.since_id = max([row.since_id, *(post.id for post in posts)])
                row.checked_at = now
                if row.trouble is not None:
                    row.trouble = None
                    total += await _tell(session, row, AccountShown(row.username), now)
        return total

    async def hidden(self, user_id: int, why: Missing) -> Appeared:
        """Note that X does not show an account's posts; each watch of it is told once."""
        now = self._now()
        total = Appeared()
        async with self._database.transaction() as session:
            for row in await AccountWatches(session).lock_of(user_id):
                was_told = row.trouble is not None
                row.trouble = why
                row.checked_at = now
                if not was_told:
                    total += await _tell(session, row, AccountMissing(row.username, why), now)
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
    begun = await begin_watch(
        session,
        post,
        wanted,
        now,
        author_id=row.x_user_id,
        begin=begin_at_birth if is_born else begin_silently,
    )
    if not begun.is_new:
        return Appeared()
    begun.watch.account_watch_id = row.id
    begun.watch.expires_at, begun.watch.ended_at = ends_at, None
    return Appeared(watches=1)


def _is_edited(post: Post) -> bool:
    """Say whether it is a later version of a post, which may have had likes before."""
    return bool(post.versions) and post.versions[0] != post.id


async def _tell(
    session: AsyncSession, row: AccountWatch, notice: Notice, now: datetime
) -> Appeared:
    await Announcements(session).add([about_account(row, *stored_notice(notice), now)])
    return Appeared(announcements=1)
