"""X's API as Likecord uses it: values in, values out, typed errors."""

from collections.abc import Collection
from datetime import date

from bot.domain import (
    Allowance,
    AuthorMetrics,
    Missing,
    Post,
    PostsFound,
    PostsPage,
    Profile,
    User,
)
from bot.domain.errors import (
    PostsOfUserNotShown,
    Refused,
    UserNotFound,
    XNotFound,
    XUnreadable,
)
from bot.domain.page_sizes import SMALLEST_PAGE
from bot.x import fields, wire
from bot.x.activity import ActivityApi
from bot.x.asking.as_account import AsAccount
from bot.x.asking.refusals import post_missing, why_no_posts
from bot.x.asking.request import RequestSender
from bot.x.credentials import Credentials, OAuth2Token, UserToken
from bot.x.liking import LikesApi
from bot.x.limits import Endpoint
from bot.x.prices import NOBODY, Bill, Prices, Resource, WorstCase
from bot.x.x_time import XTime

# So many seldom appear between two looks; more cost another request.
_NEW_POSTS_A_PAGE = 10
# A post quotes one and replies to or reposts one; each comes with its author.
_REFERENCES = 2 * (Resource.POST_READ, Resource.USER_READ)
# tweepy has no method for it.
_USAGE_ROUTE = "/2/usage/tweets"


