"""Which posts' likers to read now, with whose account, within each account's allowance."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.accounts.audience import Readers
from bot.accounts.which_account import Access
from bot.domain.errors import (
    BudgetSpent,
    ClockOff,
    CredentialRefused,
    RateLimited,
    UsageCapped,
    XError,
)
from bot.watching.health import Health
from bot.watching.likers import schedule
from bot.watching.likers.failures import ReadingFailures
from bot.watching.likers.fair_share import FairShare
from bot.watching.likers.reader import Readings, ReadingTerms
from bot.watching.likers.schedule import Pending
from bot.watching.likers.taken_back import DEEPER_EVERY, DEEPER_SOON, DeeperLooks
from bot.watching.polling_budget import PollingBudget, bill
from bot.watching.post_state.rows import likes_state_of
from bot.watching.post_state.state import page_size
from bot.x.client import XClient
from bot.x.limits import Endpoint
from storage.database import Database
from storage.fence import LeadLost
from storage.posts import Posts
from storage.watched_posts import WatchedPost

logger = logging.getLogger(__name__)
# The account can read nothing else either after one of these.
_ENDS_THE_ROUND = (RateLimited, BudgetSpent, CredentialRefused, ClockOff, UsageCapped)

# Who may read for whom is looked up every few seconds, with what there is to read.
_READERS_ARE_GOOD_FOR = timedelta(seconds=30)
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Collected:
    """How many posts were read, how many announcements that made, and when to go on."""

    posts: int = 0
    announcements: int = 0
    again_in: timedelta | None = None

    def __add__(self, other: "Collected") -> "Collected":
        waits = [wait for wait in (self.again_in, other.again_in) if wait is not None]
        return Collected(
            self.posts + other.posts,
            self.announcements + other.announcements,
            min(waits, default=None),
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """Posts to be read for new likers and, where there is room, deeper."""

    pending: Sequence[WatchedPost]
    deeper: Sequence[WatchedPost] = ()


class LikersRound:
    def __init__(
        self,
        database: Database,
        access: Access,
        health: Health,
        now: Callable[[], datetime],
        budget: PollingBudget,
    ) -> None:
        self._database = database
        self._access = access
        self._readings = Readings(database, now)
        self._failures = ReadingFailures(access, health, now)
        self._deeper = DeeperLooks(access, self._readings, self._failures, now, budget)
        self._now = now
        self._budget = budget
        self._fair_share = FairShare()
        self._readers = Readers(access.own.user_id, ())
        self._readers_at = _NEVER
        self._moved: tuple[WatchedPost, ...] = ()
        self._nothing_waits = False

    def moved(self, posts: Sequence[WatchedPost]) -> None:
        """Hand on what was counted just now and has likes to be read."""
        self._moved += tuple(posts)

    async def run_once(self) -> Collected:
        """Read posts, the most urgent first, until the planner says to wait.

        A linked author's posts are read with the author's account, all others with the bot's, as
        far as they serve those who watch; each account has an allowance of its own, and none waits
        for another.
        """
        found = await self._find()
        pending, unread = _by_reader(found.pending, self._readers)
        done = await asyncio.gather(*(self._round(some) for some in pending))
        total = sum(done, await self._without_names(unread))
        self._nothing_waits = total.posts == len(found.pending)
        if total == Collected():
            deeper, unread = _by_reader(found.deeper, self._readers)
            total += await self._without_names(unread)
            for some in deeper:
                made = await self._deeper.look(some)
                if made is not None:
                    total += Collected(1, made)
        return total

    async def _find(self) -> _Found:
        """Return what there is to read: what has just moved, where nothing waited before it."""
        moved, self._moved = self._moved, ()
        now = self._now()
        is_known = abs(now - self._readers_at) <= _READERS_ARE_GOOD_FOR and self._show_names(moved)
        if moved and self._nothing_waits and is_known:
            return _Found(moved)
        async with self._database.reading() as session:
            pending, budgets = await Posts(session).pending(now)
            deeper, others = await Posts(session).to_look_deeper(
                now, before=now - DEEPER_EVERY, soon=now - DEEPER_SOON
            )
            self._readers, self._readers_at = await self._access.readers(session), now
            await self._budget.look(session, budgets | others)
        self._failures.keep({found.post.id for found in (*pending, *deeper)})
        return _Found(pending, deeper)

    def _show_names(self, found: Sequence[WatchedPost]) -> bool:
        """Say whether all who watch may see names; that others may by now is to be looked up."""
        return all(
            self._readers.shows_names(each.post.author_id, guild_id)
            for each in found
            for guild_id in each.guild_ids
        )

    async def _round(self, found: Sequence[WatchedPost]) -> Collected:
        """Read one account's posts while its allowance, the budgets and the planner permit."""
        left = {each.post.id: each for each in found if not self._readings.is_being_read(each)}
        pending = {post_id: self._pending(each) for post_id, each in left.items()}
        posts = announcements = 0
        while left:
            try:
                _, x = await self._who_reads(next(iter(left.values())))
            except XError as error:
                self._failures.trouble(error)
                break
            waiting = [] if x is None else self._waiting(left.values(), pending, x)
            if x is None or not waiting:
                break
            allowance = x.expected_allowance(Endpoint.LIKING_USERS)
            last, now = self._readings.last(x.account), self._now()
            served = self._fair_share.served(x.account, allowance.resets_at)
            chosen = schedule.next_collect(waiting, allowance, last, now, served)
            if chosen is None:
                return Collected(posts, announcements, schedule.wait(allowance, last, now))
            each = left.pop(chosen.post_id)
            keep = schedule.likers_reserve(allowance, now)
            try:
                announcements += await self._read(x, each, keep)
                posts += 1
                self._budget.spent(chosen.micro_usd(x.prices), chosen.guilds)
                self._fair_share.serve(x.account, chosen.guilds)
                self._failures.was_read(chosen.post_id)
            except XError as error:
                self._failures.refused(chosen.post_id, x, error)
                if isinstance(error, _ENDS_THE_ROUND):
                    break
            except LeadLost:
                raise
            except Exception:
                # One bad post must not keep the others from being read.
                self._failures.failed(chosen.post_id)
                logger.exception("post %s cannot be read", chosen.post_id)
        return Collected(posts, announcements)

    async def _read(self, x: XClient, each: WatchedPost, keep: int) -> int:
        readers, reader = await self._who_reads(each)
        if reader is None or reader.account != x.account:
            return 0  # it has just become another account's, which reads it next time
        return await self._readings.read(x, each, self._terms(each, keep, readers))

    async def _without_names(self, found: Collection[WatchedPost]) -> Collected:
        """Go on by the count with posts that nobody may read for those who watch them."""
        posts = made = 0
        for each in found:
            if self._budget.is_shut(each.guild_ids):
                continue
            _, x = await self._who_reads(each)
            if x is None:
                posts, made = posts + 1, made + await self._readings.nobody_reads(each)
        return Collected(posts, made)

    async def _who_reads(self, each: WatchedPost) -> tuple[Readers, XClient | None]:
        return await self._access.who_reads(each.post.author_id, each.guild_ids, self._readers)

    def _waiting(
        self, found: Collection[WatchedPost], pending: Mapping[int, Pending], x: XClient
    ) -> list[Pending]:
        """Return the posts to choose from; one that fails must not take every turn."""
        fresh = self._failures.fresh(found) or found
        some = [pending[each.post.id] for each in fresh]
        return schedule.payable(some, self._budget, x.prices)

    def _pending(self, each: WatchedPost) -> Pending:
        row, payers = each.post, self._payers(each, self._readers)
        since = row.moved_at or row.probed_at or self._now()
        state = likes_state_of(row)
        return Pending(row.id, state.pending, since, payers, page_size(state))

    def _terms(self, each: WatchedPost, keep: int, readers: Readers, more: int = 0) -> ReadingTerms:
        payers = self._payers(each, readers)
        return ReadingTerms(bill(each.post.id, payers), keep, readers=readers, more=more)

    def _payers(self, each: WatchedPost, readers: Readers) -> tuple[int, ...]:
        return self._budget.payers(readers.payers(each.post.author_id, each.guild_ids))

    async def read(self, each: WatchedPost, more: int = 0) -> int:
        """Read a post's new likers now; return how many announcements that made.

        So many `more` than are counted are known to be there. A reading that is under way is waited
        for, and what it leaves is read: it may have begun before they came, or fail.

        Raise XError when X cannot be read; the likes stay pending then.
        """
        finished = self._readings.finished
        readers, x = await self._access.who_reads(each.post.author_id, each.guild_ids)
        if x is None:
            return await self._readings.nobody_reads(each)
        while await self._readings.over(each) or self._readings.finished != finished:
            finished = self._readings.finished
            each = await self._as_it_is(each)
            if not (more or _is_to_be_read(each)):
                return 0
        allowance = x.expected_allowance(Endpoint.LIKING_USERS)
        keep = schedule.likers_reserve(allowance, self._now())
        return await self._readings.read(x, each, self._terms(each, keep, readers, more))

    async def _as_it_is(self, each: WatchedPost) -> WatchedPost:
        async with self._database.reading() as session:
            post = await Posts(session).get(each.post.id)
        return each if post is None else WatchedPost(post, each.guild_ids)


def _is_to_be_read(each: WatchedPost) -> bool:
    return each.post.collected_at is None or likes_state_of(each.post).pending > 0


def _by_reader(
    found: Sequence[WatchedPost], readers: Readers
) -> tuple[list[list[WatchedPost]], list[WatchedPost]]:
    """Return the posts of each reader, a linked author or the bot itself, and those of nobody."""
    groups: dict[tuple[int | None, bool], list[WatchedPost]] = {}
    for each in found:
        author_id, guild_ids = each.post.author_id, each.guild_ids
        linked = author_id is not None and readers.reads_linked(author_id, guild_ids)
        # Where X does not accept a linked account any more, the bot's own reads at home alone.
        key = (author_id if linked else None, readers.is_home(guild_ids))
        groups.setdefault(key, []).append(each)
    nobody = groups.pop((None, False), [])
    return list(groups.values()), nobody
