"""What options and selects point at, gathered into `resolved`."""

from dataclasses import dataclass, field

from sandbox.discord.core import Core
from sandbox.discord.interactions.asking import Asker, AskError
from sandbox.discord.messages.files import Attachment, content_type_of
from sandbox.discord.messages.model import Message
from sandbox.discord.permissions import of_channel
from sandbox.discord.shapes import guilds, people
from sandbox.discord.types import Json


@dataclass(slots=True)
class Resolver:
    core: Core
    asker: Asker
    resolved: dict[str, Json] = field(default_factory=dict)

    def user(self, given: object) -> str:
        members = self.asker.guild.members
        for user_id, member in members.items():
            if str(given) in (str(user_id), member.user.username, f"@{member.user.username}"):
                alone = people.member_alone(member)
                held = of_channel(self.asker.guild, self.asker.channel, member)
                self._add("users", user_id, people.user(member.user))
                self._add("members", user_id, {**alone, "permissions": str(int(held))})
                return str(user_id)
        raise AskError(f"{given} is not a member here")

    def role(self, given: object) -> str:
        for role_id, role in self.asker.guild.roles.items():
            if str(given) in (str(role_id), role.name, f"@{role.name}"):
                self._add("roles", role_id, people.role(role))
                return str(role_id)
        raise AskError(f"{given} is not a role here")

    def channel(self, given: object) -> str:
        for channel in self.asker.guild.places:
            channel_id = channel.id
            if str(given) in (str(channel_id), channel.name, f"#{channel.name}"):
                held = of_channel(self.asker.guild, channel, self.asker.member)
                shape = {**guilds.channel(channel), "permissions": str(int(held))}
                self._add("channels", channel_id, shape)
                return str(channel_id)
        raise AskError(f"{given} is not a channel here")

    def mentionable(self, given: object) -> str:
        try:
            return self.user(given)
        except AskError:
            return self.role(given)

    def message(self, message: Message) -> str:
        self._add("messages", message.id, self.core.shapes().message(message))
        return str(message.id)

    def attachment(self, given: object) -> str:
        """Take `{filename, content}`: a small text file, uploaded with the command."""
        if not isinstance(given, dict) or not given.get("filename"):
            raise AskError("a file is {filename, content}")
        uploaded = Attachment(
            id=self.core.snowflakes.next(),
            filename=str(given["filename"]),
            content_type=content_type_of(str(given["filename"])),
            data=str(given.get("content", "")).encode(),
        )
        self.core.store.keep_upload(uploaded)
        shape = {**self.core.shapes().attachment(uploaded), "ephemeral": True}
        self._add("attachments", uploaded.id, shape)
        return str(uploaded.id)

    def _add(self, kind: str, snowflake: int, shape: Json) -> None:
        self.resolved.setdefault(kind, {})[str(snowflake)] = shape
