"""The world as the page and the tests see it, and ways to change it."""

import re
from dataclasses import replace

from aiohttp import web

from sandbox.discord import threads
from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError, Problem
from sandbox.discord.http import base_url, json_response, no_content, path_id, read_json
from sandbox.discord.interactions.asking import AskError
from sandbox.discord.permissions import may_manage, parse_names
from sandbox.discord.shapes import guilds, people
from sandbox.discord.shapes.messages import MessageShapes
from sandbox.discord.types import Json
from sandbox.discord.world import (
    FORUM,
    MEMBER_OVERWRITE,
    NEWS,
    TEXT,
    Channel,
    Guild,
    Member,
    Overwrite,
    Role,
    Tag,
    Thread,
    User,
)

CHANNEL_NAME = re.compile(r"[-\w]{1,100}")

_KINDS = {"text": TEXT, "news": NEWS, "forum": FORUM}


class WorldControl:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._world = core.world

    def routes(self) -> list[web.RouteDef]:
        one = r"/sandbox/channels/{channel_id:\d+}"
        return [
            web.get("/sandbox/world", self.world),
            web.post("/sandbox/channels", self.add_channel),
            web.patch(one, self.change_channel),
            web.delete(one, self.remove_channel),
            web.post("/sandbox/members", self.add_member),
            web.post("/sandbox/roles", self.add_role),
            web.patch(r"/sandbox/roles/{role_id:\d+}", self.change_role),
        ]

    async def world(self, request: web.Request) -> web.Response:
        shapes = self._core.shapes(base_url(request), avatars=True)
        application_id = str(self._world.application.id)
        return json_response(
            {
                "guilds": [_guild(guild, shapes) for guild in self._world.guilds.values()],
                "application_id": application_id,
                "bot_user_id": application_id,
                "connected": self._core.sessions.connected,
            }
        )

    async def add_channel(self, request: web.Request) -> web.Response:
        """Open a channel: `{name, guild_id?, topic?, kind?, tags?: [names], deny?: [names]}`.

        `tags` are a forum's, `deny` is what the bot may not do there.
        """
        given = await read_json(request)
        guild = self._guild(given)
        channel = Channel(
            id=self._core.snowflakes.next(),
            guild_id=guild.id,
            name=_channel_name(given["name"]),
            position=len(guild.channels),
            topic=given.get("topic"),
            kind=_KINDS[given.get("kind", "text")],
            tags=tuple(
                Tag(self._core.snowflakes.next(), str(name)) for name in given.get("tags") or []
            ),
        )
        self._deny(channel, given.get("deny") or [])
        guild.channels[channel.id] = channel
        self._core.news.channel_changed("create", channel)
        return json_response(guilds.channel(channel), 201)

    async def change_channel(self, request: web.Request) -> web.Response:
        """Rename it, or set anew what the bot may not do there."""
        given = await read_json(request)
        channel = self._world.channel(path_id(request, "channel_id"))
        name = _channel_name(given["name"]) if "name" in given else channel.name
        if "deny" in given:
            self._deny(channel, given["deny"] or [])
        channel.name = name
        channel.topic = given.get("topic", channel.topic)
        self._core.news.channel_changed("update", channel)
        return json_response(guilds.channel(channel))

    async def remove_channel(self, request: web.Request) -> web.Response:
        """Delete a channel with all its threads, or a thread."""
        channel = self._world.channel(path_id(request, "channel_id"))
        if isinstance(channel, Thread):
            threads.remove(self._core, channel)
            return no_content()
        guild = self._world.guild_of(channel)
        for thread in [one for one in guild.threads.values() if one.parent_id == channel.id]:
            del guild.threads[thread.id]  # Discord tells of the channel alone
            self._core.store.forget_channel(thread.id)
        del guild.channels[channel.id]
        self._core.store.forget_channel(channel.id)
        self._core.news.channel_changed("delete", channel)
        return no_content()

    async def add_member(self, request: web.Request) -> web.Response:
        """Let somebody join: `{username, display_name?, roles?: [IDs or names], guild_id?}`."""
        given = await read_json(request)
        guild = self._guild(given)
        username = str(given["username"])
        if any(member.user.username == username for member in guild.members.values()):
            raise AskError(f"there is a member {username} already")
        display_name = str(given.get("display_name") or username)
        user = User(self._core.snowflakes.next(), username, display_name)
        roles = {_role_id(guild, name) for name in given.get("roles") or []}
        member = Member(user, self._core.clock.now(), roles)
        guild.members[user.id] = member
        self._core.news.member_added(guild, member)
        shapes = self._core.shapes(base_url(request), avatars=True)
        return json_response(_member(guild, member, shapes), 201)

    async def add_role(self, request: web.Request) -> web.Response:
        """Make a role: `{name, permissions?: [names], mentionable?, color?, guild_id?}`."""
        given = await read_json(request)
        guild = self._guild(given)
        role = Role(
            id=self._core.snowflakes.next(),
            name=str(given["name"]),
            permissions=int(parse_names(given.get("permissions") or [])),
            color=int(given.get("color") or 0),
            mentionable=bool(given.get("mentionable")),
        )
        role = replace(role, position=len(guild.roles))
        guild.roles[role.id] = role
        self._core.news.role_added(guild, role)
        return json_response(people.role(role), 201)

    async def change_role(self, request: web.Request) -> web.Response:
        """Change what a role may do: `{permissions: [names]}`."""
        given = await read_json(request)
        role_id = path_id(request, "role_id")
        for guild in self._world.guilds.values():
            if role_id in guild.roles:
                held = int(parse_names(given["permissions"]))
                guild.roles[role_id] = role = replace(guild.roles[role_id], permissions=held)
                self._core.news.role_changed(guild, role)
                return json_response(people.role(role))
        raise ApiError(Problem.UNKNOWN_ROLE)

    def _guild(self, given: Json) -> Guild:
        guild_id = given.get("guild_id")
        return self._world.guild(int(guild_id)) if guild_id else self._world.first_guild

    def _deny(self, channel: Channel, names: list[str]) -> None:
        """Make these the things that the bot itself is denied, and no others."""
        bot_id = self._world.application.id
        denied = int(parse_names(names))
        channel.overwrites.pop(bot_id, None)
        if denied:
            channel.overwrites[bot_id] = Overwrite(bot_id, MEMBER_OVERWRITE, deny=denied)


def _channel_name(given: object) -> str:
    if not isinstance(given, str) or not CHANNEL_NAME.fullmatch(given):
        raise AskError("a channel's name is 1 to 100 letters, digits, - and _")
    return given


def _role_id(guild: Guild, given: object) -> int:
    for role in guild.roles.values():
        if str(given) in (str(role.id), role.name):
            return role.id
    raise ApiError(Problem.UNKNOWN_ROLE)


def _guild(guild: Guild, shapes: MessageShapes) -> Json:
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "channels": [guilds.channel(channel) for channel in guild.channels.values()],
        "threads": [guilds.thread(thread) for thread in guild.threads.values()],
        "members": [_member(guild, member, shapes) for member in guild.members.values()],
        "roles": [people.role(role) for role in guild.roles.values()],
    }


def _member(guild: Guild, member: Member, shapes: MessageShapes) -> Json:
    return {
        "id": str(member.user.id),
        "username": member.user.username,
        "display_name": member.user.display_name,
        "avatar_url": shapes.avatar_url(member.user),
        "roles": [str(role_id) for role_id in sorted(member.roles)],
        "bot": member.user.bot,
        "admin": may_manage(guild, member) and not member.user.bot,
    }
