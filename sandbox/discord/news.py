"""Tells everybody what happened: bots through the gateway, the page through events."""

from collections.abc import Callable, Collection

from sandbox.discord.gateway.greeting import send_guild
from sandbox.discord.gateway.protocol import Intent
from sandbox.discord.gateway.session import Session
from sandbox.discord.gateway.sessions import Sessions
from sandbox.discord.messages.model import Message
from sandbox.discord.messages.store import MessageStore
from sandbox.discord.permissions import Permission, of_channel
from sandbox.discord.shapes import guilds, people
from sandbox.discord.shapes.messages import MessageShapes
from sandbox.discord.types import Json
from sandbox.discord.world import Channel, Guild, Member, Role, Thread, World
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

    def guild_changed(self, guild: Guild) -> None:
        self._to_guild("GUILD_UPDATE", guild.id, guilds.guild(guild))

    def member_added(self, guild: Guild, member: Member) -> None:
        shape = {**people.member(member), "guild_id": str(guild.id)}
        self._to_guild("GUILD_MEMBER_ADD", guild.id, shape, Intent.GUILD_MEMBERS)
        self._events.emit("member.create", {"member": shape})

    def role_added(self, guild: Guild, role: Role) -> None:
        shape = {"guild_id": str(guild.id), "role": people.role(role)}
        self._to_guild("GUILD_ROLE_CREATE", guild.id, shape)
        self._events.emit("role.create", shape)

    def role_changed(self, guild: Guild, role: Role) -> None:
        shape = {"guild_id": str(guild.id), "role": people.role(role)}
        self._to_guild("GUILD_ROLE_UPDATE", guild.id, shape)

    def member_changed(self, guild: Guild, member: Member) -> None:
        """Tell of changed roles; a bot hears of its own in any case."""
        shape = {**people.member(member), "guild_id": str(guild.id)}
        is_bot = member.user.id == self._world.application.id
        intent = Intent.GUILDS if is_bot else Intent.GUILD_MEMBERS
        self._to_guild("GUILD_MEMBER_UPDATE", guild.id, shape, intent)

    def thread_changed(self, what: str, thread: Thread) -> None:
        """Tell of a thread's `create`, `update` or `delete`, where the bot sees it."""
        shape = guilds.thread(thread, self._world.application.id)
        if what == "create":
            shape["newly_created"] = True
        if what == "delete":
            names = ("id", "guild_id", "parent_id", "type")
            shape = {name: shape[name] for name in names}
        if self._is_seen(thread):
            self._to_guild(f"THREAD_{what.upper()}", thread.guild_id, shape)
        self._events.emit(f"thread.{what}", {"thread": shape})

    def thread_members_changed(
        self, thread: Thread, added: Collection[int] = (), removed: Collection[int] = ()
    ) -> None:
        """Tell of those who were added or removed; whoever was added hears of the thread first."""
        bot_id = self._world.application.id
        if bot_id in added:
            shape = guilds.thread(thread, bot_id)
            self._to_guild("THREAD_CREATE", thread.guild_id, shape)
        members: Json = {
            "id": str(thread.id),
            "guild_id": str(thread.guild_id),
            "member_count": len(thread.members),
            "added_members": [guilds.thread_member(thread, user_id) for user_id in added],
            "removed_member_ids": [str(user_id) for user_id in removed],
        }
        if self._is_seen(thread):
            self._to_guild("THREAD_MEMBERS_UPDATE", thread.guild_id, members)

    def bot_joined(self, guild: Guild) -> None:
        for session in self._sessions.each(guild.id):
            send_guild(self._world, session, guild, joined=True)
        self._events.emit("bot.joined", {"guild_id": str(guild.id)})

    def bot_left(self, guild: Guild) -> None:
        """Tell that the bot was removed from a guild: the last that it hears of that."""
        self._to_guild("GUILD_DELETE", guild.id, {"id": str(guild.id)})
        self._events.emit("bot.left", {"guild_id": str(guild.id)})

    def _is_seen(self, channel: Channel) -> bool:
        guild = self._world.guild_of(channel)
        if not self._world.has_bot(guild):
            return False
        held = of_channel(guild, channel, self._world.bot_member(guild))
        return Permission.VIEW_CHANNEL in held

    def _to_guild(
        self, event: str, guild_id: int, shape: Json, intent: int = Intent.GUILDS
    ) -> None:
        if self._world.has_bot(self._world.guild(guild_id)):
            self._sessions.dispatch(event, guild_id, lambda _: shape, intent)

    def _send_message(self, event: str, message: Message) -> None:
        def make(session: Session) -> Json:
            shape = MessageShapes(self._world, self._store, session.base).event(message)
            return shape if self._may_read(session, message) else {**shape, **CONTENT_FIELDS}

        self._to_bots(event, message, make)

    def _to_bots(self, event: str, message: Message, make: Callable[[Session], Json]) -> None:
        """Send unless it is ephemeral, or in a channel that the bot may not see.

        Direct messages are told of to nobody: the bot asks for none.
        """
        guild = self._world.guilds.get(message.guild_id)
        if guild is None or message.visible_to is not None:
            return
        if self._is_seen(self._world.channel(message.channel_id)):
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
