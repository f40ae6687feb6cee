"""Sending, editing and deleting messages, with everybody told."""

from dataclasses import dataclass, replace

from sandbox.discord import threads
from sandbox.discord.core import Core
from sandbox.discord.messages import mentions
from sandbox.discord.messages.components import texts
from sandbox.discord.messages.model import DEFAULT, REPLY, Content, Message
from sandbox.discord.permissions import of_channel
from sandbox.discord.types import Json
from sandbox.discord.world import Channel, Member, Thread


@dataclass(frozen=True, slots=True)
class Envelope:
    """What surrounds a message's content; the first of a forum's thread has the thread's ID."""

    type: int = DEFAULT
    nonce: str | int | None = None
    reply_to: int | None = None
    interaction_metadata: Json | None = None
    visible_to: int | None = None
    allowed_mentions: Json | None = None
    message_id: int | None = None


def send(
    core: Core, channel: Channel, author: Member, content: Content, envelope: Envelope
) -> Message:
    is_reply = envelope.reply_to is not None and envelope.type == DEFAULT
    message = Message(
        id=core.snowflakes.next() if envelope.message_id is None else envelope.message_id,
        channel_id=channel.id,
        guild_id=channel.guild_id,
        author_id=author.user.id,
        content=_with_mentions(core, channel, author, content, envelope),
        created_at=core.clock.now(),
        type=REPLY if is_reply else envelope.type,
        nonce=envelope.nonce,
        reply_to=envelope.reply_to,
        application_id=author.user.id if author.user.bot else None,
        interaction_metadata=envelope.interaction_metadata,
        visible_to=envelope.visible_to,
    )
    if isinstance(channel, Thread) and channel.archived:
        threads.change(core, channel, archived=False)  # whoever writes opens it again
    core.store.add(message)
    if message.visible_to is None:
        channel.last_message_id = message.id
    core.news.message_created(message)
    return message


def edit(
    core: Core, message: Message, content: Content, allowed_mentions: Json | None = None
) -> Message:
    """Replace the content; a message that was only promised is not marked as edited."""
    channel = core.world.channel(message.channel_id)
    author = core.world.guild_of(channel).member(message.author_id)
    envelope = Envelope(allowed_mentions=allowed_mentions)
    if not message.is_loading:
        message.edited_at = core.clock.now()
    message.content = _with_mentions(core, channel, author, content, envelope)
    core.news.message_updated(message)
    return message


def delete(core: Core, message: Message) -> None:
    core.store.remove(message)
    core.news.message_deleted(message)


def _with_mentions(
    core: Core, channel: Channel, author: Member, content: Content, envelope: Envelope
) -> Content:
    guild = core.world.guild_of(channel)
    found = mentions.find(
        "\n".join([content.content, *texts(list(content.components))]),
        envelope.allowed_mentions,
        guild,
        of_channel(guild, channel, author),
        _replied_to(core, envelope),
    )
    return replace(content, mentions=found)


def _replied_to(core: Core, envelope: Envelope) -> int | None:
    """Return whom a reply notifies; answers to an interaction notify nobody by replying."""
    if envelope.reply_to is None or envelope.interaction_metadata is not None:
        return None
    original = core.store.find(envelope.reply_to)
    return original.author_id if original else None
