"""Threads, whose a server is, and the bot's being in it or not."""

from aiohttp import web

from sandbox.discord import threads
from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError, Problem
from sandbox.discord.http import json_response, no_content, path_id, read_json
from sandbox.discord.interactions.asking import AskError
from sandbox.discord.shapes import guilds
from sandbox.discord.world import BotAdded, Member, Thread


class PlaceControl:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._world = core.world

    def routes(self) -> list[web.RouteDef]:
        bot = r"/sandbox/guilds/{guild_id:\d+}/bot"
        return [
            web.post("/sandbox/threads", self.open_thread),
            web.patch(r"/sandbox/threads/{thread_id:\d+}", self.change_thread),
            web.patch(r"/sandbox/guilds/{guild_id:\d+}", self.change_guild),
            web.put(bot, self.invite_bot),
            web.delete(bot, self.remove_bot),
            web.get("/sandbox/commands/scopes", self.command_scopes),
        ]

    async def open_thread(self, request: web.Request) -> web.Response:
        """Open a thread with the bot in it: `{parent_id, name, private?}`."""
        given = await read_json(request)
        parent = self._world.channel(int(given["parent_id"]))
        if isinstance(parent, Thread):
            raise AskError("a thread has no threads")
        owner_id = self._world.guild_of(parent).owner_id
        private = given.get("private") is True
        thread = threads.open_thread(
            self._core, parent, str(given["name"]), owner_id, private=private
        )
        return json_response(guilds.thread(thread), 201)

    async def change_thread(self, request: web.Request) -> web.Response:
        """Archive, lock or open it, or add and remove the bot: `{archived?, locked?, bot?}`."""
        given = await read_json(request)
        thread = self._world.channel(path_id(request, "thread_id"))
        if not isinstance(thread, Thread):
            raise ApiError(Problem.UNKNOWN_CHANNEL)
        if "archived" in given or "locked" in given:
            threads.change(
                self._core, thread, archived=given.get("archived"), locked=given.get("locked")
            )
        if "bot" in given:
            bot_id = self._world.application.id
            threads.set_member(self._core, thread, bot_id, is_in=given["bot"] is True)
        return json_response(guilds.thread(thread))

    async def change_guild(self, request: web.Request) -> web.Response:
        """Hand a server over to a member, or set its language: `{owner_id?, locale?}`."""
        given = await read_json(request)
        guild = self._world.guild(path_id(request, "guild_id"))
        if "owner_id" in given:
            guild.owner_id = guild.member(int(given["owner_id"])).user.id
        guild.locale = str(given.get("locale", guild.locale))
        self._core.news.guild_changed(guild)
        return no_content()

    async def invite_bot(self, request: web.Request) -> web.Response:
        """Let the bot be in a server, with no role but everyone's: `{by?}`, else its owner."""
        given = await read_json(request)
        guild = self._world.guild(path_id(request, "guild_id"))
        if not self._world.has_bot(guild):
            bot, by = self._world.bot, int(given.get("by", guild.owner_id))
            guild.bots_added.append(BotAdded(self._core.snowflakes.next(), by, bot.id))
            guild.members[bot.id] = Member(bot, self._core.clock.now())
            self._core.news.bot_joined(guild)
        return no_content()

    async def remove_bot(self, request: web.Request) -> web.Response:
        guild = self._world.guild(path_id(request, "guild_id"))
        if self._world.has_bot(guild):
            self._core.news.bot_left(guild)
            del guild.members[self._world.application.id]
        return no_content()

    async def command_scopes(self, _: web.Request) -> web.Response:
        """Return the names of what is registered: `{"global": […], "a guild's ID": […]}`."""
        scopes = self._core.commands.scopes
        return json_response(
            {
                "global" if scope is None else str(scope): sorted(one["name"] for one in found)
                for scope, found in scopes.items()
            }
        )
