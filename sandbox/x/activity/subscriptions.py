"""Who is to be told of what: one subscription for each user and type of event."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.clock import Clock
from sandbox.x.world.snowflake import first_id_at, x_time

EVENT_TYPES = frozenset(
    {"like.create", "post.create", "post.delete", "oauth.revoke", "follow.follow"}
)


@dataclass(frozen=True, slots=True)
class Subscription:
    id: int
    event_type: str
    user_id: int
    direction: str | None
    tag: str | None
    webhook_id: int | None
    created_at: str

    def filter(self) -> dict[str, Any]:
        found = {"user_id": str(self.user_id)}
        return {**found, "direction": self.direction} if self.direction else found

    def body(self, *, numbers: bool) -> dict[str, Any]:
        """Write it as X does; a field without a value is absent."""
        written: dict[str, Any] = {
            "subscription_id": self.id if numbers else str(self.id),
            "event_type": self.event_type,
            "filter": self.filter(),
            "created_at": self.created_at,
            "updated_at": self.created_at,
            "tag": self.tag,
            "webhook_id": None if self.webhook_id is None else str(self.webhook_id),
        }
        return {name: value for name, value in written.items() if value is not None}


class Subscriptions:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[int, Subscription] = {}
        self._numbers = itertools.count(1)

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Subscription]:
        return iter(list(self._kept.values()))

    def find(self, event_type: str, user_id: int) -> Subscription | None:
        """Return the one there is, whatever its direction."""
        mine = (one for one in self if one.user_id == user_id and one.event_type == event_type)
        return next(mine, None)

    def add(
        self,
        event_type: str,
        user_id: int,
        *,
        direction: str | None = None,
        tag: str | None = None,
        webhook_id: int | None = None,
    ) -> Subscription:
        now = self._clock.now()
        made = Subscription(
            id=first_id_at(now) + next(self._numbers),
            event_type=event_type,
            user_id=user_id,
            direction=direction,
            tag=tag,
            webhook_id=webhook_id,
            created_at=x_time(now),
        )
        self._kept[made.id] = made
        return made

    def remove(self, subscription_id: int) -> bool:
        return self._kept.pop(subscription_id, None) is not None

    def forget_user(self, user_id: int) -> None:
        """Drop what is about a user, without a word."""
        for one in self:
            if one.user_id == user_id:
                del self._kept[one.id]

    def forget(self) -> None:
        self._kept.clear()
