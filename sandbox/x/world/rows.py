"""What the world is made of. IDs are numbers here and strings on the wire."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

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
class Counts:
    """The public metrics that nothing in this small world moves."""

    retweet_count: int = 0
    reply_count: int = 0
    quote_count: int = 0
    bookmark_count: int = 0
    impression_count: int = 0


@dataclass(slots=True)
class Post:
    """A post. `seats` are the first 100 people who ever liked it: the only ones X lists.

    `versions` are the IDs of all its edits, the first one's on; none, as long as there is one.
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
    seats: set[int] = field(default_factory=set)

    @property
    def like_count(self) -> int:
        return len(self.likes)


@dataclass(slots=True)
class Settings:
    """How this X behaves. The defaults are X as it is today, on a self-serve tier."""

    likers: Literal["private", "public"] = "private"
    liking: Literal["refused", "allowed"] = "refused"
    app_only_likes: bool = False
    # In which names it answers, and in which it lets itself be asked.
    spelling: Literal["asked", "2.165", "2.167"] = "asked"
    accepts: Literal["either", "2.165", "2.167"] = "either"
