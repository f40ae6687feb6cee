"""A message and what it holds."""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.discord.messages.files import Attachment
from sandbox.discord.rules.messages import EPHEMERAL, IS_COMPONENTS_V2, LOADING
from sandbox.discord.types import Json

DEFAULT = 0
REPLY = 19
CHAT_INPUT_COMMAND = 20
CONTEXT_MENU_COMMAND = 23


@dataclass(frozen=True, slots=True)
class Mentions:
    """Who is really notified, after allowed_mentions and permissions."""

    users: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """All of a message that its author decides; an edit makes a new one."""

    content: str = ""
    embeds: tuple[Json, ...] = ()
    components: tuple[Json, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    flags: int = 0
    mentions: Mentions = field(default_factory=Mentions)

    @property
    def is_v2(self) -> bool:
        return bool(self.flags & IS_COMPONENTS_V2)

    @property
    def is_empty(self) -> bool:
        return not (self.content or self.embeds or self.components or self.attachments)


@dataclass(slots=True)
class Message:
    """`visible_to` is the one person an ephemeral message is for; everybody's is None."""

    id: int
    channel_id: int
    guild_id: int
    author_id: int
    content: Content
    created_at: datetime
    type: int = DEFAULT
    nonce: str | int | None = None
    reply_to: int | None = None
    application_id: int | None = None
    interaction_metadata: Json | None = None
    visible_to: int | None = None
    edited_at: datetime | None = None

    @property
    def is_ephemeral(self) -> bool:
        return bool(self.content.flags & EPHEMERAL)

    @property
    def is_loading(self) -> bool:
        return bool(self.content.flags & LOADING)

    def seen_by(self, user_id: int | None) -> bool:
        return self.visible_to is None or self.visible_to == user_id
