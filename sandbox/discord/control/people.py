"""What members do: use commands, touch components, hand in modals, write and read."""

from aiohttp import web

from sandbox.discord import sending
from sandbox.discord.control.guard import refusal
from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError, Problem
from sandbox.discord.http import base_url, json_response, path_id, read_json
from sandbox.discord.interactions import asking, invoking, touching
from sandbox.discord.interactions.asking import Ask, Asker, AskError
from sandbox.discord.interactions.outcome import (
    SETTLE_SECONDS,
    TIMEOUT_SECONDS,
    Patience,
    outcome,
    wait_until_whole,
)
from sandbox.discord.messages.compose import compose
from sandbox.discord.messages.files import Body
from sandbox.discord.permissions import may_manage, of_channel, sending_in
from sandbox.discord.types import Json
from sandbox.discord.world import Channel, Guild, Member


class PeopleControl:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._world = core.world

    def routes(self) -> list[web.RouteDef]:
        messages = r"/sandbox/channels/{channel_id:\d+}/messages"
        return [
            web.post("/sandbox/interactions", self.interact),
            web.get("/sandbox/commands", self.commands),
            web.get(messages, self.read),
            web.post(messages, self.write),
        ]

    async def interact(self, request: web.Request) -> web.Response:
        """Do one thing as a member, and answer once all that the member sees of it is there."""
        given = await read_json(request)
        if not self._core.sessions.connected:
            return refusal("the bot is not connected", 409)
        asker = self._asker(given)
        if asker.member.user.bot:
            raise AskError("a bot uses no commands, components or modals")
        patience = Patience(
            timeout_s=float(given.get("timeout_s", TIMEOUT_SECONDS)),
            settle_s=float(given.get("settle_s", SETTLE_SECONDS)),
            said_all=self._core.said_all,
        )
        try:
            ask = self._ask(asker, given)
        except invoking.NotAllowedError:
            return json_response(_nothing("missing permissions"))
        interaction = asking.start(self._core, asker, ask)
        error = await wait_until_whole(self._core.interactions, interaction, patience)
        shapes = self._core.shapes(base_url(request), avatars=True)
        return json_response(outcome(interaction, self._core.store, shapes, error))

    async def commands(self, request: web.Request) -> web.Response:
        guild = self._guild(request.query.get("guild_id"))
        user_id = request.query.get("user_id")
        member = guild.member(int(user_id)) if user_id else None
        return json_response(self._core.commands.usable(guild, member))

    async def read(self, request: web.Request) -> web.Response:
        channel = self._world.channel(path_id(request, "channel_id"))
        reader = request.query.get("as")
        seen = self._core.store.seen_in(channel.id, int(reader) if reader else None)
        shapes = self._core.shapes(base_url(request), avatars=True)
        return json_response([shapes.message(message) for message in seen])

    async def write(self, request: web.Request) -> web.Response:
        """Write a plain message: `{user_id?, content}`."""
        given = await read_json(request)
        channel = self._world.channel(path_id(request, "channel_id"))
        guild = self._world.guild_of(channel)
        member = self._member(guild, given.get("user_id"))
        if sending_in(channel) not in of_channel(guild, channel, member):
            raise ApiError(Problem.MISSING_PERMISSIONS)
        content = compose(Body({"content": given.get("content")}), self._core.snowflakes)
        message = sending.send(self._core, channel, member, content, sending.Envelope())
        shapes = self._core.shapes(base_url(request), avatars=True)
        return json_response(shapes.message(message), 201)

    def _ask(self, asker: Asker, given: Json) -> Ask:
        match given:
            case {"component": dict(component)}:
                return touching.use_component(self._core, asker, component)
            case {"modal": dict(modal)}:
                return touching.hand_in(self._core, asker, modal)
            case {"autocomplete": dict(typed)}:
                return invoking.complete(
                    self._core,
                    asker,
                    str(typed["command"]),
                    typed.get("options") or {},
                    str(typed["focused"]),
                )
            case {"command": str(name), "target_id": str() | int() as target_id}:
                return invoking.call_on(self._core, asker, name, str(target_id))
            case {"command": str(words)}:
                return invoking.call(self._core, asker, words, given.get("options") or {})
        raise AskError("say what to do: a command, a component, a modal or an autocomplete")

    def _asker(self, given: Json) -> Asker:
        channel_id = given.get("channel_id")
        if channel_id is None:
            guild = self._guild(given.get("guild_id"))
            channel = _first_channel(guild)
        else:
            channel = self._world.channel(int(channel_id))
            guild = self._world.guild_of(channel)
            if given.get("guild_id") is not None and self._guild(given["guild_id"]) is not guild:
                raise AskError(f"the server {given['guild_id']} has no channel {channel_id}")
        member = self._member(guild, given.get("user_id"))
        return Asker(guild, channel, member, by_user=given.get("user_installed") is True)

    def _guild(self, guild_id: str | None) -> Guild:
        return self._world.first_guild if guild_id is None else self._world.guild(int(guild_id))

    @staticmethod
    def _member(guild: Guild, user_id: str | None) -> Member:
        """Return this member, or the first who may manage the server."""
        if user_id is not None:
            return guild.member(int(user_id))
        people = (member for member in guild.members.values() if not member.user.bot)
        return next(member for member in people if may_manage(guild, member))


def _first_channel(guild: Guild) -> Channel:
    if not guild.channels:
        raise AskError("the server has no channel left")
    return min(guild.channels.values(), key=lambda channel: channel.position)


def _nothing(error: str) -> Json:
    return {
        "acked_ms": None,
        "deferred": False,
        "ephemeral": False,
        "messages": [],
        "error": error,
    }
