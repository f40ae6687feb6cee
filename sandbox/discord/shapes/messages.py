"""Messages as Discord's JSON, with addresses that lead back to this server."""

from copy import deepcopy
from dataclasses import dataclass
from urllib.parse import quote

from sandbox.discord.errors import ApiError
from sandbox.discord.messages.components import media
from sandbox.discord.messages.files import Attachment
from sandbox.discord.messages.model import Message
from sandbox.discord.messages.store import MessageStore
from sandbox.discord.rules.components import FILE, walk
from sandbox.discord.shapes import people
from sandbox.discord.types import Json
from sandbox.discord.world import User, World

SCHEME = "attachment://"


@dataclass(frozen=True, slots=True)
class MessageShapes:
    """`base` begins every address; with `avatars`, users carry a picture's address too."""

    world: World
    store: MessageStore
    base: str
    avatars: bool = False

    def user(self, who: User) -> Json:
        shape = people.user(who)
        if self.avatars:
            shape["avatar_url"] = self.avatar_url(who)
            shape["display_name"] = who.display_name
        return shape

    def avatar_url(self, who: User) -> str:
        return f"{self.base}/sandbox/avatars/{who.id}.svg"

    def message(self, message: Message, *, with_nonce: bool = False, depth: int = 1) -> Json:
        content = message.content
        shape: Json = {
            "id": str(message.id),
            "type": message.type,
            "channel_id": str(message.channel_id),
            "author": self._author(message.author_id),
            "content": content.content,
            "embeds": [self._embed(embed, message) for embed in content.embeds],
            "components": self._components(message),
            "attachments": [self.attachment(one) for one in self._listed(message)],
            "flags": content.flags,
            "timestamp": message.created_at.isoformat(),
            "edited_timestamp": message.edited_at.isoformat() if message.edited_at else None,
            "mentions": [self._author(user_id) for user_id in content.mentions.users],
            "mention_roles": [str(role_id) for role_id in content.mentions.roles],
            "mention_everyone": content.mentions.everyone,
            "pinned": False,
            "tts": False,
        }
        if message.application_id is not None:
            shape["application_id"] = str(message.application_id)
        if message.interaction_metadata is not None:
            shape["webhook_id"] = str(message.application_id)
            shape["interaction_metadata"] = self._metadata(message.interaction_metadata)
        if with_nonce and message.nonce is not None:
            shape["nonce"] = message.nonce
        if message.reply_to is not None:
            shape.update(self._reply(message, message.reply_to, depth))
        return shape

    def event(self, message: Message) -> Json:
        """Return what the gateway carries: the message, its guild and its author's membership."""
        guild = self.world.guilds[message.guild_id]
        shape = {**self.message(message, with_nonce=True), "guild_id": str(guild.id)}
        if message.author_id in guild.members:
            shape["member"] = people.member_alone(guild.members[message.author_id])
        return shape

    def attachment(self, one: Attachment) -> Json:
        url = self._url(one)
        shape: Json = {
            "id": str(one.id),
            "filename": one.filename,
            "size": len(one.data),
            "url": url,
            "proxy_url": url,
            "content_type": one.content_type,
        }
        if one.dimensions is not None:
            shape["width"], shape["height"] = one.dimensions
        if one.description:
            shape["description"] = one.description
        return shape

    def _author(self, user_id: int) -> Json:
        try:
            return self.user(self.world.user(user_id))
        except ApiError:
            return self.user(User(user_id, "deleted_user", "Deleted User"))

    def _metadata(self, metadata: Json) -> Json:
        shape = {**metadata, "user": self._author(int(metadata["user"]["id"]))}
        if "triggering_interaction_metadata" in metadata:
            inner = metadata["triggering_interaction_metadata"]
            shape["triggering_interaction_metadata"] = self._metadata(inner)
        return shape

    def _reply(self, message: Message, to: int, depth: int) -> Json:
        original = self.store.find(to)
        shape: Json = {
            "message_reference": {
                "type": 0,
                "channel_id": str(message.channel_id),
                "guild_id": str(message.guild_id),
                "message_id": str(to),
            }
        }
        if depth:
            shape["referenced_message"] = original and self.message(original, depth=depth - 1)
        return shape

    def _url(self, one: Attachment) -> str:
        return f"{self.base}/sandbox/attachments/{one.id}/{quote(one.filename)}"

    def _named(self, message: Message, url: str) -> Attachment | None:
        """Return the attachment that an `attachment://` address means."""
        if not url.startswith(SCHEME):
            return None
        name = url.removeprefix(SCHEME)
        return next((one for one in message.content.attachments if one.filename == name), None)

    def _listed(self, message: Message) -> list[Attachment]:
        """Return the attachments that no embed and no component shows: Discord lists only those."""
        pictures = [
            (embed.get(name) or {}).get(key, "")
            for embed in message.content.embeds
            for name, key in _EMBED_PICTURES
        ]
        pictures += [each["url"] for each in media(list(message.content.components))]
        shown = {attachment.id for url in pictures if (attachment := self._named(message, url))}
        return [one for one in message.content.attachments if one.id not in shown]

    def _embed(self, embed: Json, message: Message) -> Json:
        shape = deepcopy(embed)
        for name, key in _EMBED_PICTURES:
            picture = shape.get(name)
            if not picture or key not in picture:
                continue
            attachment = self._named(message, picture[key])
            if attachment is not None:
                picture[key] = self._url(attachment)
                if attachment.dimensions and key == "url":
                    picture["width"], picture["height"] = attachment.dimensions
            picture["proxy_icon_url" if key == "icon_url" else "proxy_url"] = picture[key]
        return shape

    def _components(self, message: Message) -> list[Json]:
        shapes = deepcopy(list(message.content.components))
        for shown in media(shapes):
            attachment = self._named(message, shown["url"])
            shown.update(self._media(message, attachment, shown["url"]))
        files = {str(file.id): file for file in message.content.attachments}
        for one, _ in walk(shapes):
            if one["type"] == FILE:
                file = files[one["file"]["attachment_id"]]
                one.update(name=file.filename, size=len(file.data))
        return shapes

    def _media(self, message: Message, attachment: Attachment | None, url: str) -> Json:
        if attachment is None:
            return {"id": str(message.id), "proxy_url": url}
        width, height = attachment.dimensions or (None, None)
        return {
            "id": str(attachment.id),
            "attachment_id": str(attachment.id),
            "url": self._url(attachment),
            "proxy_url": self._url(attachment),
            "content_type": attachment.content_type,
            "width": width,
            "height": height,
        }


_EMBED_PICTURES = (
    ("image", "url"),
    ("thumbnail", "url"),
    ("author", "icon_url"),
    ("footer", "icon_url"),
)
