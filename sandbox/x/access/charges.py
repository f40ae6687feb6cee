"""What X would ask for: published prices, each resource once per UTC day.

A post read as one's own is another resource here than the same post read by its ID: X does not say.
Amounts are whole thousandths of a dollar, so that sums are exact.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sandbox.clock import Clock


class Resource(StrEnum):
    POST_READ = "post_read"
    USER_READ = "user_read"
    OWNED_READ = "owned_read"
    LIKE = "like"
    UNLIKE = "unlike"
    LIKE_EVENT = "like_event"


PRICES_IN_MILLS: dict[Resource, int] = {
    Resource.POST_READ: 5,
    Resource.USER_READ: 10,
    Resource.OWNED_READ: 1,
    Resource.LIKE: 15,
    Resource.UNLIKE: 10,
    # X's list has no row for it: inferred from "Like: Read", which came in the same change.
    Resource.LIKE_EVENT: 1,
}


@dataclass(frozen=True, slots=True)
class Charge:
    """`key` is what X counts once a day; None for an action, which is paid every time."""

    resource: Resource
    key: int | None = None


@dataclass(slots=True)
class _Day:
    counts: Counter[Resource] = field(default_factory=Counter)
    seen: set[Charge] = field(default_factory=set)


class Charges:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._days: dict[str, _Day] = {}

    def add(self, charges: Iterable[Charge]) -> None:
        day = self._days.setdefault(self._clock.now().date().isoformat(), _Day())
        for charge in charges:
            if charge.key is not None:
                if charge in day.seen:
                    continue
                day.seen.add(charge)
            day.counts[charge.resource] += 1

    def clear(self) -> None:
        self._days.clear()

    def report(self) -> dict[str, Any]:
        """Return the bill, in all and by day."""
        total: Counter[Resource] = Counter()
        for day in self._days.values():
            total.update(day.counts)
        days = {date: _bill(day.counts) for date, day in self._days.items()}
        return {**_bill(total), "days": days}

    def posts_by_day(self, days: int) -> dict[str, int]:
        """Return how many posts were read on each of the last days, today last."""
        today = self._clock.now().date()
        dates = [(today - timedelta(days=back)).isoformat() for back in reversed(range(days))]
        return {date: self._posts_read(date) for date in dates}

    def _posts_read(self, date: str) -> int:
        day = self._days.get(date)
        return day.counts[Resource.POST_READ] + day.counts[Resource.OWNED_READ] if day else 0


def _bill(counts: Counter[Resource]) -> dict[str, Any]:
    mills = {resource: counts[resource] * price for resource, price in PRICES_IN_MILLS.items()}
    return {
        "total_usd": _usd(sum(mills.values())),
        "by_resource": {
            resource.value: {"count": counts[resource], "usd": _usd(mills[resource])}
            for resource in Resource
        },
    }


def _usd(mills: int) -> str:
    return f"{Decimal(mills).scaleb(-3):.3f}"
