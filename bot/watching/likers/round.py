"""Which posts' likers to read now, with whose account, within each account's allowance."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.accounts.which_account import Access
from bot.domain.errors import BudgetSpent, CredentialRefused, RateLimited, UsageCapped, XError
from bot.watching.health import Health
from bot.watching.likers import schedule
from bot.watching.likers.failures import ReadingFailures
from bot.watching.likers.fair_share import FairShare
from bot.watching.likers.reader import Readings, ReadingTerms
from bot.watching.likers.schedule import Pending
from bot.watching.likers.taken_back import WHOLE_EVERY, TakenBackLikes
from bot.watching.polling_budget import Payers, PollingBudget, bill
from bot.watching.post_state.rows import likes_state_of
from bot.watching.post_state.state import page_size
from bot.x.client import XClient
from bot.x.limits import Endpoint
from storage.database import Database
from storage.models import Post
from storage.posts import Posts
from storage.watches import Watches

logger = logging.getLogger(__name__)
# The account can read nothing else either after one of these.
_ENDS_THE_ROUND = (RateLimited, BudgetSpent, CredentialRefused, UsageCapped)


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
        self._taken_back = TakenBackLikes(access, self._readings, self._failures, now, budget)
        self._now = now
        self._budget = budget
        self._fair_share = FairShare()

    async def run_once(self) -> Collected:
        """Read posts, the most urgent first, until the planner says to wait.

        A linked author's posts are read with the author's account, all others with the bot's; each
        account has an allowance of its own, and none waits for another.
        """
        linked = await self._access.reader_ids()
        async with self._database.reading() as session:
            rows = await Posts(session).pending(self._now())
            gone = await Posts(session).to_read_whole(self._now(), self._now() - WHOLE_EVERY)
            watching = await Watches(session).payers(
                [row.id for row in (*rows, *gone)], self._now()
            )
            await self._budget.look(await Watches(session).guild_ids())
        payers = self._budget.payers(watching)
        self._failures.keep({row.id for row in (*rows, *gone)})
        done = await asyncio.gather(
            *(self._round(some, payers) for some in _by_reader(rows, linked))
        )
        total = sum(done, Collected())
        if total == Collected():
            for some in _by_reader(gone, linked):
                made = await self._taken_back.look(some, payers)
                if made is not None:
                    total += Collected(1, made)
        return total

    async def _round(self, rows: Sequence[Post], payers: Payers) -> Collected:
        """Read one account's posts while its allowance, the budgets and the planner permit."""
        left = {row.id: row for row in rows if not self._readings.is_being_read(row.id)}
        posts = announcements = 0
        while left:
            try:
                x = await self._access.reader(next(iter(left.values())).author_id)
            except XError as error:
                self._failures.trouble(error)
                break
            waiting = self._waiting(left.values(), payers, x)
            if not waiting:
                break
            allowance = await x.allowance(Endpoint.LIKING_USERS)
            last, now = self._readings.last(x.account), self._now()
            served = self._fair_share.served(x.account, allowance.resets_at)
            post = schedule.next_collect(waiting, allowance, last, now, served)
            if post is None:
                return Collected(posts, announcements, schedule.wait(allowance, last, now))
            row = left.pop(post.post_id)
            keep = schedule.likers_reserve(allowance, now)
            try:
                announcements += await self._readings.read(
                    x, row.id, ReadingTerms(bill(row.id, payers), keep)
                )
                posts += 1
                self._budget.spent(post.micro_usd(x.prices), post.guilds)
                self._fair_share.serve(x.account, post.guilds)
                self._failures.was_read(row.id)
            except XError as error:
                await self._failures.refused(row.id, x, error)
                if isinstance(error, _ENDS_THE_ROUND):
                    break
            except Exception:
                # One bad post must not keep the others from being read.
                self._failures.failed(row.id)
                logger.exception("post %s cannot be read", row.id)
        return Collected(posts, announcements)

    def _waiting(self, rows: Collection[Post], payers: Payers, x: XClient) -> list[Pending]:
        """Return the posts to choose from; one that fails must not take every turn."""
        fresh = self._failures.fresh(rows) or rows
        pending = [self._pending(row, payers.get(row.id, ())) for row in fresh]
        return schedule.payable(pending, self._budget, x.prices)

    def _pending(self, row: Post, guilds: tuple[int, ...]) -> Pending:
        since = row.moved_at or row.probed_at or self._now()
        state = likes_state_of(row)
        return Pending(row.id, state.pending, since, guilds, page_size(state))

    async def read(self, post_id: int) -> int:
        """Read a post's new likers now; return how many announcements that made.

        Raise XError when X cannot be read; the likes stay pending then.
        """
        async with self._database.reading() as session:
            row = await Posts(session).get(post_id)
            watching = await Watches(session).payers([post_id], self._now())
            await self._budget.look(await Watches(session).guild_ids())
        payers = self._budget.payers(watching)
        if row is None:
            return 0
        x = await self._access.reader(row.author_id)
        keep = schedule.likers_reserve(await x.allowance(Endpoint.LIKING_USERS), self._now())
        return await self._readings.read(x, post_id, ReadingTerms(bill(post_id, payers), keep))


def _by_reader(rows: Sequence[Post], linked: Collection[int]) -> list[list[Post]]:
    """Return the posts by who reads them: each linked author, and the bot's own account."""
    found: dict[int | None, list[Post]] = {}
    for row in rows:
        found.setdefault(row.author_id if row.author_id in linked else None, []).append(row)
    return list(found.values())
