"""Discord's rate limits that are too long to sit out: remembered, so that nobody asks within."""

import math
import re
import time
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from types import SimpleNamespace

import aiohttp

_CHANNEL = re.compile(r"/channels/(\d+)")
_SHORTEST_S = 1.0


class RateLimits:
    """Learns from every 429 until when a channel, or everything, is not to be asked.

    discord.py waits by itself for what is over soon, and remembers nothing of what is not.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._everything_until = 0.0
        self._channels_until: dict[int, float] = {}

    def trace(self) -> aiohttp.TraceConfig:
        """Return what shows every answer of Discord's to this memory."""
        config = aiohttp.TraceConfig()
        config.on_request_end.append(self._on_answer)
        return config

    def left(self, channel_id: int) -> timedelta:
        """Return for how long a channel is not to be asked; nothing when it may be."""
        until = max(self._everything_until, self._channels_until.get(channel_id, 0.0))
        return timedelta(seconds=max(0.0, until - self._clock()))

    async def _on_answer(
        self,
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        answer: aiohttp.TraceRequestEndParams,
    ) -> None:
        if answer.response.status != HTTPStatus.TOO_MANY_REQUESTS:
            return
        now, headers = self._clock(), answer.response.headers
        until = now + _seconds(headers.get("Retry-After"))
        channel = _CHANNEL.search(answer.url.path)
        # Without `Via` it is the proxy before Discord that lets nobody through.
        if "X-RateLimit-Global" in headers or "Via" not in headers:
            self._everything_until = max(self._everything_until, until)
        elif channel is not None:
            kept = {known: end for known, end in self._channels_until.items() if end > now}
            self._channels_until = {**kept, int(channel[1]): until}


def _seconds(header: str | None) -> float:
    try:
        seconds = float(header or "")
    except ValueError:
        return _SHORTEST_S
    return seconds if math.isfinite(seconds) and seconds > 0 else _SHORTEST_S
