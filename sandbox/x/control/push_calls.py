"""Control calls about push: who is subscribed, and what goes wrong with the streams."""

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.x.activity.event_json import line
from sandbox.x.activity.hub import Hub
from sandbox.x.control import orders

Handler = Callable[[web.Request], Awaitable[web.Response]]
_HAPPENS = orders.one_of("cut", "stall", "forget", "say")


def push_routes(hub: Hub) -> list[tuple[str, str, Handler]]:
    """Return the calls; `say` writes the given JSON as a line of every stream."""

    async def show(_: web.Request) -> web.Response:
        numbers = hub.traps.numbers
        found = [one.body(numbers=numbers) for one in hub.subscriptions]
        return web.json_response({"subscriptions": found, "streams": len(hub.connections)})

    async def happen(request: web.Request) -> web.Response:
        body = orders.an_object(json.loads(await request.read() or b"{}"))
        match _HAPPENS(body.get("happens")):
            case "cut":
                hub.cut()
            case "stall":
                hub.stall()
            case "forget":
                hub.subscriptions.forget()
            case _:
                hub.say(line(body.get("line")))
        return web.json_response({"streams": len(hub.connections)})

    return [("GET", "/push", show), ("POST", "/push", happen)]
