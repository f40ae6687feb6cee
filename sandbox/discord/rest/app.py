"""The REST API as one aiohttp application, to be mounted below its prefix."""

from aiohttp import web

from sandbox.discord.core import Core
from sandbox.discord.rest import middlewares
from sandbox.discord.rest.commands import CommandRoutes
from sandbox.discord.rest.interactions import InteractionRoutes
from sandbox.discord.rest.messages import MessageRoutes
from sandbox.discord.rest.places import PlaceRoutes

MOST_BODY_BYTES = 32 * 1024 * 1024


def rest_app(core: Core) -> web.Application:
    app = web.Application(
        client_max_size=MOST_BODY_BYTES,
        middlewares=[
            middlewares.logging(core),
            middlewares.proxied(),
            core.faults.middleware,
            middlewares.errors(),
            middlewares.limiting(core),
            middlewares.authorization(core),
        ],
    )
    for part in (
        PlaceRoutes(core),
        MessageRoutes(core),
        CommandRoutes(core),
        InteractionRoutes(core),
    ):
        app.add_routes(part.routes())
    return app
