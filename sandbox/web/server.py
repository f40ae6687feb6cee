"""The demo page's server: static files, both sandboxes' control calls, and live news."""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from sandbox.discord.server import DiscordSandbox
from sandbox.web.security import LOOPBACK_ORIGINS, local_only, page_headers
from sandbox.web.stream import EventStream
from sandbox.x.server import XSandbox

STATIC = Path(__file__).parent / "static"


class Tally(Protocol):
    """Keeps the demo's score: likes, announced, missing, twice, p50_s, p95_s."""

    @property
    def watched(self) -> Collection[str]: ...

    def result(self) -> dict[str, Any]: ...


class DemoPage:
    """One origin with everything that the page needs."""

    def __init__(
        self,
        x: XSandbox,
        discord: DiscordSandbox,
        *,
        score: Tally | None = None,
        image_origins: Iterable[str] = LOOPBACK_ORIGINS,
    ) -> None:
        self._x = x
        self._discord = discord
        self._score = score
        self._headers = page_headers(image_origins)
        self._stream = EventStream({"discord": discord.events, "x": x.events})
        self._app = self._build()

    @property
    def app(self) -> web.Application:
        return self._app

    def _build(self) -> web.Application:
        app = web.Application(middlewares=[local_only])
        app.on_response_prepare.append(self._add_headers)
        app.on_shutdown.append(self._stream.close)
        app.router.add_get("/", _index)
        app.router.add_get("/events", self._stream.handle)
        app.router.add_get("/status", self._status)
        app.add_routes(_below("/discord", self._discord.control_routes()))
        app.add_routes(_below("/x", self._x.control_routes()))
        app.router.add_static("/static/", STATIC)
        return app

    async def _add_headers(self, _request: web.Request, response: web.StreamResponse) -> None:
        for name, value in self._headers.items():
            response.headers.setdefault(name, value)

    async def _status(self, _request: web.Request) -> web.Response:
        """Say how the bot does; without a score, nobody knows which posts it watches."""
        score = self._score
        return web.json_response(
            {
                "bot_connected": self._discord.connected,
                "score": score.result() if score else None,
                "watched": sorted(score.watched) if score else [],
            }
        )


async def _index(_request: web.Request) -> web.FileResponse:
    """Serve the page, and have the browser fetch all its modules at once, not one after another."""
    modules = sorted(path.name for path in (STATIC / "js").glob("*.js"))
    preload = ", ".join(f"</static/js/{name}>; rel=modulepreload" for name in modules)
    return web.FileResponse(STATIC / "index.html", headers={"Link": preload})


def _below(prefix: str, routes: Iterable[web.RouteDef]) -> list[web.RouteDef]:
    """Mount the routes below a prefix."""
    return [web.route(r.method, prefix + r.path, r.handler, **r.kwargs) for r in routes]
