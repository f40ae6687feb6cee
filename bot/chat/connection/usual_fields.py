"""What discord.py takes for granted of Discord's objects, and can be done without."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

_INTERACTION: Mapping[str, Any] = {
    "version": 1,
    "attachment_size_limit": 10 * 2**20,  # bytes; the least that Discord takes anywhere
}
_MESSAGE: Mapping[str, Any] = {
    "type": 0,
    "content": "",
    "tts": False,
    "pinned": False,
    "mention_everyone": False,
    "mentions": (),
    "mention_roles": (),
    "attachments": (),
    "embeds": (),
    "edited_timestamp": None,
}
_USER: Mapping[str, Any] = {"discriminator": "0", "avatar": None}
_MEMBER: Mapping[str, Any] = {"roles": (), "flags": 0}
_CHANNEL: Mapping[str, Any] = {"name": "", "position": 0, "bitrate": 64_000, "user_limit": 0}


def whole_interaction(interaction: Json) -> Json:
    told = {name: value for name, value in interaction.items() if value is not None}
    whole = {**_INTERACTION, **told}
    channel_id = whole.get("channel_id")
    if channel := whole.get("channel"):
        whole["channel"] = {**_CHANNEL, **channel}
    elif channel_id:
        whole["channel"] = {"id": channel_id}
    for field, complete in (("user", _whole_user), ("member", _whole_member)):
        if whole.get(field):
            whole[field] = complete(whole[field])
    if message := whole.get("message"):
        whole["message"] = _whole_message({"channel_id": channel_id, **message})
    return whole


def whole_guild(guild: Json) -> Json:
    """Return a guild as it appears; an unavailable one has neither members nor channels."""
    whole = dict(guild)
    if "members" in whole:
        whole["members"] = [_whole_member(member) for member in whole["members"]]
    if "channels" in whole:
        whole["channels"] = [{**_CHANNEL, **channel} for channel in whole["channels"]]
    return whole


def _whole_user(user: Json) -> Json:
    return {**_USER, **user}


def _whole_member(member: Json) -> Json:
    whole = {**_MEMBER, **member}
    if whole.get("user"):
        whole["user"] = _whole_user(whole["user"])
    return whole


def _whole_message(message: Json) -> Json:
    whole = {**_MESSAGE, **message}
    if whole.get("author"):
        whole["author"] = _whole_user(whole["author"])
    return whole
