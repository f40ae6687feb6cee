"""What is announced, and in which message."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.languages import Language
from bot.domain.notices import Notice
from bot.domain.posts import Post
from bot.domain.styles import WatchStyle
from bot.domain.users import User
from bot.domain.watches import WatchKind


class AnnouncementType(StrEnum):
    """What an announcement tells."""

    LIKES = "likes"
    GROWTH = "growth"  # a count that rose where X shows no names
    LEFT = "left"  # likes that were taken back
    POST = "post"  # that a watched account has made one
    NOTICE = "notice"  # about the watch or about the server, such as that it has ended


class MessageForm(StrEnum):
    """What of an announcement is sent; where Discord refuses one form, the next is tried."""

    TOGETHER = "together"  # whole, with others in the message
    ALONE = "alone"  # whole, in a message of its own
    WITHOUT_PICTURE = "without_picture"
    WITHOUT_EXCERPT = "without_excerpt"  # nor picture
    COUNT = "count"  # how many, and a link to the post


PICTURED = frozenset({MessageForm.TOGETHER, MessageForm.ALONE})
"""The forms that have pictures."""

MAX_ANNOUNCEMENTS = 5
"""Announcements in one message; at 8 components each, the 40 that Discord allows."""

MAX_IN_DIGEST = 4
"""In a digest, whose chart takes room too."""

SHOWN_NAMES = 5
"""Likers that an announcement names; the others are counted, and listed behind a button."""

SHOWN_FOLLOWERS = 10_000
"""From so many followers on, it is said how many a liker has."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """What is worth saying of somebody's like.

    It is their `nth` in this month, as far as this server watches; `is_first`: of all on the post.
    """

    user_id: int
    nth: int = 0
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Announcement:
    """One card, for one watch: who likes a post now, or does no longer, or how its count grew.

    `likers` are those who are named, the newest like first, and `more` how many others there are;
    of growth there are none, which goes from `from_count` to `like_count`. A notice has what it
    tells in `notice`, and may be about no post. Where `asks_author`, the post's author has linked
    their account, and has not agreed yet that this server sees who likes it. Of a post that is gone
    from X (`post_gone`) nothing is told. `rows` are what it was made of in the outbox.

    How it is told is its `style`. Its count has come to a `milestone`, or is on its way to a
    `goal`; `course` is how the count went, at even distances, `since` a moment and `until` another.
    A `template` has the words for it. Of a new post it says what its author `does`, and by whom it
    was reposted; its likes may be told in a thread that it opens.
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
    post_gone: bool = False
    more: int = 0
    recognitions: tuple[Recognition, ...] = ()
    rows: tuple[int, ...] = ()
    style: WatchStyle = WatchStyle.FEED
    milestone: int | None = None
    goal: int | None = None
    course: tuple[int, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    template: str | None = None
    does: str = "posted"
    reposted_by: str | None = None
    opens_thread: bool = False

    @property
    def told(self) -> int:
        """Return how many likes are told of by name or as one of the others."""
        return len(self.likers) + self.more


@dataclass(frozen=True, slots=True)
class Recipient:
    """A member who is told alone, by direct message, for as long as they are in the guild."""

    member_id: int
    guild_id: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """Announcements that go into one Discord message; `key` is its nonce and rides in it.

    It `is_tried_again` where an earlier try may have sent it. `is_in_trouble` says that the channel
    could not be written to before. All that is together has the same `form`. With a `recipient` it
    is for this member alone. A card that is there already is the message `card_id`, begun at
    `card_at`, and is changed. It `mentions` these roles, and is published where it is in an
    announcement channel. Its watches are called by these `labels`. All of it is said in the
    server's `language`.
    """

    key: str
    channel_id: int
    announcements: tuple[Announcement, ...]
    first_tried_at: datetime | None
    is_tried_again: bool = False
    is_in_trouble: bool = False
    form: MessageForm = MessageForm.TOGETHER
    recipient: Recipient | None = None
    style: WatchStyle = WatchStyle.FEED
    card_id: int | None = None
    card_at: datetime | None = None
    mentions: tuple[int, ...] = ()
    publishes: bool = False
    labels: tuple[str, ...] = ()
    language: Language = Language.ENGLISH


@dataclass(frozen=True, slots=True)
class ToldPage:
    """Those of whom one message told about a post, a page of them, the newest like first."""

    post: Post
    users: tuple[User, ...]
    page: int
    before: int
    total: int
    watch_id: int = 0

    @property
    def is_last(self) -> bool:
        return self.before + len(self.users) >= self.total


class WhyRetold(StrEnum):
    """Why a message says something else from now on."""

    GONE = "gone"  # X no longer shows what it quotes
    ASKED = "asked"  # somebody asked not to be named
    BEHIND = "behind"  # its chart is older than what it says


@dataclass(frozen=True, slots=True)
class Retold:
    """A message that is to be changed, since it was `asked_at`.

    Without a `delivery`, nothing of it is left to be told, which is said in the `language` of its
    server.
    """

    message_id: int
    channel_id: int
    why: WhyRetold
    asked_at: datetime
    recipient_id: int | None = None
    delivery: Delivery | None = None
    language: Language = Language.ENGLISH
