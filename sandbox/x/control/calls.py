"""The control calls of tests and the demo page: JSON over HTTP, from this machine only."""

import ipaddress
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from sandbox.clock import read_seconds
from sandbox.faults import Faults
from sandbox.x.access.charges import Charges
from sandbox.x.access.limits import Limits
from sandbox.x.access.tokens import OAUTH2_SECONDS, SCOPES, Tokens
from sandbox.x.activity.hub import Hub
from sandbox.x.control import made_to_order, orders
from sandbox.x.control.orders import BadOrder, Raw
from sandbox.x.control.push_calls import push_routes
from sandbox.x.control.world_json import post_view, user_view, world_view
from sandbox.x.request_log import RequestLog
from sandbox.x.world.rows import Post, User
from sandbox.x.world.state import World

Handler = Callable[[web.Request], Awaitable[web.Response]]
_MOST_LIKES_AT_ONCE = 10_000
_TOKEN: dict[str, orders.ReadValue] = {
    "kind": orders.one_of("oauth1", "oauth2", "bearer"),
    "user_id": orders.an_id,
    "scopes": orders.some_of(SCOPES),
}


class Control:
    def __init__(
        self,
        *,
        world: World,
        tokens: Tokens,
        limits: Limits,
        charges: Charges,
        log: RequestLog,
        faults: Faults,
        hub: Hub,
    ) -> None:
        self._world = world
        self._tokens = tokens
        self._limits = limits
        self._charges = charges
        self._log = log
        self._faults = faults
        self._hub = hub

    def routes(self) -> list[web.RouteDef]:
        calls: list[tuple[str, str, Handler]] = [
            *push_routes(self._hub),
            ("GET", "/world", self._show_world),
            ("GET", "/settings", self._show_settings),
            ("POST", "/settings", self._change_settings),
            ("POST", "/users", self._make_user),
            ("PATCH", "/users/{id}", self._change_user),
            ("POST", "/posts", self._make_post),
            ("PATCH", "/posts/{id}", self._change_post),
            ("DELETE", "/posts/{id}", self._delete_post),
            ("POST", "/posts/{id}/likes", self._like),
            ("DELETE", "/posts/{id}/likes", self._unlike),
            ("POST", "/tokens", self._give_token),
            ("DELETE", "/tokens/{token}", self._revoke_token),
            ("POST", "/clock", self._advance_clock),
            ("POST", "/faults", self._add_fault),
            ("DELETE", "/faults", self._clear_faults),
            ("GET", "/requests", self._show_requests),
            ("DELETE", "/requests", self._clear_requests),
            ("GET", "/charges", self._show_charges),
            ("DELETE", "/charges", self._clear_charges),
            ("DELETE", "/limits", self._clear_limits),
        ]
        return [
            web.route(method, f"/sandbox{path}", _guarded(handler))
            for method, path, handler in calls
        ]

    async def _show_world(self, request: web.Request) -> web.Response:
        return web.json_response(world_view(self._world, _base(request)))

    async def _show_settings(self, _: web.Request) -> web.Response:
        return web.json_response(asdict(self._world.settings))

    async def _change_settings(self, request: web.Request) -> web.Response:
        settings = made_to_order.change_settings(self._world, await _body(request))
        return web.json_response(asdict(settings))

    async def _make_user(self, request: web.Request) -> web.Response:
        user = made_to_order.make_user(self._world, await _body(request))
        return self._user_answer(request, user)

    async def _change_user(self, request: web.Request) -> web.Response:
        user = self._world.users.get(orders.an_id(request.match_info["id"]))
        if user is None:
            raise web.HTTPNotFound
        made_to_order.change_user(self._world, user, await _body(request))
        return self._user_answer(request, user)

    async def _make_post(self, request: web.Request) -> web.Response:
        post = made_to_order.make_post(self._world, await _body(request))
        return self._post_answer(request, post)

    async def _change_post(self, request: web.Request) -> web.Response:
        post = made_to_order.change_post(self._world, self._post(request), await _body(request))
        return self._post_answer(request, post)

    async def _delete_post(self, request: web.Request) -> web.Response:
        self._world.delete_post(self._post(request))
        return web.json_response({"deleted": True})

    async def _like(self, request: web.Request) -> web.Response:
        """Let chosen people like a post, or so many who did not yet."""
        post, body = self._post(request), await _body(request)
        chosen = self._users(body)
        for user in chosen or ():
            self._world.like(post, user)
        for _ in range(_count(body) if chosen is None else 0):
            self._world.like(post, self._world.stranger_to(post))
        return web.json_response({"like_count": post.like_count})

    async def _unlike(self, request: web.Request) -> web.Response:
        """Take back the likes of chosen people, or so many of the newest."""
        post, body = self._post(request), await _body(request)
        users = self._users(body)
        if users is None:
            newest = list(reversed(post.likes))[: _count(body)]
            users = [self._world.users[user_id] for user_id in newest]
        for user in users:
            self._world.unlike(post, user)
        return web.json_response({"like_count": post.like_count})

    async def _give_token(self, request: web.Request) -> web.Response:
        asked = orders.read_all(await _body(request), _TOKEN)
        kind, user_id = asked.get("kind"), asked.get("user_id")
        if kind is None:
            raise BadOrder("kind: is needed")
        if kind == "bearer":
            return web.json_response({"kind": kind, "bearer_token": self._tokens.give_bearer()})
        if user_id not in self._world.users:
            raise BadOrder(f"user_id: there is no user {user_id}")
        scopes = asked.get("scopes", SCOPES)
        given = self._oauth1(user_id) if kind == "oauth1" else self._oauth2(user_id, scopes)
        return web.json_response({"kind": kind, "user_id": str(user_id), **given})

    def _oauth1(self, user_id: int) -> dict[str, Any]:
        token = self._tokens.give_oauth1(user_id)
        return {"access_token": token.token, "access_token_secret": token.secret}

    def _oauth2(self, user_id: int, scopes: frozenset[str]) -> dict[str, Any]:
        token = self._tokens.give_oauth2(user_id, scopes)
        return {
            "access_token": token.token,
            "refresh_token": token.refresh_token,
            "expires_in": OAUTH2_SECONDS,
            "scopes": sorted(scopes),
        }

    async def _revoke_token(self, request: web.Request) -> web.Response:
        if not self._tokens.revoke(request.match_info["token"]):
            raise web.HTTPNotFound
        return web.json_response({"revoked": True})

    async def _advance_clock(self, request: web.Request) -> web.Response:
        self._world.clock.advance(read_seconds((await _body(request)).get("advance_s")))
        return web.json_response({"now": self._world.clock.time()})

    async def _add_fault(self, request: web.Request) -> web.Response:
        self._faults.add(await _body(request))
        return web.json_response({"added": True})

    async def _clear_faults(self, _: web.Request) -> web.Response:
        self._faults.clear()
        return web.json_response({"cleared": True})

    async def _show_requests(self, _: web.Request) -> web.Response:
        return web.json_response(self._log.entries())

    async def _clear_requests(self, _: web.Request) -> web.Response:
        self._log.clear()
        return web.json_response({"cleared": True})

    async def _show_charges(self, _: web.Request) -> web.Response:
        return web.json_response(self._charges.report())

    async def _clear_charges(self, _: web.Request) -> web.Response:
        self._charges.clear()
        return web.json_response({"cleared": True})

    async def _clear_limits(self, _: web.Request) -> web.Response:
        self._limits.forget()
        return web.json_response({"cleared": True})

    def _post(self, request: web.Request) -> Post:
        post = self._world.posts.get(orders.an_id(request.match_info["id"]))
        if post is None:
            raise web.HTTPNotFound
        return post

    def _users(self, body: Raw) -> list[User] | None:
        if "user_ids" not in body:
            return None
        ids = orders.ids(body["user_ids"])
        if missing := [user_id for user_id in ids if user_id not in self._world.users]:
            raise BadOrder(f"user_ids: there are no users {missing}")
        return [self._world.users[user_id] for user_id in ids]

    def _user_answer(self, request: web.Request, user: User) -> web.Response:
        return web.json_response(user_view(user, _base(request)))

    def _post_answer(self, request: web.Request, post: Post) -> web.Response:
        return web.json_response(post_view(self._world, post, _base(request)))


def _base(request: web.Request) -> str:
    """Return the address before /sandbox/, wherever these calls are mounted."""
    return str(request.url.origin()) + request.path.partition("/sandbox/")[0]


def _guarded(handler: Handler) -> Handler:
    """Let in this machine only, and answer a bad order with a sentence."""

    async def guarded(request: web.Request) -> web.Response:
        # No peer address at all means a socket file, which is this machine as well.
        if request.remote and not ipaddress.ip_address(request.remote).is_loopback:
            return web.json_response({"error": "control calls are for this machine"}, status=403)
        try:
            return await handler(request)
        except web.HTTPNotFound:
            return web.json_response({"error": "there is no such thing"}, status=404)
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)

    return guarded


async def _body(request: web.Request) -> Raw:
    return orders.an_object(json.loads(await request.read() or b"{}"))


def _count(body: Raw) -> int:
    count = orders.an_int(body.get("count"))
    if count > _MOST_LIKES_AT_ONCE:
        raise BadOrder(f"count: {_MOST_LIKES_AT_ONCE} at once is the most")
    return count
