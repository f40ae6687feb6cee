"""How every answer leaves and every body comes in."""

import json
from collections.abc import Mapping
from ipaddress import ip_address

from aiohttp import web

from sandbox.discord.errors import ApiError, Problem
from sandbox.discord.types import Json


def json_response(
    body: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Answer with Content-Type exactly `application/json`, which discord.py insists on."""
    return web.Response(
        status=status,
        body=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **(headers or {})},
    )


def no_content() -> web.Response:
    return web.Response(status=204)


async def read_json(request: web.Request) -> Json:
    """Return the body's object; an empty body is an empty object."""
    body = await read_any_json(request)
    if not isinstance(body, dict):
        raise ApiError(Problem.INVALID_JSON)
    return body


async def read_any_json(request: web.Request) -> object:
    raw = await request.read()
    return decode_json(raw) if raw else {}


def decode_json(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except ValueError:
        raise ApiError(Problem.INVALID_JSON) from None


def path_id(request: web.Request, name: str) -> int:
    """Return a snowflake of the path; the routes let only digits through."""
    return int(request.match_info[name])


def base_url(request: web.Request) -> str:
    """Return the address that this request came to, with the prefix it is mounted below."""
    prefix, marker, _ = request.path.partition("/sandbox/")
    return f"{request.scheme}://{request.host}{prefix if marker else ''}"


def is_loopback(request: web.Request) -> bool:
    try:
        return ip_address((request.remote or "").partition("%")[0]).is_loopback
    except ValueError:
        return False
