"""Looking up posts, who likes them, and what a user likes."""

from bot.domain import Hidden, LikedPage, LikersPage, Post, UsersPage
from bot.errors import LikersNotShown, UserNotShown
from bot.x.client import MAX_LIKERS_A_PAGE, XClient
from bot.x.post_ref import parse_post_ref, parse_username

LIKERS_A_PAGE = 20
# X's smallest page of liked posts is 5; so many fit a message with their texts.
LIKED_A_PAGE = 5


class LookupService:
    def __init__(self, x: XClient) -> None:
        self._x = x

    async def post(self, guild_id: int, ref: str) -> Post:
        return await self._x.post(parse_post_ref(ref), guild_id)

    async def likers(self, guild_id: int, ref: str, token: str | None = None) -> LikersPage:
        """Return a page of who likes a post; `hidden` says why X shows fewer than it counts."""
        post = await self.post(guild_id, ref)
        try:
            page = await self._x.liking_users(
                post.id, max_results=LIKERS_A_PAGE, token=token, guild_id=guild_id
            )
        except LikersNotShown:
            return LikersPage(post, UsersPage(()), Hidden.PRIVATE)
        return LikersPage(post, page, self._hidden(post, page))

    def _hidden(self, post: Post, page: UsersPage) -> Hidden | None:
        first_and_last = page.next_token is None and page.previous_token is None
        if post.counts.likes > MAX_LIKERS_A_PAGE:
            return Hidden.CEILING if page.users else Hidden.PRIVATE
        if not first_and_last or len(page.users) >= post.counts.likes:
            return None
        own = post.author_id is not None and post.author_id == self._x.user_id
        return Hidden.SOME if page.users or own else Hidden.PRIVATE

    async def liked(self, guild_id: int, username: str, token: str | None = None) -> LikedPage:
        """Return a page of what a user likes; raise UserNotShown where X hides it."""
        user = await self._x.user_by_username(parse_username(username), guild_id)
        page = await self._x.liked_posts(
            user.id, max_results=LIKED_A_PAGE, token=token, guild_id=guild_id
        )
        if not page.posts and token is None and user.id != self._x.user_id:
            raise UserNotShown
        return LikedPage(user, page)
