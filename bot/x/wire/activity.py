"""X's push: the answers about subscriptions, and the lines of the stream.

No line is an error: what cannot be read of one is told as unreadable, with the post if it is named.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field

from bot.domain import User
from bot.domain.push import PushEvent, PushKind, Subscription, Webhook
from bot.x.snowflake import made_at
from bot.x.wire.answers import AnyAnswer
from bot.x.wire.base import Count, Id, Page, Part, Several, Text, Time, Wire
from bot.x.wire.users import WireUser

_TAG = re.compile(r"likecord:(\d{1,19})", re.ASCII)
_A_POST = re.compile(r'"(?:liked_)?(?:tweet|post)_id" ?: ?\D{0,20}(\d{1,19})', re.ASCII)
_MS = 1_000
# Before X was there nothing was liked.
_FIRST_EVER = datetime(2006, 3, 21, tzinfo=UTC)
# `created_at` may be told in whole seconds.
_WHOLE_SECOND = timedelta(seconds=1)


class _Filter(Part):
    user_id: Id | None = None
    direction: Text | None = None


class _Subscription(Wire):
    subscription_id: Id
    event_type: Text = ""
    filter: _Filter = _Filter()
    tag: Text = ""
    webhook_id: Id | None = None

    def value(self) -> Subscription:
        return Subscription(
            self.subscription_id,
            self.event_type,
            self.filter.user_id,
            self.filter.direction,
            self.tag,
            self.webhook_id,
        )


def _none_of_null(raw: object) -> object:
    """Return an empty list for null, which X's newer specification allows for what is absent."""
    return () if raw is None else raw


class SubscriptionsAnswer(AnyAnswer):
    data: Annotated[Page[_Subscription], BeforeValidator(_none_of_null)] = ()

    def subscriptions(self) -> Iterable[Subscription]:
        return (each.value() for each in self.data)


class DoneAnswer(AnyAnswer):
    """An answer of whatever shape, which says no more than that it is done."""

    data: Any = None


class _Webhook(Wire):
    id: Id
    url: Text = ""
    valid: bool = True

    def value(self) -> Webhook:
        return Webhook(self.id, self.url, self.valid)


class WebhooksAnswer(AnyAnswer):
    data: Annotated[Page[_Webhook], BeforeValidator(_none_of_null)] = ()

    def webhooks(self) -> Iterable[Webhook]:
        return (each.value() for each in self.data)


def _unwrapped(raw: object) -> object:
    """Return a user without the `data` that X may have put around it."""
    inner = raw.get("data") if isinstance(raw, dict) and "id" not in raw else None
    return inner if isinstance(inner, dict) else raw


class _Metrics(Part):
    like_count: Count | None = None


class _Liked(Part):
    id: Id | None = None
    public_metrics: _Metrics = _Metrics()


class _Includes(Part):
    users: Several[Annotated[WireUser, BeforeValidator(_unwrapped)]] = ()
    posts: Several[Annotated[_Liked, BeforeValidator(_unwrapped)]] = Field(
        default=(), validation_alias=AliasChoices("tweets", "posts")
    )


class _Payload(Part):
    id: Text | None = None
    post_id: Id | None = Field(
        default=None,
        validation_alias=AliasChoices("liked_tweet_id", "liked_post_id", "tweet_id", "post_id"),
    )
    author_id: Id | None = Field(
        default=None,
        validation_alias=AliasChoices(
            "liked_tweet_author_id",
            "tweet_author_id",
            "liked_post_author_id",
            "post_author_id",
            "author_id",
        ),
    )
    user_id: Id | None = None
    timestamp_ms: Annotated[int, Field(ge=0, lt=2**43)] | None = None
    created_at: Time | None = None

    def at(self) -> datetime | None:
        """Return when it was liked; None where X tells a time that no like of the post can have.

        X's file calls `created_at` the post's own time, and `timestamp_ms` a number of 32 bits.
        """
        posted_at = None if self.post_id is None else made_at(self.post_id)
        first = posted_at or _FIRST_EVER
        if self.timestamp_ms is not None:
            at = datetime.fromtimestamp(self.timestamp_ms / _MS, UTC)
            if at > first:
                return at
        if self.created_at is not None and self.created_at > first + _WHOLE_SECOND:
            return self.created_at
        return None


