"""X's users."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.links import Link
from bot.domain.usernames import profile_url


@dataclass(frozen=True, slots=True)
class UserCounts:
    followers: int = 0
    following: int = 0
    posts: int = 0
    listed: int = 0
    likes: int | None = None
    media: int | None = None


@dataclass(frozen=True, slots=True)
class Affiliation:
    """The organisation whose badge a user wears."""

    description: str
    url: str | None = None
    badge_url: str | None = None
    user_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class User:
    """An X user, as far as X said who it is; `links` are places in the description."""

    id: int
    username: str
    name: str
    profile_image_url: str | None = None
    verified_type: str | None = None
    protected: bool = False
    verified: bool = False
    identity_verified: bool = False
    parody: bool = False
    verified_followers: int | None = None
    subscription: str | None = None
    description: str = ""
    links: tuple[Link, ...] = ()
    created_at: datetime | None = None
    location: str | None = None
    website: str | None = None
    banner_url: str | None = None
    counts: UserCounts | None = None
    affiliation: Affiliation | None = None
    withheld_in: tuple[str, ...] = ()
    pinned_post_id: int | None = None
    most_recent_post_id: int | None = None

    @property
    def is_named(self) -> bool:
        """Whether it is somebody, and no stand-in for somebody who asked not to be named."""
        return self.id >= 0

    @property
    def url(self) -> str:
        # X leads from the ID to the page.
        return profile_url(self.username) or f"https://x.com/i/user/{self.id}"

    @property
    def is_verified(self) -> bool:
        return self.verified or self.verified_type not in (None, "", "none")


def replaced(users: Iterable[User], stand_ins: Mapping[int, int]) -> tuple[User, ...]:
    """Return users with a stand-in in the place of each who has one, by their IDs."""
    return tuple(stand_in(stand_ins[user.id]) if user.id in stand_ins else user for user in users)


def stand_in(stand_in_id: int) -> User:
    """Return who stands for somebody who asked not to be named; the ID is below zero."""
    return User(stand_in_id, "", "")
