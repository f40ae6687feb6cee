"""What X pushes: events, and the subscriptions that they come by."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.users import User


class PushKind(StrEnum):
    """What an event tells; `UNREADABLE` is about a like or a post that it does not name."""

    LIKE = "like.create"
    POST_DELETED = "post.delete"
    REVOKED = "oauth.revoke"
    DISCONNECT = "operational-disconnect"
    TOO_MANY = "too-many-connections"
    PROBLEM = "problem"
    UNREADABLE = "unreadable"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PushEvent:
    """One line of X's stream, as far as it can be read.

    `account_id` is whose subscription it came by. A like has a `key`, the same in every copy of
    the event, and is by X's clock `at` that time; without a `liker` X does not say whose it is.
    `like_count` is what X counts with it, where it says so.
    """

    kind: PushKind
    key: str = ""
    account_id: int | None = None
    post_id: int | None = None
    liker: User | None = None
    at: datetime | None = None
    like_count: int | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """What X is to tell of a user; of likes, those that their posts receive are `inbound`."""

    id: int
    event_type: str
    user_id: int | None
    direction: str | None = None
    tag: str = ""
    webhook_id: int | None = None

    @property
    def tells_of_likes(self) -> bool:
        return self.event_type == PushKind.LIKE and self.direction != "outbound"


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address of ours that X knows; it sends nothing there while it is not `valid`."""

    id: int
    url: str
    valid: bool
