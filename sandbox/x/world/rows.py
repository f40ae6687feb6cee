"""What the world is made of. IDs are numbers here and strings on the wire."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sandbox.x.world.push_traps import PushTraps

ReferenceType = Literal["retweeted", "quoted", "replied_to"]
MediaType = Literal["photo", "video", "animated_gif"]


@dataclass(frozen=True, slots=True)
class Affiliation:
    """The organisation whose badge a user wears; `user_id` is its own account."""

    description: str
    url: str = ""
    user_id: int | None = None


@dataclass(slots=True)
class User:
    """A person on X. `suspended` and `deactivated` people are gone for every reader."""

    id: int
    username: str
    name: str
    created_at: datetime
    description: str = ""
    location: str = ""
    url: str = ""
    protected: bool = False
    suspended: bool = False
    deactivated: bool = False
    verified: bool = False
    verified_type: Literal["blue", "government", "business", "none"] = "none"
    is_identity_verified: bool = False
    parody: bool = False
    followers_count: int = 0
    following_count: int = 0
    listed_count: int = 0
    pinned_post_id: int | None = None
    withheld_in: tuple[str, ...] = ()
    affiliation: Affiliation | None = None
    banner: bool = False

    @property
    def gone(self) -> bool:
        return self.suspended or self.deactivated

    @property
    def listed_as_liker(self) -> bool:
        """Say whether X shows this person among the likers; their like counts either way."""
        return not (self.gone or self.protected)


@dataclass(frozen=True, slots=True)
class Media:
    key: str
    type: MediaType = "photo"
    width: int = 1200
    height: int = 675
    alt_text: str = ""
    duration_ms: int | None = None
    view_count: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post was written."""

    id: str
    full_name: str
    country: str = ""
    country_code: str = ""
    place_type: Literal["poi", "neighborhood", "city", "admin", "country"] = "city"


@dataclass(frozen=True, slots=True)
class PollOption:
    label: str
    votes: int = 0


@dataclass(frozen=True, slots=True)
class Poll:
    id: int
    options: tuple[PollOption, ...]
    duration_minutes: int
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Reference:
    type: ReferenceType
    id: int


@dataclass(frozen=True, slots=True)
class Like:
    """`sequence` orders likes even within one millisecond; `at` is unix seconds."""

    sequence: int
    post_id: int
    user_id: int
    at: float


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A like that is no more; it was taken back at these unix seconds."""

    like: Like
    at: float


@dataclass(frozen=True, slots=True)
class Counts:
    """The public metrics that nothing in this small world moves."""

    retweet_count: int = 0
    reply_count: int = 0
    quote_count: int = 0
    bookmark_count: int = 0
    impression_count: int = 0


@dataclass(slots=True)
class Post:
    """A post. `versions` are the IDs of all its edits, the first one's on; none, if it has none.

    `ever_liked` numbers from 0 all who ever liked it, in the order of each one's first like.
    `listable_likers` numbers only those whom X could list when they first did. Whose likes X has
    `pushed` to somebody is here too.
    """

    id: int
    author_id: int
    text: str
    created_at: datetime
    note: str | None = None
    lang: str = "en"
    media: tuple[Media, ...] = ()
    poll: Poll | None = None
    references: tuple[Reference, ...] = ()
    in_reply_to_user_id: int | None = None
    conversation_id: int | None = None
    reply_settings: str = "everyone"
    possibly_sensitive: bool = False
    withheld_in: tuple[str, ...] = ()
    withheld_for_copyright: bool = False
    article_title: str | None = None
    place: Place | None = None
    source: str = "Twitter Web App"
    versions: tuple[int, ...] = ()
    counts: Counts = field(default_factory=Counts)
    likes: dict[int, Like] = field(default_factory=dict)
    taken_back: list[TakenBack] = field(default_factory=list)
    ever_liked: dict[int, int] = field(default_factory=dict)
    listable_likers: dict[int, int] = field(default_factory=dict)
    pushed: set[int] = field(default_factory=set)

    @property
    def like_count(self) -> int:
        return len(self.likes)


@dataclass(slots=True)
class Settings:
    """How this X behaves. The defaults are X as it is today, on a self-serve tier.

    `listing` is how far the list of a post's likers goes: to its end, to the 100 most recent
    likes, or to the first 100 people who ever liked the post.
    `hidden` is how many likes of each post are counted and never listed, besides those of
    protected and suspended people: the likes of the first so many people whom X could have
    listed. So a list is short by this number from the start, and no new like hides anybody.
    `list_lag_s` and `count_lag_s` are by how many seconds lists and counts are late. In a list
    each like is besides late by itself, up to `list_jitter_s`.
    `edition` is the one whose names alone may be asked for; `spelling` is in whose names X
    answers, "asked" meaning in those of the question.
    `push` is whether the Activity API works, tells nothing, or is away; `push_traps` how.
    """

    likers: Literal["private", "public"] = "private"
    liking: Literal["refused", "allowed"] = "refused"
    app_only_likes: bool = False
    listing: Literal["all", "newest_100", "first_100"] = "all"
    list_order: Literal["newest_first", "oldest_first"] = "newest_first"
    hidden: int = 0
    list_lag_s: float = 0
    list_jitter_s: float = 0
    count_lag_s: float = 0
    edition: Literal["any", "2.165", "2.167"] = "any"
    spelling: Literal["asked", "2.165", "2.167"] = "asked"
    push: Literal["on", "silent", "off"] = "on"
    push_traps: PushTraps = field(default_factory=PushTraps)