class _Event(Part):
    event_type: Text = ""
    event_uuid: str | int | None = None
    tag: Text = ""
    filter: _Filter = _Filter()
    payload: _Payload = _Payload()
    includes: _Includes = _Includes()

    def account_id(self) -> int | None:
        """Return whose subscription it came by: the filter says it, or our tag."""
        if self.filter.user_id is not None:
            return self.filter.user_id
        tagged = _TAG.fullmatch(self.tag)
        return int(tagged[1]) if tagged else self.payload.author_id or self.payload.user_id

    def like(self, line: bytes) -> PushEvent:
        payload, account_id = self.payload, self.account_id()
        post_id, author_id = payload.post_id, payload.author_id
        if post_id is None or (author_id is None and account_id is None):
            return _unreadable(line, account_id)
        author_id = author_id if author_id is not None else account_id or 0
        # Without a direction, it is the author that tells whose like it is.
        if account_id not in (None, author_id) or self.filter.direction == "outbound":
            return PushEvent(PushKind.OTHER)
        return PushEvent(
            PushKind.LIKE,
            key=payload.id or f"{post_id} {self.event_uuid or payload.timestamp_ms}",
            account_id=author_id,
            post_id=post_id,
            liker=self._liker(author_id),
            at=payload.at(),
            like_count=next(
                (one.public_metrics.like_count for one in self.includes.posts if one.id == post_id),
                None,
            ),
        )

    def _liker(self, author_id: int) -> User | None:
        """Return the one user who is not the account; X shows no protected ones in its lists."""
        others = {user.id: user for user in self.includes.users if user.id != author_id}
        if len(others) != 1:
            return None
        (liker,) = others.values()
        return None if liker.protected or not liker.username else liker.value()


def read_event(line: bytes) -> PushEvent:
    """Read a line of the stream, or the body that a webhook was sent."""
    try:
        raw = json.loads(line)
        if not isinstance(raw, dict):
            return _unreadable(line)
        inner = raw.get("data", raw if "event_type" in raw else None)
        if inner is None:
            return _problem(raw)
        if not isinstance(inner, dict):
            return _unreadable(line)
        event = _Event.model_validate(inner)
    except (ValueError, RecursionError):  # pydantic's error is a ValueError too
        return _unreadable(line)
    read = _READERS.get(event.event_type)
    return read(event, line) if read else PushEvent(PushKind.OTHER, account_id=event.account_id())


def _deleted(event: _Event, line: bytes) -> PushEvent:
    """Return which post is gone: here the payload's own `id` names it."""
    own_id = event.payload.id or ""
    named = event.payload.post_id or (int(own_id) if own_id.isdecimal() else None)
    if named is None or named >= 2**63:
        return _unreadable(line, event.account_id())
    return PushEvent(PushKind.POST_DELETED, account_id=event.account_id(), post_id=named)


def _problem(raw: Mapping[str, Any]) -> PushEvent:
    """Return what X says of the stream itself, in `errors` or instead of them."""
    said = json.dumps(raw)
    if "operational-disconnect" in said:
        return PushEvent(PushKind.DISCONNECT)
    if "TooManyConnections" in said or "ConnectionException" in said:
        return PushEvent(PushKind.TOO_MANY)
    return PushEvent(PushKind.PROBLEM)


def _unreadable(line: bytes, account_id: int | None = None) -> PushEvent:
    found = _A_POST.search(line.decode(errors="replace"))
    post_id = int(found[1]) if found and int(found[1]) < 2**63 else None
    return PushEvent(PushKind.UNREADABLE, account_id=account_id, post_id=post_id)


def _revoked(event: _Event, _line: bytes) -> PushEvent:
    return PushEvent(PushKind.REVOKED, account_id=event.account_id(), at=event.payload.at())


def _nameless(event: _Event, line: bytes) -> PushEvent:
    return _unreadable(line, event.account_id())


_READERS: Mapping[str, Callable[[_Event, bytes], PushEvent]] = {
    PushKind.LIKE: _Event.like,
    PushKind.POST_DELETED: _deleted,
    PushKind.REVOKED: _revoked,
    "": _nameless,
}
