"""Who likes what: pages of it, and what became of a like."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.posts import Missing, Post
from bot.domain.users import User


@dataclass(frozen=True, slots=True)
class PostsFound:
    """What one request for several posts brought: those shown, and why the others are not."""

    posts: Mapping[int, Post]
    missing: Mapping[int, Missing]

    def counted(self) -> "PostsFound":
        """Return this without posts of which X did not say how many like them."""
        posts = {post_id: post for post_id, post in self.posts.items() if post.is_counted}
        return replace(self, posts=posts)


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
    SOME = "some"  # X's list ends before the count does


@dataclass(frozen=True, slots=True)
class LikersPage:
    """A page of the people who like a post; `hidden` says why there are fewer than it counts.

    `before` counts those on the pages before it.
    """

    post: Post
    page: UsersPage
    hidden: Hidden | None = None
    before: int = 0

    @property
    def until(self) -> int:
        """How many are shown by the end of this page; on the last page, all that X shows."""
        return self.before + len(self.page.users)


@dataclass(frozen=True, slots=True)
class Profile:
    """A user, and the post that they pinned to their profile if X shows it."""

    user: User
    pinned: Post | None = None


@dataclass(frozen=True, slots=True)
class LikedPage:
    """A page of the posts that a user likes; the first one has their profile.

    `asked_as` is the username that was asked for: X may call the user something else.
    """

    user: User
    page: PostsPage
    profile: Profile | None = None
    asked_as: str = ""


@dataclass(frozen=True, slots=True)
class LikeDone:
    """What X said to a like or an unlike: `liked` is the state afterwards, `account` who acted.

    `of_repost` says that a repost was asked for, and that this is the original.
    """

    post_id: int
    account: str
    liked: bool
    of_repost: bool = False
