"""Asking accounts that are watched for their new posts: one request, however many watch it."""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bot.domain import Post
from bot.domain.errors import (
    BudgetSpent,
    ClockOff,
    CredentialRefused,
    GuildBudgetSpent,
    PostNotFound,
    PostNotShown,
    PostsOfUserNotShown,
    RateLimited,
    UsageCapped,
    XError,
    XUnavailable,
)
from bot.money.guest_budget import GuestBudget, Guests, no_guests
from bot.watching.counts import schedule
from bot.watching.health import Health
from bot.watching.new_posts.begin_watches import Appearances, Appeared, is_wanted
from bot.watching.watch_limits import WatchLimits
from bot.x.client import XClient
from bot.x.limits import Endpoint
from bot.x.prices import WATCH, Bill
from bot.x.snowflake import first_id_at
from storage.account_watches import AccountWatches
from storage.database import Database
from storage.fence import LeadLost
from storage.models import AccountWatch

logger = logging.getLogger(__name__)
_PART = "accounts"
# No other account can be asked about either after one of these.
_ENDS_THE_ROUND = (
    RateLimited,
    BudgetSpent,
    CredentialRefused,
    ClockOff,
    UsageCapped,
    XUnavailable,
)
# Of what appeared between two looks, no more than so many pages of the newest are read.
_MOST_PAGES = 10
_NEVER = datetime.min.replace(tzinfo=UTC)


