"""What every REST request goes through: the log, faults, limits, authorization, errors."""

from hmac import compare_digest

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError, Problem
from sandbox.discord.http import json_response
from sandbox.discord.types import Json

PREFIX = "/api/v10"

OPEN_ROUTES = ("/gateway",)
TOKEN_ROUTES = ("/interactions/", "/webhooks/")
"""Their paths hold the secret, and they have no share in the limits."""


def rate_limited_body(retry_after: float, *, everywhere: bool = False) -> Json:
    return {
        "message": "You are being rate limited.",
        "code": 0,
        "retry_after": retry_after,
        "global": everywhere,
    }


def logging(core: Core) -> Middleware:
    @web.middleware
    async def logged(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        core.requests.add(request.method, request.path, response.status)
        return response

    return logged


def proxied() -> Middleware:
    """Mark every answer as come through a proxy.

    discord.py takes a 429 without `Via` for a ban by Cloudflare.
    """

    @web.middleware
    async def marked(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        response.headers["Via"] = "1.1 sandbox"
        return response

    return marked


def errors() -> Middleware:
    """Turn errors into Discord's answers."""

    @web.middleware
    async def handled(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except ApiError as error:
            return json_response(error.body(), error.status)
        except web.HTTPNotFound:
            return _plain(Problem.NOT_FOUND)
        except web.HTTPMethodNotAllowed:
            return _plain(Problem.METHOD_NOT_ALLOWED)
        except web.HTTPRequestEntityTooLarge:
            return _plain(Problem.TOO_LARGE)

    return handled


def authorization(core: Core) -> Middleware:
    @web.middleware
    async def authorized(request: web.Request, handler: Handler) -> web.StreamResponse:
        route = _route(request)
        if route not in OPEN_ROUTES and not route.startswith(TOKEN_ROUTES):
            kind, _, token = request.headers.get("Authorization", "").partition(" ")
            expected = core.world.application.token
            if kind != "Bot" or not compare_digest(token.encode(), expected.encode()):
                raise ApiError(Problem.UNAUTHORIZED)
        return await handler(request)

    return authorized


def limiting(core: Core) -> Middleware:
    @web.middleware
    async def limited(request: web.Request, handler: Handler) -> web.StreamResponse:
        route = _route(request)
        if not route or route.startswith(TOKEN_ROUTES):
            return await handler(request)
        verdict = core.limits.count(request.method, route, request.match_info)
        if verdict.retry_after is not None:
            body = rate_limited_body(verdict.retry_after, everywhere=verdict.everywhere)
            return json_response(body, 429, verdict.headers)
        try:
            response = await handler(request)
        except ApiError as error:
            response = json_response(error.body(), error.status)
        response.headers.update(verdict.headers)
        return response

    return limited


def _route(request: web.Request) -> str:
    """Return the path's template, such as `/channels/{channel_id}`; empty for no route."""
    resource = request.match_info.route.resource
    return "" if resource is None else resource.canonical.removeprefix(PREFIX)


def _plain(problem: Problem) -> web.Response:
    error = ApiError(problem)
    return json_response(error.body(), error.status)
