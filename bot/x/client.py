"""X's API as Likecord uses it: values in, values out, typed errors."""

from collections.abc import Collection

from bot.domain import (
    Allowance,
    AuthorMetrics,
    Missing,
    Post,
    PostsFound,
    PostsPage,
    Profile,
    User,
    UsersPage,
)
from bot.errors import (
    InvalidForX,
    NoCredential,
    PostNotFound,
    PostNotShown,
    PostsOfUserNotShown,
    Refused,
    UserNotFound,
    UserNotShown,
    XError,
    XNotFound,
    XUnreadable,
)
from bot.x import fields, wire
from bot.x.asker import Asker, Terms
from bot.x.caller import Call, Caller
from bot.x.credentials import Credentials, OAuth2Token, UserToken
from bot.x.ladder import Abilities, NothingLearnt
from bot.x.limits import Allowances, Endpoint
from bot.x.prices import NOBODY, Bill, Prices, Resource
from bot.x.refusals import why_no_liked_posts, why_no_likers, why_no_posts, why_not_liked

MAX_LIKERS_A_PAGE = 100
SMALLEST_PAGE = 5
# So many seldom appear between two looks; more cost another request.
_NEW_POSTS_A_PAGE = 10
# The smallest page of liked posts by one edition of X's documents; today it is five.
_SMALLEST_LIKED_ONCE = 10
# A post quotes one and replies to or reposts one; each comes with its author.
_REFERENCES = 2 * (Resource.POST_READ, Resource.USER_READ)
# tweepy has no method for it.
_USAGE_ROUTE = "/2/usage/tweets"


