"""The stand-in for Discord: its REST API, its gateway and the control calls in one application."""

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.clock import Clock
from sandbox.discord.control.guard import guarded
from sandbox.discord.control.people import PeopleControl
from sandbox.discord.control.pictures import PictureControl
from sandbox.discord.control.places import PlaceControl
from sandbox.discord.control.trouble import TroubleControl
from sandbox.discord.control.world import WorldControl
from sandbox.discord.core import Core
from sandbox.discord.http import base_url
from sandbox.discord.interaction_book import SaidAll, never
from sandbox.discord.rest.app import MOST_BODY_BYTES, rest_app
from sandbox.discord.rest.middlewares import PREFIX
from sandbox.discord.seed import seeded_world
from sandbox.events import Events
from sandbox.faults import Faults


class DiscordSandbox:
    """A server with a few people and one bot, which connects as to Discord itself.

    Point the bot's API at `/api/v10` and its gateway at `/gateway` of wherever `app` is served.
    Whoever runs the bot in this process may know when it has `said_all` that it has to say to what
    a member did; otherwise it is taken to have when it is quiet for a moment.
    """

    def __init__(self, clock: Clock | None = None, *, said_all: SaidAll = never) -> None:
        self.world = seeded_world()
        self.clock = clock or Clock()
        self.events = Events()
        self.faults = Faults(prefix=PREFIX)
        self._core = Core(self.world, self.clock, self.events, self.faults, said_all)
        self._app = self._build()

    @property
    def app(self) -> web.Application:
        return self._app

    @property
    def token(self) -> str:
        return self.world.application.token

    @property
    def application_id(self) -> int:
        return self.world.application.id

    @property
    def guild_id(self) -> int:
        return self.world.first_guild.id

    @property
    def connected(self) -> bool:
        """Tell whether a bot is on the gateway right now."""
        return self._core.sessions.connected

    @property
    def base_url(self) -> str:
        """Where this server is reached: what begins the addresses of files and avatars in events.

        Learnt from every request; may be set before the first.
        """
        return self._core.news.base

    @base_url.setter
    def base_url(self, url: str) -> None:
        self._core.news.base = url

    def control_routes(self) -> list[web.RouteDef]:
        """Return the `/sandbox/*` handlers, which any application may serve below any prefix."""
        core = self._core
        controls = (
            WorldControl(core),
            PeopleControl(core),
            TroubleControl(core),
            PlaceControl(core),
            PictureControl(core),
        )
        return [
            web.route(route.method, route.path, guarded(route.handler), **route.kwargs)
            for control in controls
            for route in control.routes()
        ]

    async def close(self) -> None:
        """End the gateway's connections."""
        await self._core.gateway.close()

    def _build(self) -> web.Application:
        app = web.Application(client_max_size=MOST_BODY_BYTES, middlewares=[self._note_address])
        app.add_routes(self.control_routes())
        app.router.add_get("/gateway", self._core.gateway.handle)
        app.router.add_get("/gateway/", self._core.gateway.handle)
        app.add_subapp(PREFIX, rest_app(self._core))
        app.on_shutdown.append(self._on_shutdown)
        return app

    @web.middleware
    async def _note_address(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.base_url = base_url(request)
        return await handler(request)

    async def _on_shutdown(self, _: web.Application) -> None:
        self.faults.close()
        await self.close()
