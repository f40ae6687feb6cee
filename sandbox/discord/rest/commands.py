"""Registering commands, for every guild or for one."""

from aiohttp import web

from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError, Problem
from sandbox.discord.http import json_response, no_content, path_id, read_any_json, read_json


class CommandRoutes:
    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> list[web.RouteDef]:
        application = r"/applications/{application_id:\d+}"
        scopes = (
            f"{application}/commands",
            application + r"/guilds/{guild_id:\d+}/commands",
        )
        return [route for scope in scopes for route in self._of(scope)]

    def _of(self, many: str) -> list[web.RouteDef]:
        one = many + r"/{command_id:\d+}"
        return [
            web.get(many, self.list),
            web.put(many, self.overwrite),
            web.post(many, self.create),
            web.get(one, self.get),
            web.patch(one, self.edit),
            web.delete(one, self.delete),
        ]

    async def list(self, request: web.Request) -> web.Response:
        return json_response(self._core.commands.listed(self._scope(request)))

    async def overwrite(self, request: web.Request) -> web.Response:
        scope = self._scope(request)
        return json_response(self._core.commands.overwrite(scope, await read_any_json(request)))

    async def create(self, request: web.Request) -> web.Response:
        scope = self._scope(request)
        command, is_new = self._core.commands.create(scope, await read_json(request))
        return json_response(command, 201 if is_new else 200)

    async def get(self, request: web.Request) -> web.Response:
        command_id = request.match_info["command_id"]
        return json_response(self._core.commands.get(self._scope(request), command_id))

    async def edit(self, request: web.Request) -> web.Response:
        scope, command_id = self._scope(request), request.match_info["command_id"]
        changes = await read_json(request)
        return json_response(self._core.commands.edit(scope, command_id, changes))

    async def delete(self, request: web.Request) -> web.Response:
        self._core.commands.delete(self._scope(request), request.match_info["command_id"])
        return no_content()

    def _scope(self, request: web.Request) -> int | None:
        if path_id(request, "application_id") != self._core.world.application.id:
            raise ApiError(Problem.UNKNOWN_APPLICATION)
        if "guild_id" not in request.match_info:
            return None
        guild_id = path_id(request, "guild_id")
        if guild_id not in self._core.world.guilds:
            raise ApiError(Problem.MISSING_ACCESS)
        return self._core.world.bots_guild(guild_id).id
