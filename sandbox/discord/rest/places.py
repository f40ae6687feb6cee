"""The gateway's address, the bot itself, guilds, channels, members and roles."""

from aiohttp import web

from sandbox.discord.core import Core
from sandbox.discord.directs import open_direct
from sandbox.discord.errors import ApiError, Problem
from sandbox.discord.gateway.greeting import gateway_url
from sandbox.discord.gateway.protocol import Intent
from sandbox.discord.http import base_url, json_response, path_id, read_json
from sandbox.discord.permissions import Permission, of_channel, of_guild
from sandbox.discord.rest.access import visible_channel
from sandbox.discord.rules.problems import invalid
from sandbox.discord.shapes import guilds, people
from sandbox.discord.types import Json
from sandbox.discord.world import Guild, Thread

SESSIONS_A_DAY = 1000


class PlaceRoutes:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._world = core.world

    def routes(self) -> list[web.RouteDef]:
        guild = r"/guilds/{guild_id:\d+}"
        return [
            web.get("/gateway", self.gateway),
            web.get("/gateway/bot", self.gateway_bot),
            web.get("/users/@me", self.own_user),
            web.get("/users/@me/guilds", self.own_guilds),
            web.post("/users/@me/channels", self.open_direct),
            web.get(r"/users/{user_id:\d+}", self.user),
            web.get("/applications/@me", self.application),
            web.get("/oauth2/applications/@me", self.application),
            web.get(r"/channels/{channel_id:\d+}", self.channel),
            web.get(guild, self.guild),
            web.get(f"{guild}/channels", self.channels),
            web.get(f"{guild}/threads/active", self.active_threads),
            web.get(f"{guild}/roles", self.roles),
            web.get(f"{guild}/audit-logs", self.audit_log),
            web.get(f"{guild}/members", self.members),
            web.get(guild + r"/members/{user_id:\d+}", self.member),
        ]

    async def gateway(self, request: web.Request) -> web.Response:
        return json_response({"url": gateway_url(base_url(request))})

    async def gateway_bot(self, request: web.Request) -> web.Response:
        limit = {
            "total": SESSIONS_A_DAY,
            "remaining": SESSIONS_A_DAY,
            "reset_after": 0,
            "max_concurrency": 1,
        }
        url = gateway_url(base_url(request))
        return json_response(
            {"url": url, "shards": self._world.application.shards, "session_start_limit": limit}
        )

    async def own_user(self, _: web.Request) -> web.Response:
        return json_response(people.own_user(self._world.bot))

    async def own_guilds(self, _: web.Request) -> web.Response:
        return json_response([self._own_guild(guild) for guild in self._world.bots_guilds])

    async def user(self, request: web.Request) -> web.Response:
        return json_response(people.user(self._world.user(path_id(request, "user_id"))))

    async def open_direct(self, request: web.Request) -> web.Response:
        """Open the direct messages with a user, or return those that are there."""
        given = await read_json(request)
        # Discord takes its IDs as numbers too, which discord.py sends.
        recipient = str(given.get("recipient_id"))
        if not recipient.isdecimal():
            raise invalid(
                ("recipient_id",), "NUMBER_TYPE_COERCE", f'Value "{recipient}" is not snowflake.'
            )
        user = self._world.user(int(recipient))
        direct = self._world.direct_with(user.id) or open_direct(self._core, user)
        return json_response(guilds.direct(direct))

    async def application(self, _: web.Request) -> web.Response:
        application = self._world.application
        owner = self._world.user(application.owner_id)
        count = len(self._world.bots_guilds)
        return json_response(people.application(application, owner, self._world.bot, count))

    async def channel(self, request: web.Request) -> web.Response:
        channel = visible_channel(self._core, path_id(request, "channel_id"))
        if channel.id in self._world.directs:
            return json_response(guilds.direct(self._world.directs[channel.id]))
        if isinstance(channel, Thread):
            return json_response(guilds.thread(channel, self._world.application.id))
        return json_response(guilds.channel(channel))

    async def active_threads(self, request: web.Request) -> web.Response:
        """Return the threads that are open and that the bot sees."""
        guild = self._guild(request)
        bot = self._world.bot_member(guild)
        shown = [
            thread
            for thread in guild.threads.values()
            if not thread.archived and Permission.VIEW_CHANNEL in of_channel(guild, thread, bot)
        ]
        joined = [thread for thread in shown if bot.user.id in thread.members]
        return json_response(
            {
                "threads": [guilds.thread(thread, bot.user.id) for thread in shown],
                "members": [guilds.thread_member(thread, bot.user.id) for thread in joined],
                "has_more": False,
            }
        )

    async def guild(self, request: web.Request) -> web.Response:
        guild = self._guild(request)
        with_counts = request.query.get("with_counts") in ("1", "true", "True")
        shape = guilds.guild_with_counts(guild) if with_counts else guilds.guild(guild)
        return json_response(shape)

    async def channels(self, request: web.Request) -> web.Response:
        guild = self._guild(request)
        return json_response([guilds.channel(channel) for channel in guild.channels.values()])

    async def roles(self, request: web.Request) -> web.Response:
        guild = self._guild(request)
        return json_response([people.role(role) for role in guild.roles.values()])

    async def audit_log(self, request: web.Request) -> web.Response:
        """Return who added the bot, which is all that this audit log knows."""
        guild = self._guild(request)
        if Permission.VIEW_AUDIT_LOG not in of_guild(guild, self._world.bot_member(guild)):
            raise ApiError(Problem.MISSING_PERMISSIONS)
        action = request.query.get("action_type", str(guilds.BOT_ADD))
        entries = guild.bots_added if action == str(guilds.BOT_ADD) else []
        users = sorted({user_id for entry in entries for user_id in (entry.user_id, entry.bot_id)})
        return json_response(
            guilds.audit_log(entries, [self._world.user(user_id) for user_id in users])
        )

    async def members(self, request: web.Request) -> web.Response:
        guild = self._guild(request)
        if not self._world.application.privileged_intents & Intent.GUILD_MEMBERS:
            raise ApiError(Problem.MISSING_ACCESS)
        limit, after = request.query.get("limit", "1"), request.query.get("after", "0")
        if not limit.isdecimal() or not 1 <= int(limit) <= 1000 or not after.isdecimal():
            raise invalid(
                ("limit",), "NUMBER_TYPE_MAX", "int value should be between 1 and 1000, inclusive."
            )
        found = sorted(user_id for user_id in guild.members if user_id > int(after))
        page = [people.member(guild.members[user_id]) for user_id in found[: int(limit)]]
        return json_response(page)

    async def member(self, request: web.Request) -> web.Response:
        member = self._guild(request).member(path_id(request, "user_id"))
        return json_response(people.member(member))

    def _guild(self, request: web.Request) -> Guild:
        return self._world.bots_guild(path_id(request, "guild_id"))

    def _own_guild(self, guild: Guild) -> Json:
        return {
            "id": str(guild.id),
            "name": guild.name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": str(int(of_guild(guild, self._world.bot_member(guild)))),
            "features": [],
        }
