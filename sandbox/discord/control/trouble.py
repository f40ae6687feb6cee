"""Faults, the clock, and what was asked for."""

from http import HTTPStatus

from aiohttp import web

from sandbox.clock import read_seconds
from sandbox.discord.core import Core
from sandbox.discord.http import json_response, no_content, read_json
from sandbox.discord.interactions.asking import AskError
from sandbox.discord.rate_limits import EVERYWHERE
from sandbox.discord.rest.middlewares import rate_limited_body
from sandbox.discord.types import Json
from sandbox.faults import Fault


class TroubleControl:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._gateway_faults = {
            "drop": core.gateway.drop_connections,
            "invalid_session": core.sessions.invalidate,
            "reconnect": core.gateway.ask_to_reconnect,
        }

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/sandbox/faults", self.add_fault),
            web.delete("/sandbox/faults", self.clear_faults),
            web.post("/sandbox/clock", self.advance),
            web.get("/sandbox/requests", self.requests),
            web.post("/sandbox/filters", self.filter),
        ]

    async def add_fault(self, request: web.Request) -> web.Response:
        """Make requests fail, `{match, times?, status?, …}`, or the gateway, `{gateway}`.

        `{limit_s, channel_id?}` is a rate limit that lasts so long: of a channel, or of everything.
        """
        given = await read_json(request)
        if "limit_s" in given:
            limited = str(given.get("channel_id") or EVERYWHERE)
            self._core.limits.shut(read_seconds(given["limit_s"]), limited)
        elif "gateway" in given:
            happen = self._gateway_faults.get(str(given["gateway"]))
            if happen is None:
                raise AskError(f"gateway is one of {', '.join(self._gateway_faults)}")
            happen()
        else:
            self._core.faults.add(_worded(given))
        return no_content()

    async def clear_faults(self, _: web.Request) -> web.Response:
        self._core.faults.clear()
        return no_content()

    async def filter(self, request: web.Request) -> web.Response:
        """Set what no message may hold: `{words?: […], links?: […]}`."""
        given = await read_json(request)
        self._core.filters.words = tuple(map(str, given.get("words") or ()))
        self._core.filters.links = tuple(map(str, given.get("links") or ()))
        return no_content()

    async def advance(self, request: web.Request) -> web.Response:
        given = await read_json(request)
        self._core.clock.advance(read_seconds(given.get("advance_s")))
        self._core.interactions.notice_time()
        return json_response({"now": self._core.clock.now().isoformat()})

    async def requests(self, _: web.Request) -> web.Response:
        return json_response(self._core.requests.entries())


def _worded(given: Json) -> Json:
    """Fill in the body that Discord sends with an error status, where none is given."""
    fault = Fault.parse(given)
    if fault.status is None or fault.status < 400 or fault.body is not None:
        return given
    if fault.status == HTTPStatus.TOO_MANY_REQUESTS:
        retry_after = float(fault.headers.get("Retry-After", 1))
        everywhere = fault.headers.get("X-RateLimit-Global") == "true"
        return {**given, "body": rate_limited_body(retry_after, everywhere=everywhere)}
    message = f"{fault.status}: {_phrase(fault.status)}"
    return {**given, "body": {"message": message, "code": 0}}


def _phrase(status: int) -> str:
    """Return a status's words; those of the proxies before Discord, as 520, are in no standard."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown Error"
