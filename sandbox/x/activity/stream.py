"""GET /2/activity/stream: its headers come with the first thing that there is to say."""

import asyncio
import contextlib

from aiohttp import web

from sandbox.x.access.auth import authenticate
from sandbox.x.access.limits import Limit, Limits
from sandbox.x.access.tokens import Tokens
from sandbox.x.activity.hub import Connection, Hub
from sandbox.x.api.gate import LOG_CALLER, refuse
from sandbox.x.problems import (
    Fault,
    Problem,
    Refused,
    invalid_request,
    plain,
    rate_limited,
    user_context_refused,
)
from sandbox.x.world.state import World

_LIMITS = (Limit("activity stream", app=450, user=None),)
KEEP_ALIVE = b"\r\n"


def too_many_connections() -> Refused:
    detail = "This stream is currently at the maximum allowed connection limit."
    more = {"connection_issue": "TooManyConnections", "status": 429}
    return Refused(429, Problem("streaming-connection", "ConnectionException", detail, more))


class Stream:
    def __init__(self, world: World, hub: Hub, tokens: Tokens, limits: Limits) -> None:
        self._world = world
        self._hub = hub
        self._tokens = tokens
        self._limits = limits

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/2/activity/stream", self._handle, allow_head=False)]

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        headers: dict[str, str] = {}
        try:
            caller = await authenticate(request, self._tokens)
            request[LOG_CALLER] = caller
            standing = self._limits.take(_LIMITS, caller.user_id)
            headers = standing.headers if standing else {}
            if standing and not standing.allowed:
                raise rate_limited()
            if caller.user_id is not None:
                raise user_context_refused()
            self._admit(request)
        except Refused as refusal:
            response = refuse(refusal)
            response.headers.update(headers)
            return response
        connection = self._hub.open(str(request.url.origin()))
        try:
            return await self._pour(request, connection, headers)
        finally:
            self._hub.close(connection)

    def _admit(self, request: web.Request) -> None:
        if self._world.settings.push == "off":
            raise plain(503, "Service Unavailable")
        minutes = request.query.get("backfill_minutes")
        if minutes is not None and self._hub.traps.backfill == "refused":
            raise invalid_request(
                [Fault("backfill_minutes is not available", {"backfill_minutes": [minutes]})]
            )
        if self._hub.is_full:
            raise too_many_connections()

    async def _pour(
        self, request: web.Request, connection: Connection, headers: dict[str, str]
    ) -> web.StreamResponse:
        """Write what comes, and a keep-alive where nothing does."""
        response = web.StreamResponse(headers={"Content-Type": "application/json", **headers})
        first = await self._next(connection)
        if first is None:
            return web.Response(status=503)
        with contextlib.suppress(ConnectionError):
            await response.prepare(request)
            while first is not None:
                await response.write(first)
                first = await self._next(connection)
            await response.write_eof()
        return response

    async def _next(self, connection: Connection) -> bytes | None:
        while True:
            try:
                async with asyncio.timeout(self._hub.traps.keep_alive_s):
                    return await connection.lines.get()
            except TimeoutError:
                if not connection.stalled:
                    return KEEP_ALIVE
