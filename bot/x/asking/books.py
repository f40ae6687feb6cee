"""What is written down of a request, by whoever keeps the books: before it is sent, and after.

The allowance and the money are taken before X is asked, so that neither is ever overrun.
"""

from collections.abc import Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.domain import Allowance
from bot.domain.errors import XError
from bot.x.limits import Endpoint
from bot.x.prices import NOBODY, Bill, Billed, Prices, Resource, WorstCase


@dataclass(frozen=True, slots=True)
class RequestTerms:
    """What a request uses up: whose allowance, how much of it to leave, and the money at most."""

    endpoint: Endpoint
    account: str
    worst: WorstCase
    keep: int = 0
    bill: Bill = NOBODY
    owned: bool = False
    action: Resource | None = None


class OpenRequest(Protocol):
    """A request that was paid for in advance, until X has answered."""

    def may_be_sent(self) -> None:
        """Raise what ends the work that asks, if it is no longer this process's to do."""
        ...

    async def answered(self, headers: Mapping[str, str], billed: Collection[Billed]) -> None:
        """Write down what X allows from now on, and what its answer costs."""
        ...

    async def failed(self, headers: Mapping[str, str] | None, error: XError) -> XError:
        """Write down what a failure teaches; return the error to raise. None: no answer came."""
        ...


class Books(Protocol):
    """The allowances, the money, and what X refused."""

    @property
    def prices(self) -> Prices: ...

    def open(self, terms: RequestTerms) -> AbstractAsyncContextManager[OpenRequest]:
        """Take one request, and hold its money until the end.

        Raise RateLimited, BudgetSpent or GuildBudgetSpent when there is none left, and what X
        refused not long ago as it did then.
        """
        ...

    async def allowance(self, account: str, endpoint: Endpoint) -> Allowance:
        """Return what is left."""
        ...

    def expected_allowance(self, account: str, endpoint: Endpoint) -> Allowance:
        """Return what was left when this process last took a request, to plan with."""
        ...
