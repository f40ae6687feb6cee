"""Clients of X for the tests: whose credentials, which clock, and a purse that never is empty."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiohttp

from bot.domain import Allowance
from bot.domain.errors import BudgetSpent
from bot.x.asking.request import RequestSender
from bot.x.asking.transport import RetryPolicy
from bot.x.client import XClient
from bot.x.credentials import Credentials, UserToken
from bot.x.limits import Endpoint, Limits
from bot.x.prices import MICRO_USD, NOBODY, Bill, Billed, Meter, Resource

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
ME = 2244994945
TOKEN = UserToken("key", "key secret", f"{ME}-token", "token secret")
# Tests ask again at once, and wait for nothing that is not there.
HASTE = RetryPolicy(connect_s=5, answer_s=30, tries=3, pause_s=0)
BRIEF = RetryPolicy(connect_s=5, answer_s=0.05, tries=2, pause_s=0)


class Now:
    """A clock that stands still until it is moved."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, by: timedelta) -> None:
        self.moment += by


class Purse:
    """A meter that remembers what was held and booked; empty, it lets nothing through."""

    def __init__(self, *, empty: bool = False) -> None:
        self.held: list[int] = []
        self.bills: list[Bill] = []
        self.booked: list[tuple[Bill, Billed]] = []
        self._empty = empty
        self.prices = MICRO_USD

    async def price(self, resource: Resource, ids: Collection[int]) -> int:
        return len(ids) * MICRO_USD[resource]

    @asynccontextmanager
    async def hold(self, micro_usd: int, bill: Bill = NOBODY) -> AsyncIterator[None]:
        if self._empty:
            raise BudgetSpent
        self.held.append(micro_usd)
        self.bills.append(bill)
        yield

    async def book(self, bill: Bill, charged: Collection[Billed]) -> None:
        self.booked.extend((bill, item) for item in charged if item.ids or item.times)


class LocalAllowances:
    """The arithmetic of the limits alone, for clients without a database."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    async def take(self, account: str, endpoint: Endpoint, *, keep: int = 0) -> None:
        self._limits.take(account, endpoint, keep=keep)

    async def learn(self, account: str, endpoint: Endpoint, headers: Mapping[str, str]) -> None:
        self._limits.learn(account, endpoint, headers)

    async def refuse(
        self, account: str, endpoint: Endpoint, resets_at: datetime | None
    ) -> datetime:
        return self._limits.refuse(account, endpoint, resets_at)

    async def allowance(self, account: str, endpoint: Endpoint) -> Allowance:
        return self._limits.allowance(account, endpoint)


def a_client(
    http: aiohttp.ClientSession,
    url: str,
    *,
    credentials: Credentials | None = None,
    meter: Meter | None = None,
    now: Callable[[], datetime] | None = None,
    policy: RetryPolicy = HASTE,
) -> XClient:
    limits = LocalAllowances(Limits(now or Now()))
    sender = RequestSender(http, url, limits, meter or Purse(), policy)
    return XClient(sender, credentials or Credentials(user=TOKEN), limits)