class NewPostsRound:
    """Asks as the account that counts the posts that are found as well.

    For the operator's servers that is the bot's own, `for_guests` the app alone.
    """

    def __init__(
        self,
        database: Database,
        x: XClient,
        health: Health,
        now: Callable[[], datetime],
        every: timedelta,
        *,
        guests: GuestBudget | None = None,
        for_guests: bool = False,
        limits: WatchLimits | None = None,
    ) -> None:
        self._database = database
        self._x = x
        self._health = health
        self._now = now
        self._every = every
        self._guests = guests or no_guests(now)
        self._for_guests = for_guests
        self._limits = limits or WatchLimits()
        self._appearances = Appearances(database, now, self._limits)
        self._asked_at: dict[int, datetime] = {}

    async def run_once(self) -> Appeared:
        """Ask about each account whose turn it is; one that fails keeps no other waiting."""
        async with self._database.reading() as session:
            rows = await AccountWatches(session).active()
            if not rows:
                self._asked_at.clear()
                return Appeared()
            guests = await self._guests.look(session)
            full = await self._limits.full(session)
        # Where there is no room for new posts, nothing is asked: it goes on where it stopped.
        rows = [row for row in rows if row.guild_id not in full]
        rows = [row for row in rows if self._is_asked_for(row.guild_id, guests)]
        watches: dict[int, list[AccountWatch]] = {}
        for row in rows:
            watches.setdefault(row.x_user_id, []).append(row)
        self._asked_at = {user: at for user, at in self._asked_at.items() if user in watches}
        due = await self._due({user_id: _guilds(some) for user_id, some in watches.items()})
        total, problem = Appeared(), None
        for user_id in due:
            try:
                total += await self._ask_about(user_id, watches[user_id])
            except XError as error:
                problem = error
                if isinstance(error, _ENDS_THE_ROUND):
                    break
            except LeadLost:
                raise
            except Exception:
                # One bad account must not keep the others from being asked about.
                logger.exception("the new posts of user %s cannot be read", user_id)
        if problem is not None:
            self._health.fails(_PART, problem)
        elif due:
            self._health.works(_PART)
        return total

    def _is_asked_for(self, guild_id: int, guests: Guests) -> bool:
        return (guild_id in guests.home) is not self._for_guests and guests.is_open(guild_id)

    async def _due(self, watched: Mapping[int, Collection[int]]) -> list[int]:
        """Return the accounts to ask about now, of those that guilds watch.

        Each guild's that has waited longest is asked about before anybody's second one, so that
        many accounts of one guild keep no other waiting.
        """
        now = self._now()
        allowance = self._x.expected_allowance(Endpoint.USER_POSTS)
        last = max(self._asked_at.values(), default=None)
        share = schedule.affordable(allowance, self._every.total_seconds(), now, last)
        # Half an interval of slack: the tick itself is never late by more than that.
        waiting = [
            user_id
            for user_id in sorted(watched, key=self._asked)
            if self._asked(user_id) <= now - self._every / 2
        ]
        return sorted(waiting, key=self._turns(waiting, watched).__getitem__)[:share]

    def _turns(
        self, waiting: Sequence[int], watched: Mapping[int, Collection[int]]
    ) -> dict[int, tuple[int, datetime]]:
        """Return how many of its guild come before each account, and when the guild had a turn."""
        had_one: dict[int, datetime] = {}
        for user_id, guilds in watched.items():
            for guild in guilds:
                had_one[guild] = max(had_one.get(guild, _NEVER), self._asked(user_id))
        before: Counter[int] = Counter()
        turns = {}
        for user_id in waiting:
            guilds = watched[user_id]
            turns[user_id] = min((before[guild], had_one[guild]) for guild in guilds)
            before.update(guilds)
        return turns

    def _asked(self, user_id: int) -> datetime:
        return self._asked_at.get(user_id, _NEVER)

    async def _ask_about(self, user_id: int, rows: Sequence[AccountWatch]) -> Appeared:
        self._asked_at[user_id] = self._now()
        bill = Bill(WATCH, {0: tuple(sorted({row.guild_id for row in rows}))})
        watch_ids = {row.id for row in rows}
        try:
            posts = await self._new_posts(rows, bill)
        except PostsOfUserNotShown as error:
            return await self._appearances.hidden(user_id, error.missing, watch_ids)
        except GuildBudgetSpent:
            # Those who watch this account were told of their budget; others may go on.
            return Appeared()
        if not posts and not any(row.trouble or row.suspected for row in rows):
            return Appeared()
        wanted = [post for post in posts if any(is_wanted(row, post) for row in rows)]
        originals = await self._originals(wanted, bill)
        return await self._appearances.store(user_id, posts, originals, watch_ids)

    async def _new_posts(self, rows: Sequence[AccountWatch], bill: Bill) -> list[Post]:
        """Read what appeared since any of the watches last saw; what is too old to watch is not."""
        longest = timedelta(days=max(row.days for row in rows))
        x_now = self._x.time.now() or self._now()
        since_id = max(min(row.since_id for row in rows), first_id_at(x_now - longest))
        posts: list[Post] = []
        token: str | None = None
        for _ in range(_MOST_PAGES):
            page = await self._x.posts_since(
                rows[0].x_user_id,
                since_id,
                replies=any(row.replies for row in rows),
                reposts=any(row.reposts for row in rows),
                token=token,
                keep=schedule.reserve(self._x.expected_allowance(Endpoint.USER_POSTS)),
                bill=bill,
            )
            posts += [await self._told(post, bill) for post in page.posts]
            if page.next_token is None or page.next_token == token:
                break
            token = page.next_token
        return posts

    async def _told(self, post: Post, bill: Bill) -> Post:
        """Read again what may be a repost: in X's newer names, a page of posts does not tell."""
        if not post.may_be_repost:
            return post
        try:
            return await self._x.whole_post(post.id, bill)
        except (PostNotFound, PostNotShown):
            return post

    async def _originals(self, posts: Sequence[Post], bill: Bill) -> dict[int, Post]:
        """Read the posts that were reposted, as far as X shows them."""
        found: dict[int, Post] = {}
        for original_id in {post.reposted_id for post in posts} - {None}:
            if original_id is None:
                continue
            try:
                found[original_id] = await self._x.post(original_id, bill)
            except (PostNotFound, PostNotShown):
                continue
        return found


def _guilds(rows: Sequence[AccountWatch]) -> frozenset[int]:
    return frozenset(row.guild_id for row in rows)
