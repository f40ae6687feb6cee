"""X's four Likes endpoints: who likes a post, what a user likes, like, unlike."""

from bot.domain import Missing, PostsPage, UsersPage
from bot.domain.errors import (
    InvalidForX,
    PostNotFound,
    Refused,
    UserNotShown,
    XNotFound,
    XUnreadable,
)
from bot.domain.page_sizes import MAX_LIKERS_A_PAGE
from bot.x import fields, wire
from bot.x.asking.as_account import AsAccount
from bot.x.asking.books import RequestTerms
from bot.x.asking.refusals import post_missing, why_no_liked_posts, why_no_likers, why_not_liked
from bot.x.asking.through_tweepy import Call
from bot.x.limits import Endpoint
from bot.x.prices import NOBODY, Bill, Resource, WorstCase

# Empty pages that are passed over where X says that more come behind them: it fills a page first,
# and then leaves out of it whom it does not show.
_EMPTY_PAGES = 2
# The smallest page of liked posts by one edition of X's documents; today it is five.
_SMALLEST_LIKED_ONCE = 10


class LikesApi:
    """Asks as one account, as `XClient` does."""

    def __init__(self, account: AsAccount) -> None:
        self._as = account

    async def liking_users(
        self,
        post_id: int,
        *,
        max_results: int = MAX_LIKERS_A_PAGE,
        token: str | None = None,
        keep: int = 0,
        bill: Bill = NOBODY,
    ) -> UsersPage:
        """Read a page of who likes a post, newest first; an empty one is passed over.

        `keep` requests of the allowance are left for others. Raise LikersNotShown when X shows
        them to the author alone; an empty page of a post that has likes means the same. Where X
        refuses the user, an empty page for the app alone is no answer: it says nothing of what the
        user would see.
        """
        for _ in range(_EMPTY_PAGES):
            page = await self._liking_users(post_id, max_results, token, keep, bill)
            if page.users or page.next_token in (None, token):
                return page
            token = page.next_token
        return await self._liking_users(post_id, max_results, token, keep, bill)

    async def _liking_users(
        self, post_id: int, max_results: int, token: str | None, keep: int, bill: Bill
    ) -> UsersPage:
        worst = WorstCase(max_results * self._as.price(Resource.USER_READ))
        try:
            answer = await self._as.ask(
                self._as.terms(Endpoint.LIKING_USERS, worst, keep=keep, bill=bill),
                wire.UsersAnswer,
                lambda tweepy: tweepy.get_liking_users(
                    post_id,
                    max_results=max_results,
                    pagination_token=token,
                    user_fields=fields.USER_FIELDS,
                ),
                serves=lambda answer: bool(answer.data or answer.meta.next_token),
            )
        except Refused as error:
            raise why_no_likers(error) from error
        except XNotFound as error:
            raise PostNotFound from error
        if (why := answer.why_missing(post_id)) is not None:
            raise post_missing(why)
        return answer.page()

    async def liked_posts(
        self,
        user_id: int,
        *,
        max_results: int,
        token: str | None = None,
        bill: Bill = NOBODY,
    ) -> PostsPage:
        """Read a page of the posts that a user likes; an empty one is passed over.

        The page is larger than asked for where X has no smaller one. Raise UserNotShown when X
        hides them.
        """
        for _ in range(_EMPTY_PAGES):
            page = await self._page_of_liked(user_id, max_results, token, bill)
            if page.posts or page.next_token in (None, token):
                return page
            token = page.next_token
        return await self._page_of_liked(user_id, max_results, token, bill)

    async def _page_of_liked(
        self, user_id: int, max_results: int, token: str | None, bill: Bill
    ) -> PostsPage:
        try:
            return await self._liked_posts(user_id, max_results, token, bill)
        except InvalidForX:
            if max_results >= _SMALLEST_LIKED_ONCE:
                raise
            return await self._liked_posts(user_id, _SMALLEST_LIKED_ONCE, token, bill)

    async def _liked_posts(
        self, user_id: int, max_results: int, token: str | None, bill: Bill
    ) -> PostsPage:
        own = self._as.owns(user_id)
        read = Resource.OWNED_READ if own else Resource.POST_READ
        worst = WorstCase(max_results * self._as.price(read, Resource.USER_READ))
        try:
            answer = await self._as.ask(
                self._as.terms(Endpoint.LIKED_POSTS, worst, owned=own, bill=bill),
                wire.PostsAnswer,
                lambda tweepy: tweepy.get_liked_tweets(
                    user_id,
                    max_results=max_results,
                    pagination_token=token,
                    **fields.POSTS,
                ),
            )
        except Refused as error:
            raise why_no_liked_posts(error) from error
        if (why := answer.why_missing(user_id)) is not None:
            raise XNotFound if why is Missing.DELETED else UserNotShown
        return answer.page()

    async def like(self, post_id: int, bill: Bill = NOBODY) -> bool:
        """Like a post as the user; return whether X says that it is liked now."""
        terms = self._as.action_terms(Endpoint.LIKE, Resource.LIKE, bill)
        return await self._set_liked(terms, post_id, lambda tweepy: tweepy.like(post_id))

    async def unlike(self, post_id: int, bill: Bill = NOBODY) -> bool:
        """Take a like back; X answers the same when there was none."""
        terms = self._as.action_terms(Endpoint.UNLIKE, Resource.UNLIKE, bill)
        return await self._set_liked(terms, post_id, lambda tweepy: tweepy.unlike(post_id))

    async def _set_liked(self, terms: RequestTerms, post_id: int, call: Call) -> bool:
        self._as.require_user()
        try:
            answer = await self._as.ask(terms, wire.LikedAnswer, call)
        except Refused as error:
            raise why_not_liked(error, terms.endpoint, post_id) from error
        except XNotFound as error:
            raise PostNotFound from error
        if (why := answer.why_missing(post_id)) is not None:
            raise post_missing(why)
        if answer.data is None:
            raise XUnreadable
        return answer.data.liked
