"""What X charges, in millionths of a US dollar (published pay-per-use prices, August 2026).

Each resource is charged once per UTC day, however often it is read on that day.
"""

from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Resource(StrEnum):
    POST_READ = "post_read"
    USER_READ = "user_read"
    OWNED_READ = "owned_read"
    LIKE = "like"
    UNLIKE = "unlike"


MICRO_USD = {
    Resource.POST_READ: 5_000,
    Resource.USER_READ: 10_000,
    Resource.OWNED_READ: 1_000,
    Resource.LIKE: 15_000,
    Resource.UNLIKE: 10_000,
}


@dataclass(frozen=True, slots=True)
class Charged:
    """Resources of one kind that X returned; each is charged once a UTC day.

    An action (a like, an unlike) has no ID that would be free the second time: it has `times`.
    """

    resource: Resource
    ids: frozenset[int] = frozenset()
    times: int = 0


class Meter(Protocol):
    """Who holds the money for a request beforehand, and books what it cost afterwards."""

    def price(self, resource: Resource, ids: Collection[int]) -> int:
        """Return the micro-USD of reading these now: what was paid today is free."""
        ...

    def hold(self, micro_usd: int) -> AbstractAsyncContextManager[None]:
        """Keep money aside while a request runs; raise BudgetSpent if it is not there."""
        ...

    async def book(self, guild_id: int, charged: Collection[Charged]) -> None:
        """Write down what an answer costs, for a guild or (0) for none in particular."""
        ...
