"""Clients of X for the tests: whose credentials, which clock, and books in memory."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiohttp

from bot.domain import Allowance
from bot.domain.errors import BudgetSpent, RateLimited, XError
from bot.x.asking.books import Books, OpenRequest, RequestTerms
from bot.x.asking.request import RequestSender
from bot.x.asking.transport import RetryPolicy
from bot.x.client import XClient
from bot.x.credentials import Credentials, UserToken
from bot.x.limits import Endpoint, Limits
from bot.x.prices import MICRO_USD, Bill, Billed, Prices
from bot.x.x_time import XTime

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


class LocalBooks:
    """Books in memory: the arithmetic of the limits, and what was held and booked.

    Without money (`empty`) they let nothing through.
    """

    def __init__(self, now: Callable[[], datetime] | None = None, *, empty: bool = False) -> None:
        self.now = now or Now()
        self.limits = Limits(self.now)
        self.held: list[int] = []
        self.bills: list[Bill] = []
        self.booked: list[tuple[Bill, Billed]] = []
        self._empty = empty

    @property
    def prices(self) -> Prices:
        return MICRO_USD

    async def allowance(self, account: str, endpoint: Endpoint) -> Allowance:
        return self.limits.allowance(account, endpoint)

    def expected_allowance(self, account: str, endpoint: Endpoint) -> Allowance:
        return self.limits.allowance(account, endpoint)

    @asynccontextmanager
    async def open(self, terms: RequestTerms) -> AsyncIterator[OpenRequest]:
        async with self.hold(terms):
            self.limits.take(terms.account, terms.endpoint, keep=terms.keep)
            yield _Request(self, terms)

    @asynccontextmanager
    async def hold(self, terms: RequestTerms) -> AsyncIterator[None]:
        if self._empty:
            raise BudgetSpent
        worst = terms.worst
        self.held.append(worst.micro_usd + len(worst.ids) * MICRO_USD[worst.resource])
        self.bills.append(terms.bill)
        yield

    async def book(self, bill: Bill, billed: Collection[Billed]) -> None:
        self.booked.extend((bill, item) for item in billed if item.ids or item.times)


class _Request:
    def __init__(self, books: LocalBooks, terms: RequestTerms) -> None:
        self._books = books
        self._terms = terms

    def may_be_sent(self) -> None:
        pass

    async def answered(self, headers: Mapping[str, str], billed: Collection[Billed]) -> None:
        self._books.limits.learn(self._terms.account, self._terms.endpoint, headers)
        await self._books.book(self._terms.bill, billed)

    async def failed(self, headers: Mapping[str, str] | None, error: XError) -> XError:
        account, endpoint, limits = self._terms.account, self._terms.endpoint, self._books.limits
        limits.learn(account, endpoint, headers or {})
        if isinstance(error, RateLimited):
            error = RateLimited(limits.refuse(account, endpoint, error.resets_at))
        return error


def a_client(
    http: aiohttp.ClientSession,
    url: str,
    *,
    credentials: Credentials | None = None,
    books: Books | None = None,
    now: Callable[[], datetime] | None = None,
    policy: RetryPolicy = HASTE,
    x_time: XTime | None = None,
) -> XClient:
    books = books or LocalBooks(now)
    if x_time is None:
        x_time = XTime(books.now if isinstance(books, LocalBooks) else now or Now())
    sender = RequestSender(http, url, books, policy, x_time)
    return XClient(sender, credentials or Credentials(user=TOKEN))
