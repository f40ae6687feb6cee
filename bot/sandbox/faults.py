"""Faults on demand: the next N requests of a kind fail, stall or lose their connection."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

__all__ = ["Fault", "Faults", "Handler"]


@dataclass(slots=True)
class Fault:
    """One kind of failure, used up after `times` requests.

    `status` alone answers with an empty body; `delay_s` alone answers normally, but late;
    `drop` closes the connection without a byte. `after` lets the request have its effect first, so
    that only its answer is lost. `struck` is set as soon as a request has met the fault.
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
        method, _, path = str(raw["match"]).partition(" ")
        return cls(
            method=method.upper(),
            path=_pattern(path.strip(), prefix),
            times=int(raw.get("times", 1)),
            status=raw.get("status"),
            headers=raw.get("headers") or {},
            body=raw.get("body"),
            delay_s=float(raw.get("delay_s") or 0),
            drop=bool(raw.get("drop")),
            after=bool(raw.get("after")),
        )

    def hits(self, request: web.Request) -> bool:
        return (
            self.times > 0
            and self.method in ("*", request.method)
            and self.path.fullmatch(request.path) is not None
        )


def _pattern(path: str, prefix: str) -> re.Pattern[str]:
    any_segment = re.sub(r":\w+|\{\w+\}", "\0", path)
    quoted = re.escape(any_segment).replace("\0", r"[^/]+").replace(r"\*", ".*")
    return re.compile(f"(?:{re.escape(prefix)})?{quoted}" if prefix else quoted)


class Faults:
    """The faults waiting to happen on one server."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._waiting: list[Fault] = []

    def add(self, raw: Mapping[str, Any]) -> Fault:
        """Let a fault wait for its requests; return it, for those who want to know when it hits."""
        fault = Fault.parse(raw, self._prefix)
        self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        self._waiting.clear()

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
            if fault.delay_s:
                await asyncio.sleep(fault.delay_s)
            if fault.drop:
                if request.transport is not None:
                    request.transport.close()
                return web.Response(status=503)
            if fault.status is not None or fault.body is not None:
                return _answer(fault)
            return await handler(request) if response is None else response

        return faulty


def _answer(fault: Fault) -> web.Response:
    headers = dict(fault.headers)
    is_text = isinstance(fault.body, str)
    body = "" if fault.body is None else fault.body if is_text else json.dumps(fault.body)
    if not is_text and fault.body is not None and "Content-Type" not in headers:
        headers["Content-Type"] = "application/json"
    return web.Response(status=fault.status or 200, headers=headers, body=body.encode())
