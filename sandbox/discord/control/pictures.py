"""Avatars and attached files, served to whoever has the address."""

from aiohttp import web

from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError, Problem
from sandbox.discord.http import path_id
from sandbox.discord.pictures import avatar_svg

SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp", "text/plain")
"""Everything else is offered as a download: a page sent by a bot must not run here."""


class PictureControl:
    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(r"/sandbox/avatars/{user_id:\d+}.svg", self.avatar),
            web.get(r"/sandbox/attachments/{attachment_id:\d+}/{filename}", self.attachment),
        ]

    async def avatar(self, request: web.Request) -> web.Response:
        user = self._core.world.user(path_id(request, "user_id"))
        return web.Response(
            text=avatar_svg(user.display_name),
            content_type="image/svg+xml",
            headers={"Cache-Control": "max-age=86400"},
        )

    async def attachment(self, request: web.Request) -> web.Response:
        found = self._core.store.attachment(path_id(request, "attachment_id"))
        if found is None or found.filename != request.match_info["filename"]:
            raise ApiError(Problem.NOT_FOUND)
        headers = {"X-Content-Type-Options": "nosniff"}
        if found.content_type not in SHOWN:
            headers["Content-Disposition"] = "attachment"
        return web.Response(body=found.data, content_type=found.content_type, headers=headers)
