"""Where an export's rows come from: X, page by page."""

from dataclasses import dataclass
from typing import Protocol

from bot.accounts.which_account import Access
from bot.domain import Hidden, LikersPage, Post, PostsPage, User, UsersPage
from bot.domain.errors import LikersNotShown, UserNotShown
from bot.domain.page_sizes import MAX_LIKERS_A_PAGE, MAX_POSTS_A_PAGE, SMALLEST_PAGE
from bot.services.export.table import Row
from bot.services.lookup import why_hidden
from bot.x.client import XClient
from bot.x.prices import Bill

_LIKERS = (
    "post_id",
    "user_id",
    "username",
    "name",
    "verified_type",
    "protected",
    "created_at",
    "followers",
    "following",
    "location",
    "description",
    "url",
)
_LIKED = (
    "post_id",
    "author_id",
    "author_username",
    "author_name",
    "created_at",
    "text",
    "likes",
    "reposts",
    "replies",
    "quotes",
    "url",
)


@dataclass(frozen=True, slots=True)
class RowsPage:
    rows: tuple[Row, ...]
    next_token: str | None


class Source(Protocol):
    @property
    def columns(self) -> tuple[str, ...]: ...

    async def page(self, token: str | None) -> RowsPage:
        """Read a page; raise what the look-up commands raise, also when X hides everything."""
        ...


@dataclass(frozen=True, slots=True)
class LikersOf:
    """The people who like a post, the newest like first; a page has at most `most`."""

    access: Access
    post: Post
    bill: Bill
    most: int
    columns = _LIKERS

    async def page(self, token: str | None) -> RowsPage:
        # Not more than there can be: the money for a whole page is held while it is read.
        size = min(MAX_LIKERS_A_PAGE, self.most, max(1, self.post.counts.likes))

        async def ask(x: XClient) -> tuple[UsersPage, int | None]:
            page = await x.likes.liking_users(
                self.post.id, max_results=size, token=token, bill=self.bill
            )
            return page, x.user_id

        page, reader_id = await self.access.ask(self.post.author_id, self.bill.guild_id, ask)
        found = LikersPage(self.post, page)
        if token is None and why_hidden(found, reader_id) is Hidden.PRIVATE:
            raise LikersNotShown
        users = await self.access.audience.namable(page.users)
        rows = tuple(_user_row(self.post.id, user) for user in users if user.is_named)
        return RowsPage(rows, page.next_token)


@dataclass(frozen=True, slots=True)
class LikedBy:
    """The posts that a user likes, the newest like first; a page has about `most` at most."""

    access: Access
    user: User
    bill: Bill
    member_id: int
    most: int
    columns = _LIKED

    async def page(self, token: str | None) -> RowsPage:
        async def ask(x: XClient) -> tuple[PostsPage, int | None]:
            page = await x.likes.liked_posts(
                self.user.id, max_results=self._size(), token=token, bill=self.bill
            )
            return page, x.user_id

        page, reader_id = await self.access.ask_as_themselves(
            self.member_id, self.bill.guild_id, self.user.id, ask
        )
        if not page.posts and token is None and self.user.id != reader_id:
            raise UserNotShown
        hidden = await self.access.audience.not_to_be_shown(page.posts)
        rows = tuple(_post_row(post) for post in page.posts if post.id not in hidden)
        return RowsPage(rows, page.next_token)

    def _size(self) -> int:
        likes = self.user.counts.likes if self.user.counts else None
        wanted = self.most if likes is None else min(self.most, likes)
        return min(MAX_POSTS_A_PAGE, max(SMALLEST_PAGE, wanted))


def _user_row(post_id: int, user: User) -> Row:
    return {
        "post_id": str(post_id),
        "user_id": str(user.id),
        "username": user.username,
        "name": user.name,
        "verified_type": user.verified_type,
        "protected": user.protected,
        "created_at": user.created_at.isoformat() if user.created_at else None,
        "followers": user.counts.followers if user.counts else None,
        "following": user.counts.following if user.counts else None,
        "location": user.location,
        "description": user.description,
        "url": user.url,
    }


def _post_row(post: Post) -> Row:
    author = post.author
    return {
        "post_id": str(post.id),
        "author_id": str(post.author_id) if post.author_id is not None else None,
        "author_username": author.username if author else None,
        "author_name": author.name if author else None,
        "created_at": post.created_at.isoformat() if post.created_at else None,
        "text": post.text,
        "likes": post.counts.likes,
        "reposts": post.counts.reposts,
        "replies": post.counts.replies,
        "quotes": post.counts.quotes,
        "url": post.url,
    }
