"""X's endpoints: who may ask, how often, with which parameters."""

from sandbox.x.access.limits import DAY, Limit
from sandbox.x.api import values
from sandbox.x.api.gate import Endpoint
from sandbox.x.api.likes import LikesApi
from sandbox.x.api.posts import PostsApi
from sandbox.x.api.query import POSTS, USAGE, USERS, Parameter
from sandbox.x.api.usage import UsageApi
from sandbox.x.api.users import UsersApi

_READ = frozenset({"tweet.read", "users.read"})
_READ_LIKES = _READ | {"like.read"}
_WRITE_LIKES = _READ | {"like.write"}
# Liking and unliking draw on one daily allowance.
_DAILY_LIKES = Limit("likes a day", app=None, user=1000, seconds=DAY)
_PAGE = Parameter("pagination_token", values.text)


def _size(low: int, default: int) -> Parameter:
    return Parameter("max_results", values.number(low, 100), default)


def like_endpoints(api: LikesApi) -> list[Endpoint]:
    return [
        Endpoint(
            "GET",
            "/2/tweets/{id}/liking_users",
            api.liking_users,
            (Limit("liking_users", app=75, user=75),),
            _READ_LIKES,
            "likes",
            USERS,
            (_size(1, 100), _PAGE),
        ),
        Endpoint(
            "GET",
            "/2/users/{id}/liked_tweets",
            api.liked_posts,
            (Limit("liked_tweets", app=75, user=75),),
            _READ_LIKES,
            "likes",
            POSTS,
            (_size(5, 100), _PAGE),
        ),
        Endpoint(
            "POST",
            "/2/users/{id}/likes",
            api.like,
            (Limit("like", app=None, user=50), _DAILY_LIKES),
            _WRITE_LIKES,
            "no",
        ),
        Endpoint(
            "DELETE",
            "/2/users/{id}/likes/{tweet_id}",
            api.unlike,
            (Limit("unlike", app=None, user=50), _DAILY_LIKES),
            _WRITE_LIKES,
            "no",
        ),
    ]


def post_endpoints(api: PostsApi) -> list[Endpoint]:
    timeline = (
        _size(5, 10),
        _PAGE,
        Parameter("since_id", values.an_id),
        Parameter("until_id", values.an_id),
        Parameter("start_time", values.a_time),
        Parameter("end_time", values.a_time),
        Parameter("exclude", values.some_of("replies", "retweets"), frozenset()),
    )
    ids = Parameter("ids", values.list_of(values.ID), required=True)
    return [
        Endpoint(
            "GET",
            "/2/tweets",
            api.by_ids,
            (Limit("tweets", app=3500, user=5000),),
            _READ,
            selectors=POSTS,
            parameters=(ids,),
        ),
        Endpoint(
            "GET",
            "/2/tweets/{id}",
            api.by_id,
            (Limit("tweet", app=450, user=900),),
            _READ,
            selectors=POSTS,
        ),
        Endpoint(
            "GET",
            "/2/users/{id}/tweets",
            api.by_user,
            (Limit("user tweets", app=10_000, user=900),),
            _READ,
            selectors=POSTS,
            parameters=timeline,
        ),
    ]


def user_endpoints(api: UsersApi) -> list[Endpoint]:
    ids = Parameter("ids", values.list_of(values.ID), required=True)
    usernames = Parameter("usernames", values.list_of(values.USERNAME), required=True)
    me = Limit("me", app=None, user=75)

    def lookup(name: str) -> tuple[Limit, ...]:
        return (Limit(name, app=300, user=900),)

    return [
        Endpoint("GET", "/2/users/me", api.me, (me,), _READ, "no", USERS),
        Endpoint(
            "GET",
            "/2/users/by",
            api.by_usernames,
            lookup("users by"),
            _READ,
            selectors=USERS,
            parameters=(usernames,),
        ),
        Endpoint(
            "GET",
            "/2/users/by/username/{username}",
            api.by_username,
            lookup("user by username"),
            _READ,
            selectors=USERS,
        ),
        Endpoint(
            "GET",
            "/2/users",
            api.by_ids,
            lookup("users"),
            _READ,
            selectors=USERS,
            parameters=(ids,),
        ),
        Endpoint("GET", "/2/users/{id}", api.by_id, lookup("user"), _READ, selectors=USERS),
    ]


def usage_endpoints(api: UsageApi) -> list[Endpoint]:
    return [
        Endpoint(
            "GET",
            "/2/usage/tweets",
            api.usage,
            (Limit("usage", app=50, user=None),),
            app_only="required",
            selectors=USAGE,
            parameters=(Parameter("days", values.number(1, 90), 7),),
        )
    ]
