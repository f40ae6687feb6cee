"""X's posts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.links import Link
from bot.domain.usernames import is_username
from bot.domain.users import User


@dataclass(frozen=True, slots=True)
class Media:
    """A picture of a post: a photo, or the preview of a video or an animated GIF."""

    type: str
    url: str
    alt_text: str | None = None
    duration_ms: int | None = None
    views: int | None = None


@dataclass(frozen=True, slots=True)
class PostCounts:
    likes: int = 0
    reposts: int = 0
    replies: int = 0
    quotes: int = 0
    impressions: int | None = None
    bookmarks: int | None = None


@dataclass(frozen=True, slots=True)
class PollOption:
    label: str
    votes: int


@dataclass(frozen=True, slots=True)
class Poll:
    options: tuple[PollOption, ...]
    ends_at: datetime | None = None
    is_open: bool = False

    @property
    def votes(self) -> int:
        return sum(option.votes for option in self.options)


@dataclass(frozen=True, slots=True)
class Withheld:
    """Where X does not show a post (countries by ISO 3166-1), and whether a claim is the reason."""

    countries: tuple[str, ...]
    copyright: bool = False


class Missing(StrEnum):
    """Why X does not show a post."""

    DELETED = "deleted"
    PROTECTED = "protected"
    WITHHELD = "withheld"


class ReferenceKind(StrEnum):
    """What a post does with another one, in X's words."""

    QUOTED = "quoted"
    REPLIED_TO = "replied_to"
    REPOSTED = "retweeted"


@dataclass(frozen=True, slots=True)
class Reference:
    """Another post that a post refers to; without `post`, X did not show it, `missing` is why."""

    kind: ReferenceKind
    id: int
    post: "Post | None" = None
    missing: Missing | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """An X post.

    `text` is whole, unescaped and with its addresses expanded; `links` are places in it.
    `media_elsewhere` counts what is attached and was not shown. `versions` are the IDs of all its
    edits, the oldest first, its own among them; a post that was never edited has none or one.
    `repost_id` is the repost of it that was asked for, if it was found by one. Where it is not
    `is_counted`, X did not say how many like it, and `counts` say nothing.
    """

    id: int
    text: str
    author_id: int | None = None
    author: User | None = None
    created_at: datetime | None = None
    counts: PostCounts = PostCounts()
    media: tuple[Media, ...] = ()
    possibly_sensitive: bool = False
    links: tuple[Link, ...] = ()
    media_elsewhere: int = 0
    poll: Poll | None = None
    place: str | None = None
    article_title: str | None = None
    references: tuple[Reference, ...] = ()
    versions: tuple[int, ...] = ()
    editable_until: datetime | None = None
    conversation_id: int | None = None
    reply_to: str | None = None
    reply_settings: str | None = None
    source: str | None = None
    lang: str | None = None
    withheld: Withheld | None = None
    repost_id: int | None = None
    is_counted: bool = True

    @property
    def reposted_id(self) -> int | None:
        """Which post this is a repost of, if it is one: that is the one that is liked."""
        found = (ref.id for ref in self.references if ref.kind is ReferenceKind.REPOSTED)
        return next(found, None)

    @property
    def may_be_repost(self) -> bool:
        """Whether it looks like one and X did not say what it refers to."""
        return not self.references and self.text.startswith("RT @")

    @property
    def newer_id(self) -> int | None:
        """Which post this was edited to since, if it was: X numbers each version anew."""
        newest = max(self.versions, default=self.id)
        return newest if newest > self.id else None

    @property
    def url(self) -> str:
        return post_url(self.id, self.author.username if self.author else None)


@dataclass(frozen=True, slots=True)
class Playback:
    """How far viewers came in a video, in viewers at each quarter from its start to its end."""

    quarters: tuple[int, ...]
    views: int | None = None


@dataclass(frozen=True, slots=True)
class AuthorMetrics:
    """What X tells of a post only to its author; `organic` leaves out what was paid for."""

    impressions: int | None = None
    link_clicks: int | None = None
    profile_clicks: int | None = None
    organic: PostCounts | None = None
    videos: tuple[Playback, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorView:
    """What X tells the author, and whether the member who reads it is that author."""

    metrics: AuthorMetrics
    is_ones_own: bool


def post_url(post_id: int, username: str | None = None) -> str:
    """Return the post's address; X redirects `/i/status/` to the author's."""
    author = username if username and is_username(username) else "i"
    return f"https://x.com/{author}/status/{post_id}"


def like_intent_url(post_id: int) -> str:
    """Return the address of X's own like dialog, which works for anyone who is signed in there."""
    return f"https://x.com/intent/like?tweet_id={post_id}"


def reply_url(post_id: int) -> str:
    """Return the address of X's own dialog for an answer to a post."""
    return f"https://x.com/intent/post?in_reply_to={post_id}"


def repost_url(post_id: int) -> str:
    """Return the address of X's own dialog for reposting a post."""
    return f"https://x.com/intent/retweet?tweet_id={post_id}"
