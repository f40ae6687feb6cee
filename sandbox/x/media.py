"""Serves the pictures that the world's people and posts point to."""

import re

from aiohttp import web

from sandbox.x.images import AVATAR_SIZES, avatar, landscape
from sandbox.x.world.state import World

_AVATAR = re.compile(r"(\d{1,19})(?:_(normal|bigger|mini|400x400))?\.png")
_BANNER = re.compile(r"(\d{1,19})\.png")
_BANNER_SIZE = 1500, 500
_POST_PICTURE = re.compile(r"(\d+_\d+)\.png")
_HEADERS = {"Cache-Control": "public, max-age=86400"}
_LARGEST = 2048


class MediaServer:
    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/sandbox/media/profile/{name}", self._profile),
            web.get("/sandbox/media/banner/{name}", self._banner),
            web.get("/sandbox/media/post/{name}", self._post),
        ]

    async def _profile(self, request: web.Request) -> web.Response:
        match = _AVATAR.fullmatch(request.match_info["name"])
        if match is None or int(match[1]) not in self._world.users:
            raise web.HTTPNotFound
        return _png(avatar(match[1], AVATAR_SIZES[match[2] or ""]))

    async def _banner(self, request: web.Request) -> web.Response:
        match = _BANNER.fullmatch(request.match_info["name"])
        user = self._world.users.get(int(match[1])) if match else None
        if user is None or not user.banner:
            raise web.HTTPNotFound
        return _png(landscape(f"banner {user.id}", *_BANNER_SIZE))

    async def _post(self, request: web.Request) -> web.Response:
        match = _POST_PICTURE.fullmatch(request.match_info["name"])
        pictures = (media for post in self._world.posts.values() for media in post.media)
        found = next((m for m in pictures if match and m.key == match[1]), None)
        if found is None:
            raise web.HTTPNotFound
        size = min(found.width, _LARGEST), min(found.height, _LARGEST)
        return _png(landscape(found.key, *size))


def _png(picture: bytes) -> web.Response:
    return web.Response(body=picture, content_type="image/png", headers=_HEADERS)