class XClient:
    """Asks X as one set of credentials: the user's when there is one, else the app's.

    Every method raises only `bot.domain.errors.XError`s. Before a request is sent, its allowance is
    taken and the most it can cost is held; afterwards X's headers and charges are written down.
    """

    def __init__(self, sender: RequestSender, credentials: Credentials) -> None:
        self._as = AsAccount(sender, credentials)
        self.likes = LikesApi(self._as)
        self.activity = ActivityApi(self._as)

    @property
    def user_id(self) -> int | None:
        """The account whose eyes the bot reads with, or None when only the app is known."""
        return self._as.user_id

    @property
    def prices(self) -> Prices:
        return self._as.prices

    @property
    def owns_app(self) -> bool:
        """Whether the account is the app's own, whose reads of its own posts are the cheapest."""
        return self._as.credentials.owns_app

    @property
    def user(self) -> UserToken | OAuth2Token | None:
        """The token that it asks with as a user."""
        return self._as.credentials.user

    @property
    def account(self) -> str:
        """Name under which what this client uses up is kept."""
        return self._as.credentials.account

    @property
    def time(self) -> XTime:
        """X's clock, as its answers tell it."""
        return self._as.time

    @property
    def accounts(self) -> tuple[str, ...]:
        """The names of all that it can ask as: its user, the app."""
        return tuple(principal.account for principal in self._as.credentials.principals())

    async def allowance(self, endpoint: Endpoint) -> Allowance:
        """Return what X still allows this account."""
        return await self._as.books.allowance(self.account, endpoint)

    def expected_allowance(self, endpoint: Endpoint) -> Allowance:
        """Return what was left when this process last took a request, to plan with."""
        return self._as.books.expected_allowance(self.account, endpoint)

    def original_id(self, post_id: int) -> int:
        """Return which post this is a repost of, where an answer of X has shown it; else itself."""
        return self._as.reposts.original(post_id)

    async def counts(
        self, post_ids: Collection[int], *, keep: int = 0, bill: Bill = NOBODY
    ) -> PostsFound:
        """Read the like counts of at most 100 posts; texts and authors are not asked for.

        `keep` requests of the allowance are left for others.
        """
        ids = frozenset(post_ids)
        worst = WorstCase(ids=ids)
        terms = self._as.terms(Endpoint.POSTS, worst, keep=keep, bill=bill)
        answer = await self._as.ask(
            terms,
            wire.PostsAnswer,
            lambda tweepy: tweepy.get_tweets(sorted(ids), tweet_fields=fields.COUNT_FIELDS),
        )
        return answer.found(ids).counted()

    async def post(self, post_id: int, bill: Bill = NOBODY) -> Post:
        """Read one post with its author; raise PostNotFound or PostNotShown."""
        return await self._post(post_id, fields.POST, (), bill)

    async def whole_post(self, post_id: int, bill: Bill = NOBODY) -> Post:
        """Read one post with all that X shows of it, and the posts that it refers to."""
        return await self._post(post_id, fields.WHOLE_POSTS, _REFERENCES, bill)

    async def _post(
        self, post_id: int, asked: fields.Asked, included: tuple[Resource, ...], bill: Bill
    ) -> Post:
        ids = frozenset({post_id})
        worst = WorstCase(self._as.price(Resource.USER_READ, *included), ids=ids)
        answer = await self._as.ask(
            self._as.terms(Endpoint.POSTS, worst, bill=bill),
            wire.PostsAnswer,
            lambda tweepy: tweepy.get_tweets([post_id], **asked),
        )
        found = answer.found(ids)
        if post_id in found.posts:
            return found.posts[post_id]
        if answer.problems() and post_id not in found.missing:
            raise XUnreadable  # nobody knows what it says of the post
        raise post_missing(found.missing.get(post_id, Missing.DELETED))

    async def author_metrics(self, post_id: int, bill: Bill = NOBODY) -> AuthorMetrics | None:
        """Read what X tells of a post only to its author; None where it does not.

        To be asked about own posts only: of others', X answers with errors. It costs nothing on a
        day on which the post was read already.
        """
        worst = WorstCase(ids=frozenset({post_id}))
        answer = await self._as.ask(
            self._as.terms(Endpoint.POSTS, worst, bill=bill),
            wire.PostsAnswer,
            lambda tweepy: tweepy.get_tweets([post_id], **fields.AUTHOR_METRICS),
        )
        return answer.author_metrics(post_id)

    async def own_posts(
        self,
        *,
        max_results: int = SMALLEST_PAGE,
        until_id: int | None = None,
        expected: Collection[int] = (),
        keep: int = 0,
        bill: Bill = NOBODY,
    ) -> tuple[Post, ...]:
        """Read the like counts of the newest posts of the user whose token it is.

        At most 100, and at least five, of those older than `until_id`; the `expected` ones cost
        nothing where they were read today. X goes back 3,200 posts.
        """
        user_id = self._as.require_user()
        read = Resource.OWNED_READ if self.owns_app else Resource.POST_READ
        others = max(0, max_results - len(expected)) * self._as.price(read)
        worst = WorstCase(others, read, frozenset(expected))
        answer = await self._as.ask(
            self._as.terms(Endpoint.USER_POSTS, worst, owned=self.owns_app, keep=keep, bill=bill),
            wire.PostsAnswer,
            lambda tweepy: tweepy.get_users_tweets(
                user_id,
                max_results=max_results,
                until_id=until_id,
                tweet_fields=fields.COUNT_FIELDS,
            ),
        )
        return tuple(post for post in answer.page().posts if post.is_counted)

    async def posts_since(
        self,
        user_id: int,
        since_id: int,
        *,
        replies: bool,
        reposts: bool,
        token: str | None = None,
        keep: int = 0,
        bill: Bill = NOBODY,
    ) -> PostsPage:
        """Read a page of what a user has posted after `since_id`, newest first.

        Raise PostsOfUserNotShown where X hides it. X charges nothing when there is nothing new.
        """
        own = self._as.owns(user_id)
        read = Resource.OWNED_READ if own else Resource.POST_READ
        worst = WorstCase(_NEW_POSTS_A_PAGE * self._as.price(read))
        left_out = [*([] if replies else ["replies"]), *([] if reposts else ["retweets"])]
        try:
            answer = await self._as.ask(
                self._as.terms(Endpoint.USER_POSTS, worst, owned=own, keep=keep, bill=bill),
                wire.PostsAnswer,
                lambda tweepy: tweepy.get_users_tweets(
                    user_id,
                    since_id=since_id,
                    exclude=left_out or None,
                    max_results=_NEW_POSTS_A_PAGE,
                    pagination_token=token,
                    **fields.NEW_POSTS,
                ),
            )
        except (Refused, XNotFound) as error:
            raise why_no_posts(error) from error
        if (why := answer.why_missing(user_id)) is not None:
            raise PostsOfUserNotShown(why)
        return answer.page()

    async def user_by_username(self, username: str, bill: Bill = NOBODY) -> User:
        asked = {"user_fields": fields.USER_FIELDS}
        worst = WorstCase(self._as.price(Resource.USER_READ))
        return (await self._profile(username, asked, worst, bill)).user

    async def profile(self, username: str, bill: Bill = NOBODY) -> Profile:
        """Read a user with the post that they pinned."""
        worst = WorstCase(self._as.price(Resource.USER_READ, Resource.POST_READ))
        return await self._profile(username, fields.PROFILES, worst, bill)

    async def _profile(
        self, username: str, asked: fields.Asked, worst: WorstCase, bill: Bill
    ) -> Profile:
        try:
            answer = await self._as.ask(
                self._as.terms(Endpoint.USER_BY_USERNAME, worst, bill=bill),
                wire.UserAnswer,
                lambda tweepy: tweepy.get_user(username=username, **asked),
            )
        except XNotFound as error:
            raise UserNotFound(username) from error
        if (profile := answer.profile()) is None:
            raise UserNotFound(username)
        return profile

    async def me(self) -> User:
        """Read the account that the user token belongs to."""
        self._as.require_user()
        answer = await self._as.ask(
            self._as.terms(Endpoint.ME, WorstCase(self._as.price(Resource.USER_READ))),
            wire.UserAnswer,
            lambda tweepy: tweepy.get_me(user_fields=fields.USER_FIELDS),
        )
        if answer.data is None:
            raise XUnreadable
        return answer.data.value()

    async def posts_left(self) -> int:
        """Return how many posts X's monthly cap still allows; X tells it to the app alone."""
        answer = await self._as.ask(
            self._as.terms(Endpoint.USAGE, WorstCase()),
            wire.UsageAnswer,
            lambda tweepy: tweepy.request("GET", _USAGE_ROUTE, params=fields.USAGE),
        )
        if (left := answer.posts_left()) is None:
            raise XUnreadable
        return left

    async def posts_counted(self, day: date) -> int | None:
        """Return how many posts X says this project has read on a UTC day, if it says so."""
        answer = await self._as.ask(
            self._as.terms(Endpoint.USAGE, WorstCase()),
            wire.DailyUsageAnswer,
            lambda tweepy: tweepy.request("GET", _USAGE_ROUTE, params=fields.DAILY_USAGE),
        )
        return answer.posts_on(day)
