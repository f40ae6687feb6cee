"""X's server: the API, the OAuth pages, the pictures and the control calls on one port."""

import random
from collections.abc import Callable
from email.utils import format_datetime

from aiohttp import hdrs, web
from aiohttp.typedefs import Middleware

from sandbox.clock import Clock
from sandbox.events import Events
from sandbox.faults import Faults, Handler
from sandbox.x.access.charges import Charges
from sandbox.x.access.limits import Limits
from sandbox.x.access.oauth1 import Oauth1Flow
from sandbox.x.access.oauth2 import Oauth2Flow
from sandbox.x.access.tokens import Credentials, Tokens, default_app, fixed
from sandbox.x.activity.api import SubscriptionsApi
from sandbox.x.activity.hub import Hub
from sandbox.x.activity.stream import Stream
from sandbox.x.activity.webhooks import Webhooks
from sandbox.x.api import endpoints
from sandbox.x.api.gate import Gate, refuse
from sandbox.x.api.likes import LikesApi
from sandbox.x.api.posts import PostsApi
from sandbox.x.api.usage import UsageApi
from sandbox.x.api.users import UsersApi
from sandbox.x.control.calls import Control
from sandbox.x.exchanges import OWN_ANSWER, Exchange, exchange_of
from sandbox.x.media import MediaServer
from sandbox.x.problems import plain
from sandbox.x.request_log import RequestLog
from sandbox.x.world.seed import TWITTER_DEV
from sandbox.x.world.seed import seed as seed_world
from sandbox.x.world.state import World


class XSandbox:
    """A small X. The same seed makes the same people.

    Whoever is among `listeners` hears each request of X's own with its answer.
    """

    def __init__(
        self, clock: Clock | None = None, *, seed: int = 0, plain_names: bool = False
    ) -> None:
        self.clock = clock or Clock()
        self.events = Events()
        self.faults = Faults()
        self.listeners: list[Callable[[Exchange], None]] = []
        self.world = World(self.clock, self.events, random.Random(seed), plain_names=plain_names)
        seed_world(self.world)
        self._tokens = Tokens(self.clock, default_app(TWITTER_DEV))
        self._owner_token = self._tokens.give_oauth1(
            TWITTER_DEV,
            token=f"{TWITTER_DEV}-{fixed('access token', 39)}",
            secret=fixed("access token secret", 45),
        )
        self._limits = Limits(self.clock)
        self._charges = Charges(self.clock)
        self._log = RequestLog(self.clock)
        self.hub = Hub(self.world, self._charges)
        self.webhooks = Webhooks(self.world, self._tokens)
        self.hub.deliver = self.webhooks.deliver
        self._tokens.revoked.append(self.hub.revoked)
        self._control = Control(
            world=self.world,
            tokens=self._tokens,
            limits=self._limits,
            charges=self._charges,
            log=self._log,
            faults=self.faults,
            hub=self.hub,
        )
        self._app = self._build()

    @property
    def app(self) -> web.Application:
        """Return the whole server, control calls below /sandbox/."""
        return self._app

    def control_routes(self) -> list[web.RouteDef]:
        """Return what is below /sandbox/, fit to be mounted below a prefix of another app too."""
        return [*self._control.routes(), *MediaServer(self.world).routes()]

    def credentials(self) -> Credentials:
        """Return the keys of the app's owner; they are the same on every start."""
        app = self._tokens.app
        owner = self.world.users[app.owner_id]
        return Credentials(
            api_key=app.api_key,
            api_secret=app.api_secret,
            bearer_token=app.bearer_token,
            access_token=self._owner_token.token,
            access_token_secret=self._owner_token.secret,
            client_id=app.client_id,
            client_secret=app.client_secret,
            user_id=str(owner.id),
            username=owner.username,
        )

    def _build(self) -> web.Application:
        app = web.Application(middlewares=[self._observe])
        gate = Gate(self.world, self._tokens, self._limits, self._charges)
        owner_app = self._tokens.app
        declared = [
            *endpoints.like_endpoints(LikesApi(self.world, owner_app)),
            *endpoints.post_endpoints(PostsApi(self.world, owner_app)),
            *endpoints.user_endpoints(UsersApi(self.world)),
            *endpoints.usage_endpoints(UsageApi(self._charges, owner_app)),
            *SubscriptionsApi(self.world, self.hub, self.webhooks).endpoints(),
        ]
        app.add_routes([gate.route(endpoint) for endpoint in declared])
        app.add_routes(Oauth1Flow(self.world, self._tokens).routes())
        app.add_routes(Oauth2Flow(self.world, self._tokens).routes())
        app.add_routes(Stream(self.world, self.hub, self._tokens, self._limits).routes())
        app.add_routes(self.webhooks.routes())
        app.add_routes(self.control_routes())
        app.on_shutdown.append(self._close)
        return app

    async def _close(self, _: web.Application) -> None:
        self.faults.close()
        self.events.close()
        self.hub.cut()
        await self.webhooks.close()

    @property
    def _observe(self) -> "Middleware":
        faulty = self.faults.middleware

        @web.middleware
        async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
            """Log every request of X's own, and let faults happen to it."""
            if request.path.startswith("/sandbox/"):
                return await handler(request)
            at = self.clock.time()
            status, body = 0, b""
            try:
                # Kept by aiohttp for whoever reads it next.
                body = await request.read()
                response = await faulty(request, _noted(_in_x_words(handler)))
                # By this X's clock, as its limits are; a fault may have named another time.
                date = format_datetime(self.clock.now(), usegmt=True)
                response.headers.setdefault(hdrs.DATE, date)
                is_cut = request.transport is None or request.transport.is_closing()
                status = 0 if is_cut else response.status
                return response
            finally:
                self._log.add(request, status, at)
                for hear in self.listeners:
                    hear(exchange_of(request, body))

        return observe


def _noted(handler: Handler) -> Handler:
    """Keep X's own answer with the request: what is sent may be a fault's."""

    async def handle(request: web.Request) -> web.StreamResponse:
        response = await handler(request)
        if isinstance(response, web.Response):
            request[OWN_ANSWER] = response
        return response

    return handle


def _in_x_words(handler: Handler) -> Handler:
    """Say what X says where aiohttp has no route or no such method."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed) as missing:
            return refuse(plain(missing.status, missing.reason))

    return handle
