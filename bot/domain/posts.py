"""X's posts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.users import User


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
