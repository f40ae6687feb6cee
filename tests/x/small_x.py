"""An X of one test's own: it gives the answers that the test laid out, and notes what was asked."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import hdrs, web

QUARTER_HOUR = 900


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered; `body` is JSON-ready, or text or bytes to be sent as they are."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    silent: bool = False

    def raw(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        if isinstance(self.body, str):
            return self.body.encode()
        return b"" if self.body is None else json.dumps(self.body).encode()


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


class SmallX:
    """Gives each request the next reply, and the last one again when there are no more.

    Its time is the tests' own, as its replies' resets are; without a `date` it tells none.
    """

    def __init__(self) -> None:
        self.url = ""
        self.date: str | None = "Sat, 01 Aug 2026 12:00:00 GMT"
        self.asked: list[Asked] = []
        self.was_asked = asyncio.Event()
        self._replies: list[Reply] = [Reply({"data": []})]
        self._over = asyncio.Event()

    def answers(self, *replies: Reply) -> None:
        self._replies = list(replies)

    @property
    def last(self) -> Asked:
        return self.asked[-1]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        text = await request.text()
        self.asked.append(
            Asked(
                request.method,
                request.path,
                dict(request.query),
                dict(request.headers),
                json.loads(text) if request.content_type == "application/json" else text or None,
            )
        )
        self.was_asked.set()
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        if reply.silent:
            await self._over.wait()
        if reply.cut and request.transport is not None:
            request.transport.close()
        headers = {"Content-Type": "application/json", **reply.headers}
        return web.Response(status=reply.status, headers=headers, body=reply.raw())

    async def _tell_time(self, _: web.Request, response: web.StreamResponse) -> None:
        del response.headers[hdrs.DATE]
        if self.date is not None:
            response.headers[hdrs.DATE] = self.date

    @asynccontextmanager
    async def running(self) -> AsyncIterator["SmallX"]:
        app = web.Application()
        app.on_response_prepare.append(self._tell_time)
        app.router.add_route("*", "/{path:.*}", self.handle)
        runner = web.AppRunner(app, shutdown_timeout=0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0]
        self.url = f"http://{host}:{port}"
        try:
            yield self
        finally:
            self._over.set()
            await runner.cleanup()
