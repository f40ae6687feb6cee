"""What is announced, and in which message."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.notices import Notice
from bot.domain.posts import Post
from bot.domain.users import User
from bot.domain.watches import WatchKind


class AnnouncementType(StrEnum):
    """What an announcement tells."""

    LIKES = "likes"
    GROWTH = "growth"  # a count that rose where X shows no names
    LEFT = "left"  # likes that were taken back
    NOTICE = "notice"  # about the watch or about the server, such as that it has ended


class MessageForm(StrEnum):
    """What of an announcement is sent; where Discord refuses one form, the next is tried."""

    TOGETHER = "together"  # whole, with others in the message
    ALONE = "alone"  # whole, in a message of its own
    WITHOUT_PICTURE = "without_picture"
    WITHOUT_EXCERPT = "without_excerpt"  # nor picture
    COUNT = "count"  # how many, and a link to the post


MAX_ANNOUNCEMENTS = 5
"""Announcements in one message; at 8 components each, the 40 that Discord allows."""

MAX_LIKERS = 25
"""Likers in one message, over all its announcements: that many of the longest names fit."""

LIKERS_A_NOTICE = 5
"""What a notice takes of a message, in likers."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """One card, for one watch: who likes a post now, or does no longer, or how its count grew.

    `likers` is empty for growth, which goes from `from_count` to `like_count`. A notice has what it
    tells in `notice`, and may be about no post. Where `asks_author`, the post's author
    has linked their account, and has not agreed yet that this server sees who likes it. Beside the
    `likers` there are `unnamed` ones. Of a post that is gone from X (`post_gone`) nothing is told.
    """

    id: int
    watch_id: int | None
    post: Post | None
    likers: tuple[User, ...]
    like_count: int
    from_count: int | None = None
    kind: WatchKind = WatchKind.NAMES
    type: AnnouncementType = AnnouncementType.LIKES
    notice: Notice | None = None
    asks_author: bool = False
    unnamed: int = 0
    post_gone: bool = False

    @property
    def told(self) -> int:
        """Return how many likes it tells of, by name or not."""
        return len(self.likers) + self.unnamed

    @property
    def weight(self) -> int:
        """Return what it takes of a message, in likers."""
        return len(self.likers) if self.notice is None else LIKERS_A_NOTICE


@dataclass(frozen=True, slots=True)
class Recipient:
    """A member who is told alone, by direct message, for as long as they are in the guild."""

    member_id: int
    guild_id: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """Announcements that go into one Discord message; `key` is its nonce and rides in it.

    `is_in_trouble` says that the channel could not be written to before. All that is together has
    the same `form`. With a `recipient` it is for this member alone.
    """

    key: str
    channel_id: int
    announcements: tuple[Announcement, ...]
    first_tried_at: datetime | None
    is_in_trouble: bool = False
    form: MessageForm = MessageForm.TOGETHER
    recipient: Recipient | None = None


class WhyRetold(StrEnum):
    """Why a message says something else from now on."""

    GONE = "gone"  # X no longer shows what it quotes
    ASKED = "asked"  # somebody asked not to be named


@dataclass(frozen=True, slots=True)
class Retold:
    """A message that is to be changed; without a `delivery`, nothing of it is left to be told."""

    message_id: int
    channel_id: int
    why: WhyRetold
    recipient_id: int | None = None
    delivery: Delivery | None = None
