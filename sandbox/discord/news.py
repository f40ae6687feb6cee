"""Tells everybody what happened: bots through the gateway, the page through events."""

from collections.abc import Callable

from sandbox.discord.gateway.protocol import Intent
from sandbox.discord.gateway.session import Session
from sandbox.discord.gateway.sessions import Sessions
from sandbox.discord.messages.model import Message
from sandbox.discord.messages.store import MessageStore
from sandbox.discord.permissions import Permission, of_channel
from sandbox.discord.shapes import guilds, people
from sandbox.discord.shapes.messages import MessageShapes
from sandbox.discord.types import Json
from sandbox.discord.world import Channel, Guild, Member, Role, World
from sandbox.events import Events

CONTENT_FIELDS: Json = {"content": "", "embeds": [], "components": [], "attachments": []}


class News:
    """`base` is this server's own address, once something has come to it."""

    def __init__(
        self, world: World, store: MessageStore, sessions: Sessions, events: Events
    ) -> None:
        self._world = world
        self._store = store
        self._sessions = sessions
        self._events = events
        self.base = "http://127.0.0.1"

    def message_created(self, message: Message) -> None:
        self._send_message("MESSAGE_CREATE", message)
        self._emit_message("message.create", message)

    def message_updated(self, message: Message) -> None:
        self._send_message("MESSAGE_UPDATE", message)
        self._emit_message("message.update", message)

    def message_deleted(self, message: Message) -> None:
        gone = {
            "id": str(message.id),
            "channel_id": str(message.channel_id),
            "guild_id": str(message.guild_id),
        }
        self._to_bots("MESSAGE_DELETE", message, lambda _: gone)
        self._emit_message("message.delete", message)

    def channel_changed(self, what: str, channel: Channel) -> None:
        """Tell of a channel's `create`, `update` or `delete`."""
        shape = guilds.channel(channel)
        self._to_guild(f"CHANNEL_{what.upper()}", channel.guild_id, shape)
        self._events.emit(f"channel.{what}", {"channel": shape})

    def member_added(self, guild: Guild, member: Member) -> None:
        shape = {**people.member(member), "guild_id": str(guild.id)}
        self._sessions.dispatch("GUILD_MEMBER_ADD", guild.id, lambda _: shape, Intent.GUILD_MEMBERS)
        self._events.emit("member.create", {"member": shape})

    def role_added(self, guild: Guild, role: Role) -> None:
        shape = {"guild_id": str(guild.id), "role": people.role(role)}
        self._to_guild("GUILD_ROLE_CREATE", guild.id, shape)
        self._events.emit("role.create", shape)

    def _to_guild(self, event: str, guild_id: int, shape: Json) -> None:
        self._sessions.dispatch(event, guild_id, lambda _: shape, Intent.GUILDS)

    def _send_message(self, event: str, message: Message) -> None:
        def make(session: Session) -> Json:
            shape = MessageShapes(self._world, self._store, session.base).event(message)
            return shape if self._may_read(session, message) else {**shape, **CONTENT_FIELDS}

        self._to_bots(event, message, make)

    def _to_bots(self, event: str, message: Message, make: Callable[[Session], Json]) -> None:
        """Send unless it is ephemeral, or in a channel that the bot may not see."""
        guild = self._world.guilds[message.guild_id]
        channel = guild.channels.get(message.channel_id)
        if message.visible_to is not None or channel is None:
            return
        held = of_channel(guild, channel, self._world.bot_member(guild))
        if Permission.VIEW_CHANNEL in held:
            self._sessions.dispatch(event, guild.id, make, Intent.GUILD_MESSAGES)

    def _may_read(self, session: Session, message: Message) -> bool:
        bot_id = self._world.application.id
        return bool(
            session.intents & Intent.MESSAGE_CONTENT
            or message.author_id == bot_id
            or bot_id in message.content.mentions.users
        )

    def _emit_message(self, event: str, message: Message) -> None:
        shapes = MessageShapes(self._world, self._store, self.base, avatars=True)
        data: Json = {"channel_id": str(message.channel_id), "message": shapes.message(message)}
        if message.visible_to is not None:
            data["visible_to"] = str(message.visible_to)
        self._events.emit(event, data)
