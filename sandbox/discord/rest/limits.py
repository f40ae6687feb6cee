"""Discord's rate limits: a bucket for each route and place, told of in every answer's headers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import md5

from sandbox.clock import Clock

PLACES = ("channel_id", "guild_id")


@dataclass(frozen=True, slots=True)
class Limit:
    requests: int
    seconds: float


WRITE = Limit(5, 5)
READ = Limit(50, 1)
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
    """`retry_after` is set when the request is one too many."""

    headers: Mapping[str, str]
    retry_after: float | None = None


class RateLimits:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, ...], Bucket] = {}

    def count(self, method: str, route: str, path_values: Mapping[str, str]) -> Verdict:
        """Count one request; `route` is the path's template without the API's prefix."""
        now = self._clock.time()
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


def _hash(method: str, route: str) -> str:
    return md5(f"{method} {route}".encode(), usedforsecurity=False).hexdigest()
