"""Looks that can wait: whose likes were taken back, who was overlooked, who is shown again."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.accounts.audience import Readers
from bot.accounts.which_account import Access
from bot.domain.errors import XError
from bot.watching.likers import schedule
from bot.watching.likers.failures import ReadingFailures
from bot.watching.likers.reader import Readings, ReadingTerms
from bot.watching.likers.schedule import Pending
from bot.watching.polling_budget import PollingBudget, bill
from bot.watching.post_state.rows import likes_state_of
from bot.watching.post_state.state import BY_COUNT, page_size, whole_size
from bot.x.client import XClient
from bot.x.limits import Endpoint
from storage.models import PostKind
from storage.watched_posts import WatchedPost

# How often a list is read past those who are known.
DEEPER_EVERY = timedelta(days=1)
# After a fall of the count, and once more where an answer was odd.
DEEPER_SOON = timedelta(minutes=1)


class DeeperLooks:
    def __init__(
        self,
        access: Access,
        readings: Readings,
        failures: ReadingFailures,
        now: Callable[[], datetime],
        budget: PollingBudget,
    ) -> None:
        self._access = access
        self._readings = readings
        self._failures = failures
        self._now = now
        self._budget = budget

    async def look(self, found: Sequence[WatchedPost]) -> int | None:
        """Read one of these posts, which one account reads, if there is room to.

        Return how many announcements that made; None is no post.
        """
        fresh = {each.post.id: each for each in self._failures.fresh(found)}
        if not fresh:
            return None
        try:
            _, x = await self._who_reads(next(iter(fresh.values())))
            if x is None or (chosen := self._choose(fresh, x)) is None:
                return None
            each = fresh[chosen.post_id]
            readers, x = await self._who_reads(each)
        except XError as error:
            self._failures.trouble(error)
            return None
        return None if x is None else await self._read(x, each, chosen, readers)

    def _choose(self, fresh: Mapping[int, WatchedPost], x: XClient) -> Pending | None:
        """Return a post that an account may read now, if it has room to."""
        deeper = [self._look_at(each) for each in fresh.values()]
        may_read = schedule.payable(deeper, self._budget, x.prices)
        has_room = schedule.has_room(x.expected_allowance(Endpoint.LIKING_USERS))
        return may_read[0] if may_read and has_room else None

    async def _read(
        self, x: XClient, each: WatchedPost, post: Pending, readers: Readers
    ) -> int | None:
        allowance = x.expected_allowance(Endpoint.LIKING_USERS)
        keep = schedule.likers_reserve(allowance, self._now())
        named = each.post.kind is PostKind.NAMES
        payers = self._budget.payers(readers.payers(each.post.author_id, each.guild_ids))
        terms = ReadingTerms(bill(post.post_id, payers), keep, deep=named, readers=readers)
        try:
            made = await self._readings.read(x, each, terms)
        except XError as error:
            self._failures.refused(post.post_id, x, error)
            return None
        self._budget.spent(post.micro_usd(x.prices), payers)
        return made

    async def _who_reads(self, each: WatchedPost) -> tuple[Readers, XClient | None]:
        return await self._access.who_reads(each.post.author_id, each.guild_ids)

    def _look_at(self, each: WatchedPost) -> Pending:
        payers, state = self._budget.payers(each.guild_ids), likes_state_of(each.post)
        size = page_size(state) if state.kind in BY_COUNT else whole_size(state)
        return Pending(each.post.id, 0, self._now(), payers, size)
