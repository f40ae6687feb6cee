"""Discord's rate limits: a bucket for each route and place, told of in every answer's headers.

A bot may send so many requests a second altogether, of which no header tells. On top of these, a
test may shut a channel or everything for a while, as Discord does at will.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import md5

from sandbox.clock import Clock

PLACES = ("channel_id", "guild_id")
EVERYWHERE = ""


@dataclass(frozen=True, slots=True)
class Limit:
    requests: int
    seconds: float


WRITE = Limit(5, 5)
READ = Limit(50, 1)
# The documents' "50 requests per second"; what answers an interaction has no share in it.
ALTOGETHER = Limit(50, 1)
LIMITS = {
    ("POST", "/channels/{channel_id}/messages"): WRITE,
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"): WRITE,
    ("DELETE", "/channels/{channel_id}/messages/{message_id}"): Limit(5, 1),
}


@dataclass(slots=True)
class Bucket:
    limit: Limit
    resets_at: float
    used: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """`retry_after` is set when the request is one too many; `everywhere`: any other is as well."""

    headers: Mapping[str, str]
    retry_after: float | None = None
    everywhere: bool = False


class RateLimits:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, ...], Bucket] = {}
        self._shut: dict[str, float] = {}
        self._altogether = Bucket(ALTOGETHER, 0.0)

    def shut(self, seconds: float, channel_id: str = EVERYWHERE) -> None:
        """Let nobody in for so long: to one channel, or anywhere."""
        self._shut[channel_id] = self._clock.time() + seconds

    def count(self, method: str, route: str, path_values: Mapping[str, str]) -> Verdict:
        """Count one request; `route` is the path's template without the API's prefix."""
        now = self._clock.time()
        for where in (EVERYWHERE, path_values.get("channel_id", EVERYWHERE)):
            if self._shut.get(where, 0.0) > now:
                return _refused(self._shut[where] - now, everywhere=where == EVERYWHERE)
        if (wait := self._one_too_many(now)) is not None:
            return _refused(wait, everywhere=True)
        place = [path_values[name] for name in PLACES if name in path_values]
        key = (method, route, *place)
        bucket = self._buckets.get(key)
        if bucket is None or bucket.resets_at <= now:
            limit = LIMITS.get((method, route), READ)
            bucket = self._buckets[key] = Bucket(limit, now + limit.seconds)
        is_over = bucket.used >= bucket.limit.requests
        bucket.used += not is_over
        wait = bucket.resets_at - now
        headers = {
            "X-RateLimit-Limit": str(bucket.limit.requests),
            "X-RateLimit-Remaining": str(bucket.limit.requests - bucket.used),
            "X-RateLimit-Reset": f"{bucket.resets_at:.3f}",
            "X-RateLimit-Reset-After": f"{wait:.3f}",
            "X-RateLimit-Bucket": _hash(method, route),
        }
        if not is_over:
            return Verdict(headers)
        more = {"Retry-After": str(math.ceil(wait)), "X-RateLimit-Scope": "user"}
        return Verdict({**headers, **more}, retry_after=round(wait, 3))

    def _one_too_many(self, now: float) -> float | None:
        """Count a request among all; return how long to wait when this second has had enough."""
        bucket = self._altogether
        if bucket.resets_at <= now:
            bucket.resets_at, bucket.used = now + bucket.limit.seconds, 0
        if bucket.used >= bucket.limit.requests:
            return bucket.resets_at - now
        bucket.used += 1
        return None


def _refused(wait: float, *, everywhere: bool) -> Verdict:
    headers = {
        "Retry-After": str(math.ceil(wait)),
        "X-RateLimit-Scope": "global" if everywhere else "shared",
    }
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    return Verdict(headers, round(wait, 3), everywhere)


def _hash(method: str, route: str) -> str:
    return md5(f"{method} {route}".encode(), usedforsecurity=False).hexdigest()
