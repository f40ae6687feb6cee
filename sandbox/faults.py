"""Faults on demand: the next N requests of a kind fail, stall or lose their connection."""

import asyncio
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

__all__ = ["Fault", "FaultError", "Faults", "Handler"]


_LONGEST_DELAY_S = 1_000_000_000


class FaultError(ValueError):
    """Says which value of a fault cannot be."""


@dataclass(slots=True)
class Fault:
    """One kind of failure, used up after `times` requests.

    `status` alone answers with an empty body; `headers` alone are added to the normal answer;
    `delay_s` alone answers normally, but late; `drop` closes the connection without a byte.
    `after` lets the request have its effect first, so that only its answer is lost. `struck` is
    set as soon as a request has met the fault.
    """

    method: str
    path: re.Pattern[str]
    times: int
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    delay_s: float = 0.0
    drop: bool = False
    after: bool = False
    struck: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    def parse(cls, raw: Mapping[str, Any], prefix: str = "") -> "Fault":
        """Read a control call's body; in `match`, `*` and `:id` stand for any segment."""
        method, path = _match(raw.get("match"))
        return cls(
            method=method.upper(),
            path=_pattern(path.strip(), prefix),
            times=_times(raw.get("times", 1)),
            status=_status(raw.get("status")),
            headers=_headers(raw.get("headers")),
            body=raw.get("body"),
            delay_s=_seconds(raw.get("delay_s")),
            drop=_flag(raw, "drop"),
            after=_flag(raw, "after"),
        )

    def hits(self, request: web.Request) -> bool:
        return (
            self.times > 0
            and self.method in ("*", request.method)
            and self.path.fullmatch(request.path) is not None
        )


def _match(given: object) -> tuple[str, str]:
    method, _, path = given.partition(" ") if isinstance(given, str) else ("", "", "")
    if not method or not path.strip():
        raise FaultError('match is a method and a path, such as "GET /2/tweets"')
    return method, path


def _times(given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise FaultError("times is a whole number from 1")
    return given


def _status(given: object) -> int | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int) or not 100 <= given <= 599:
        raise FaultError("status is a whole number from 100 to 599")
    return given


def _headers(given: object) -> dict[str, str]:
    headers = {} if given is None else given
    if not isinstance(headers, dict) or not all(
        isinstance(one, str) for pair in headers.items() for one in pair
    ):
        raise FaultError('headers are {"name": "value"}')
    return headers


def _seconds(given: object) -> float:
    seconds = 0 if given is None else given
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise FaultError("delay_s is a number of seconds")
    if not 0 <= seconds <= _LONGEST_DELAY_S:
        raise FaultError(f"delay_s is from 0 to {_LONGEST_DELAY_S}")
    return float(seconds)


def _flag(raw: Mapping[str, Any], name: str) -> bool:
    given = raw.get(name)
    if given is not None and not isinstance(given, bool):
        raise FaultError(f"{name} is true or false")
    return bool(given)


def _pattern(path: str, prefix: str) -> re.Pattern[str]:
    any_segment = re.sub(r":\w+|\{\w+\}", "\0", path)
    quoted = re.escape(any_segment).replace("\0", r"[^/]+").replace(r"\*", ".*")
    return re.compile(f"(?:{re.escape(prefix)})?{quoted}" if prefix else quoted)


class Faults:
    """The faults waiting to happen on one server."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._waiting: list[Fault] = []
        self._closed = asyncio.Event()

    def add(self, raw: Mapping[str, Any]) -> Fault:
        """Let a fault wait for its requests; return it, for those who want to know when it hits."""
        fault = Fault.parse(raw, self._prefix)
        self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        self._waiting.clear()

    def close(self) -> None:
        """Keep nobody waiting any longer: the server stops."""
        self._closed.set()

    async def _delay(self, seconds: float) -> bool:
        """Return whether the server still runs after so many seconds, or as soon as it stops."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closed.wait()
        return not self._closed.is_set()

    def _take(self, request: web.Request) -> Fault | None:
        for fault in self._waiting:
            if fault.hits(request):
                fault.times -= 1
                self._waiting = [waiting for waiting in self._waiting if waiting.times > 0]
                return fault
        return None

    @property
    def middleware(self) -> Middleware:
        @web.middleware
        async def faulty(request: web.Request, handler: Handler) -> web.StreamResponse:
            fault = self._take(request)
            if fault is None:
                return await handler(request)
            response = await handler(request) if fault.after else None
            fault.struck.set()
            if fault.delay_s and not await self._delay(fault.delay_s):
                return web.Response(status=503)
            if fault.drop:
                if request.transport is not None:
                    request.transport.close()
                return web.Response(status=503)
            if fault.status is not None or fault.body is not None:
                return _answer(fault)
            return await _marked(fault, handler, request, response)

        return faulty


async def _marked(
    fault: Fault, handler: Handler, request: web.Request, response: web.StreamResponse | None
) -> web.StreamResponse:
    """Answer normally, with the fault's headers, be it by a refusal."""
    try:
        answer = await handler(request) if response is None else response
    except web.HTTPException as error:
        error.headers.update(fault.headers)
        raise
    answer.headers.update(fault.headers)
    return answer


def _answer(fault: Fault) -> web.Response:
    headers = dict(fault.headers)
    is_text = isinstance(fault.body, str)
    body = "" if fault.body is None else fault.body if is_text else json.dumps(fault.body)
    if not is_text and fault.body is not None and "Content-Type" not in headers:
        headers["Content-Type"] = "application/json"
    return web.Response(status=fault.status or 200, headers=headers, body=body.encode())