class XClient:
    """Asks X as one set of credentials: the user's when there is one, else the app's.

    Every method raises only `bot.errors.XError`s. Before a request is sent, its allowance is
    taken and the most it can cost is held; afterwards X's headers and charges are written down.
    """

    def __init__(
        self,
        asker: Asker,
        credentials: Credentials,
        limits: Allowances,
        abilities: Abilities | None = None,
    ) -> None:
        self._asker = asker
        self._credentials = credentials
        self._limits = limits
        self._caller = Caller(asker, credentials, abilities or NothingLearnt())

    @property
    def user_id(self) -> int | None:
        """The account whose eyes the bot reads with, or None when only the app is known."""
        return self._credentials.user.user_id if self._credentials.user else None

    @property
    def prices(self) -> Prices:
        return self._asker.prices

    @property
    def owns_app(self) -> bool:
        """Whether the account is the app's own, whose reads of its own posts are the cheapest."""
        return self._credentials.owns_app

    @property
    def user(self) -> UserToken | OAuth2Token | None:
        """The token that it asks with as a user."""
        return self._credentials.user

    @property
    def account(self) -> str:
        """Name under which what this client uses up is kept."""
        return self._credentials.account

    async def allowance(self, endpoint: Endpoint) -> Allowance:
        return await self._limits.allowance(self._credentials.account, endpoint)

    async def counts(
        self, post_ids: Collection[int], *, keep: int = 0, bill: Bill = NOBODY
    ) -> PostsFound:
        """Read the like counts of at most 100 posts; texts and authors are not asked for.

        `keep` requests of the allowance are left for others.
        """
        ids = frozenset(post_ids)
        worst = await self._asker.price(Resource.POST_READ, ids)
        terms = self._terms(Endpoint.POSTS, worst, keep=keep, bill=bill)
        answer = await self._caller.ask(
            terms,
            wire.PostsAnswer,
            lambda tweepy: tweepy.get_tweets(sorted(ids), tweet_fields=fields.COUNT_FIELDS),
        )
        return answer.found(ids)

    async def post(self, post_id: int, bill: Bill = NOBODY) -> Post:
        """Read one post with its author; raise PostNotFound or PostNotShown."""
        return await self._post(post_id, fields.POSTS, (), bill)

    async def whole_post(self, post_id: int, bill: Bill = NOBODY) -> Post:
        """Read one post with all that X shows of it, and the posts that it refers to."""
        return await self._post(post_id, fields.WHOLE_POSTS, _REFERENCES, bill)

    async def _post(
        self, post_id: int, asked: fields.Asked, included: tuple[Resource, ...], bill: Bill
    ) -> Post:
        ids = frozenset({post_id})
        worst = await self._asker.price(Resource.POST_READ, ids)
        worst += self._price(Resource.USER_READ, *included)
        answer = await self._caller.ask(
            self._terms(Endpoint.POSTS, worst, bill=bill),
            wire.PostsAnswer,
            lambda tweepy: tweepy.get_tweets([post_id], **asked),
        )
        found = answer.found(ids)
        if post_id in found.posts:
            return found.posts[post_id]
        raise _post_missing(found.missing.get(post_id, Missing.DELETED))

    async def author_metrics(self, post_id: int, bill: Bill = NOBODY) -> AuthorMetrics | None:
        """Read what X tells of a post only to its author; None where it does not.

        To be asked about own posts only: of others', X answers with errors. It costs nothing on a
        day on which the post was read already.
        """
        worst = await self._asker.price(Resource.POST_READ, frozenset({post_id}))
        answer = await self._caller.ask(
            self._terms(Endpoint.POSTS, worst, bill=bill),
            wire.PostsAnswer,
            lambda tweepy: tweepy.get_tweets([post_id], **fields.AUTHOR_METRICS),
        )
        return answer.author_metrics(post_id)

    async def liking_users(
        self,
        post_id: int,
        *,
        max_results: int = MAX_LIKERS_A_PAGE,
        token: str | None = None,
        keep: int = 0,
        bill: Bill = NOBODY,
    ) -> UsersPage:
        """Read a page of who likes a post, newest first.

        `keep` requests of the allowance are left for others. Raise LikersNotShown when X shows
        them to the author alone; an empty page of a post that has likes means the same. Where X
        refuses the user, an empty page for the app alone is no answer: it says nothing of what the
        user would see.
        """
        worst = max_results * self._price(Resource.USER_READ)
        try:
            answer = await self._caller.ask(
                self._terms(Endpoint.LIKING_USERS, worst, keep=keep, bill=bill),
                wire.UsersAnswer,
                lambda tweepy: tweepy.get_liking_users(
                    post_id,
                    max_results=max_results,
                    pagination_token=token,
                    user_fields=fields.USER_FIELDS,
                ),
                serves=lambda answer: bool(answer.page().users),
            )
        except Refused as error:
            raise why_no_likers(error) from error
        except XNotFound as error:
            raise PostNotFound from error
        if (why := answer.why_missing(post_id)) is not None:
            raise _post_missing(why)
        return answer.page()

    async def liked_posts(
        self,
        user_id: int,
        *,
        max_results: int,
        token: str | None = None,
        bill: Bill = NOBODY,
    ) -> PostsPage:
        """Read a page of the posts that a user likes; raise UserNotShown when X hides them.

        The page is larger than asked for where X has no smaller one.
        """
        try:
            return await self._liked_posts(user_id, max_results, token, bill)
        except InvalidForX:
            if max_results >= _SMALLEST_LIKED_ONCE:
                raise
            return await self._liked_posts(user_id, _SMALLEST_LIKED_ONCE, token, bill)

    async def _liked_posts(
        self, user_id: int, max_results: int, token: str | None, bill: Bill
    ) -> PostsPage:
        own = self.owns_app and user_id == self.user_id
        read = Resource.OWNED_READ if own else Resource.POST_READ
        worst = max_results * self._price(read, Resource.USER_READ)
        try:
            answer = await self._caller.ask(
                self._terms(Endpoint.LIKED_POSTS, worst, owned=own, bill=bill),
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
        user_id = self._require_user()
        read = Resource.OWNED_READ if self.owns_app else Resource.POST_READ
        worst = await self._asker.price(read, frozenset(expected))
        worst += max(0, max_results - len(expected)) * self._price(read)
        answer = await self._caller.ask(
            self._terms(Endpoint.USER_POSTS, worst, owned=self.owns_app, keep=keep, bill=bill),
            wire.PostsAnswer,
            lambda tweepy: tweepy.get_users_tweets(
                user_id,
                max_results=max_results,
                until_id=until_id,
                tweet_fields=fields.COUNT_FIELDS,
            ),
        )
        return answer.page().posts

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
        own = self.owns_app and user_id == self.user_id
        read = Resource.OWNED_READ if own else Resource.POST_READ
        worst = _NEW_POSTS_A_PAGE * self._price(read)
        left_out = [*([] if replies else ["replies"]), *([] if reposts else ["retweets"])]
        try:
            answer = await self._caller.ask(
                self._terms(Endpoint.USER_POSTS, worst, owned=own, keep=keep, bill=bill),
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
        worst = self._price(Resource.USER_READ)
        return (await self._profile(username, asked, worst, bill)).user

    async def profile(self, username: str, bill: Bill = NOBODY) -> Profile:
        """Read a user with the post that they pinned."""
        worst = self._price(Resource.USER_READ, Resource.POST_READ)
        return await self._profile(username, fields.PROFILES, worst, bill)

    async def _profile(
        self, username: str, asked: fields.Asked, worst_micro_usd: int, bill: Bill
    ) -> Profile:
        try:
            answer = await self._caller.ask(
                self._terms(Endpoint.USER_BY_USERNAME, worst_micro_usd, bill=bill),
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
        self._require_user()
        answer = await self._caller.ask(
            self._terms(Endpoint.ME, self._price(Resource.USER_READ)),
            wire.UserAnswer,
            lambda tweepy: tweepy.get_me(user_fields=fields.USER_FIELDS),
        )
        if answer.data is None:
            raise XUnreadable
        return answer.data.value()

    async def posts_left(self) -> int:
        """Return how many posts X's monthly cap still allows; X tells it to the app alone."""
        answer = await self._caller.ask(
            self._terms(Endpoint.USAGE, 0),
            wire.UsageAnswer,
            lambda tweepy: tweepy.request("GET", _USAGE_ROUTE, params=fields.USAGE),
        )
        if (left := answer.posts_left()) is None:
            raise XUnreadable
        return left

    async def like(self, post_id: int, bill: Bill = NOBODY) -> bool:
        """Like a post as the user; return whether X says that it is liked now."""
        terms = self._action_terms(Endpoint.LIKE, Resource.LIKE, bill)
        return await self._set_liked(terms, post_id, lambda tweepy: tweepy.like(post_id))

    async def unlike(self, post_id: int, bill: Bill = NOBODY) -> bool:
        """Take a like back; X answers the same when there was none."""
        terms = self._action_terms(Endpoint.UNLIKE, Resource.UNLIKE, bill)
        return await self._set_liked(terms, post_id, lambda tweepy: tweepy.unlike(post_id))

    async def _set_liked(self, terms: Terms, post_id: int, call: Call) -> bool:
        self._require_user()
        try:
            answer = await self._caller.ask(terms, wire.LikedAnswer, call)
        except Refused as error:
            raise why_not_liked(error, terms.endpoint, post_id) from error
        except XNotFound as error:
            raise PostNotFound from error
        if (why := answer.why_missing(post_id)) is not None:
            raise _post_missing(why)
        if answer.data is None:
            raise XUnreadable
        return answer.data.liked

    def _require_user(self) -> int:
        if self.user_id is None:
            raise NoCredential
        return self.user_id

    def _price(self, *resources: Resource) -> int:
        return sum(self._asker.prices[resource] for resource in resources)

    def _terms(
        self,
        endpoint: Endpoint,
        worst_micro_usd: int,
        *,
        keep: int = 0,
        bill: Bill = NOBODY,
        owned: bool = False,
    ) -> Terms:
        account = self._credentials.account
        return Terms(endpoint, account, worst_micro_usd, keep, bill, owned)

    def _action_terms(self, endpoint: Endpoint, action: Resource, bill: Bill) -> Terms:
        account = self._credentials.account
        return Terms(endpoint, account, self._price(action), bill=bill, action=action)


def _post_missing(why: Missing) -> XError:
    return PostNotFound() if why is Missing.DELETED else PostNotShown()
