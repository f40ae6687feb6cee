"""Frozen values that cross layers. IDs are integers, times are aware and in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class User:
    """An X user, as far as X said who it is."""

    id: int
    username: str
    name: str
    profile_image_url: str | None = None
    verified_type: str | None = None
    protected: bool = False

    @property
    def url(self) -> str:
        return f"https://x.com/{self.username}"


@dataclass(frozen=True, slots=True)
class Media:
    """A picture of a post: a photo, or the preview of a video or an animated GIF."""

    type: str
    url: str
    alt_text: str | None = None


@dataclass(frozen=True, slots=True)
class PostCounts:
    likes: int = 0
    reposts: int = 0
    replies: int = 0
    quotes: int = 0
    impressions: int | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """An X post; `text` is whole, unescaped and with its links expanded."""

    id: int
    text: str
    author_id: int | None = None
    author: User | None = None
    created_at: datetime | None = None
    counts: PostCounts = PostCounts()
    media: tuple[Media, ...] = ()
    possibly_sensitive: bool = False

    @property
    def url(self) -> str:
        return post_url(self.id, self.author.username if self.author else None)


def post_url(post_id: int, username: str | None = None) -> str:
    """Return the post's address; X redirects `/i/status/` to the author's."""
    return f"https://x.com/{username or 'i'}/status/{post_id}"


def like_intent_url(post_id: int) -> str:
    """Return the address of X's own like dialog, which works for anyone who is signed in there."""
    return f"https://x.com/intent/like?tweet_id={post_id}"


class Missing(StrEnum):
    """Why X does not show a post."""

    DELETED = "deleted"
    PROTECTED = "protected"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class PostsFound:
    """What one request for several posts brought: those shown, and why the others are not."""

    posts: Mapping[int, Post]
    missing: Mapping[int, Missing]


@dataclass(frozen=True, slots=True)
class UsersPage:
    """One page of users, in X's order (liking users: newest like first)."""

    users: tuple[User, ...]
    next_token: str | None = None
    previous_token: str | None = None


@dataclass(frozen=True, slots=True)
class PostsPage:
    posts: tuple[Post, ...]
    next_token: str | None = None
    previous_token: str | None = None


class Hidden(StrEnum):
    """Why some likers of a post are not shown."""

    PRIVATE = "private"  # likes are private: only the author's own account sees them
    CEILING = "ceiling"  # X shows at most 100 likers of a post
    SOME = "some"  # protected or suspended accounts


@dataclass(frozen=True, slots=True)
class LikersPage:
    """A page of the people who like a post; `hidden` says why there are fewer than it counts."""

    post: Post
    page: UsersPage
    hidden: Hidden | None = None


@dataclass(frozen=True, slots=True)
class LikedPage:
    """A page of the posts that a user likes."""

    user: User
    page: PostsPage


@dataclass(frozen=True, slots=True)
class LikeDone:
    """What X said to a like or an unlike: `liked` is the state afterwards, `account` who acted."""

    post_id: int
    account: str
    liked: bool


@dataclass(frozen=True, slots=True)
class Actor:
    """The member who asks, with what decides what they may do."""

    user_id: int
    guild_id: int
    role_ids: frozenset[int]
    manages_guild: bool


class WatchKind(StrEnum):
    """What a watch can announce, given what X shows of the post."""

    PENDING = "pending"  # X has not been asked yet
    NAMES = "names"  # likers are visible
    COUNTS = "counts"  # X hides who likes the post: growth is announced
    SATURATED = "saturated"  # X has shown its 100 likers: growth is announced from here on


@dataclass(frozen=True, slots=True)
class Watch:
    """A watched post in a guild's channel; `trouble` is a sentence for its admins, or None."""

    id: int
    guild_id: int
    channel_id: int
    post: Post
    kind: WatchKind
    likes_announced: int
    created_at: datetime
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a watch is expected to cost in US dollars: its first reading, and a day of it."""

    first_usd: Decimal
    day_usd: Decimal


@dataclass(frozen=True, slots=True)
class WatchAdded:
    watch: Watch
    forecast: Forecast
    already_there: bool = False


@dataclass(frozen=True, slots=True)
class WatchChoice:
    """A line of the autocomplete over a guild's watches."""

    watch_id: int
    label: str
    channel_id: int = 0
    post_id: int = 0


@dataclass(frozen=True, slots=True)
class GuildConfig:
    """A guild's settings; None where nothing was chosen."""

    guild_id: int
    channel_id: int | None = None
    like_role_id: int | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What X still allows on an endpoint until `resets_at`."""

    endpoint: str
    limit: int
    remaining: int
    resets_at: datetime


@dataclass(frozen=True, slots=True)
class Status:
    """How the bot stands in one guild: accounts, allowances, watches, money."""

    account: str | None
    app_only: bool
    allowances: tuple[Allowance, ...]
    watches: int
    posts_watched: int
    waiting: int
    announced_today: int
    last_probe_at: datetime | None
    spent_today_usd: Decimal
    spent_month_usd: Decimal
    budget_usd: Decimal | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """One card: the new likers of a post, or how its count grew, for one watch.

    `likers` is empty for growth, which goes from `from_count` to `like_count`.
    """

    id: int
    watch_id: int
    post: Post
    likers: tuple[User, ...]
    like_count: int
    from_count: int | None = None
    kind: WatchKind = WatchKind.NAMES


@dataclass(frozen=True, slots=True)
class Delivery:
    """Announcements that go into one Discord message; `key` is its nonce and rides in it."""

    key: str
    channel_id: int
    announcements: tuple[Announcement, ...]
    first_tried_at: datetime | None
