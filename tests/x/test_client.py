"""What the client asks of X, and what it makes of the answers."""

from typing import Any

import aiohttp
import pytest

from bot.domain import Missing
from bot.domain.errors import (
    BudgetSpent,
    InvalidForX,
    NoCredential,
    PostNotFound,
    PostNotShown,
    RateLimited,
    UserNotFound,
    UserNotShown,
    XError,
    XNotFound,
    XUnreadable,
)
from bot.x.client import XClient
from bot.x.credentials import Credentials
from bot.x.limits import Endpoint
from bot.x.prices import MICRO_USD, NOBODY, Bill, Billed, Resource
from tests.x.clients import ME, TOKEN, LocalBooks, a_client
from tests.x.small_x import Reply, SmallX

POST = 1354143047324299264
BILL = Bill("/likers", guild_id=11)
USER = {"id": "783214", "username": "Twitter", "name": "Twitter"}
TYPES = "https://api.twitter.com/2/problems"


TOO_FEW: dict[str, Any] = {
    "type": f"{TYPES}/invalid-request",
    "errors": [
        {
            "parameters": {"max_results": ["5"]},
            "message": "The `max_results` query parameter value [5] is not between 10 and 100",
        }
    ],
}


def _problem(kind: str, resource_id: int = POST) -> dict[str, str]:
    return {"type": f"{TYPES}/{kind}", "resource_id": str(resource_id), "value": str(resource_id)}


async def test_counts_ask_for_nothing_that_costs_more(
    client: XClient, small_x: SmallX, books: LocalBooks
) -> None:
    small_x.answers(
        Reply(
            {
                "data": [{"id": "5", "text": "", "public_metrics": {"like_count": 9}}],
                "errors": [_problem("resource-not-found", 3)],
            }
        )
    )

    found = await client.counts([5, 3])

    assert {post_id: post.counts.likes for post_id, post in found.posts.items()} == {5: 9}
    assert dict(found.missing) == {3: Missing.DELETED}
    assert (small_x.last.method, small_x.last.path) == ("GET", "/2/tweets")
    assert small_x.last.query == {"ids": "3,5", "tweet.fields": "public_metrics"}
    assert books.held == [10_000]
    assert books.booked == [(NOBODY, Billed(Resource.POST_READ, frozenset({5})))]


@pytest.mark.parametrize(("cap", "used", "left"), [(100, 40, 60), ("100", "40", 60), (100, 120, 0)])
async def test_the_app_alone_is_told_what_is_left_of_the_cap(
    http: aiohttp.ClientSession, small_x: SmallX, cap: object, used: object, left: int
) -> None:
    credentials = Credentials(user=TOKEN, bearer="app")
    client = a_client(http, small_x.url, credentials=credentials)
    small_x.answers(Reply({"data": {"project_cap": cap, "project_usage": used}}))

    assert await client.posts_left() == left
    assert (small_x.last.method, small_x.last.path) == ("GET", "/2/usage/tweets")
    assert small_x.last.query == {"usage.fields": "project_cap,project_usage"}
    assert small_x.last.headers["Authorization"] == "Bearer app"


async def test_no_users_token_tells_what_is_left_of_the_cap(
    client: XClient, small_x: SmallX
) -> None:
    with pytest.raises(NoCredential):
        await client.posts_left()
    assert small_x.asked == []


async def test_a_post_is_asked_for_whole_and_with_its_author(
    client: XClient, small_x: SmallX, books: LocalBooks
) -> None:
    small_x.answers(
        Reply(
            {
                "data": [{"id": str(POST), "text": "Hello", "author_id": "783214"}],
                "includes": {"users": [USER]},
            }
        )
    )

    post = await client.post(POST, bill=BILL)

    assert post.text == "Hello"
    assert post.author is not None
    assert post.author.username == "Twitter"
    query = small_x.last.query
    assert query["ids"] == str(POST)
    assert set(query["expansions"].split(",")) == {"author_id", "attachments.media_keys"}
    assert "note_tweet" in query["tweet.fields"]
    assert books.held == [15_000]
    assert books.booked == [
        (BILL, Billed(Resource.POST_READ, frozenset({POST}))),
        (BILL, Billed(Resource.USER_READ, frozenset({783214}))),
    ]


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("resource-not-found", PostNotFound),
        ("not-authorized-for-resource", PostNotShown),
        ("resource-unavailable", PostNotShown),
    ],
)
async def test_a_post_that_x_does_not_show(
    client: XClient, small_x: SmallX, books: LocalBooks, kind: str, error: type[XError]
) -> None:
    small_x.answers(Reply({"errors": [_problem(kind)]}))

    for call in (client.post, client.likes.liking_users, client.likes.like):
        with pytest.raises(error) as refused:
            await call(POST)
        assert type(refused.value) is error
    assert books.booked == []


async def test_an_answer_without_the_post_is_no_post(client: XClient, small_x: SmallX) -> None:
    small_x.answers(Reply({}))

    with pytest.raises(PostNotFound):
        await client.post(POST)


async def test_likers_come_page_by_page(
    client: XClient, small_x: SmallX, books: LocalBooks
) -> None:
    small_x.answers(Reply({"data": [USER], "meta": {"result_count": 1, "next_token": "t2"}}))

    page = await client.likes.liking_users(POST, max_results=5, token="t1")

    assert [user.id for user in page.users] == [783214]
    assert page.next_token == "t2"
    assert small_x.last.path == f"/2/tweets/{POST}/liking_users"
    assert small_x.last.query["max_results"] == "5"
    assert small_x.last.query["pagination_token"] == "t1"
    assert books.held == [50_000]
    assert books.booked == [(NOBODY, Billed(Resource.USER_READ, frozenset({783214})))]


async def test_likers_that_x_hides_are_an_empty_page(
    client: XClient, small_x: SmallX, books: LocalBooks
) -> None:
    small_x.answers(Reply({"meta": {"result_count": 0}}))

    assert (await client.likes.liking_users(POST)).users == ()
    assert books.booked == []


async def test_one_liker_that_x_does_not_show_is_no_missing_post(
    client: XClient, small_x: SmallX
) -> None:
    errors = [_problem("resource-not-found", 404)]
    small_x.answers(Reply({"errors": errors, "meta": {"result_count": 0}}))

    assert (await client.likes.liking_users(POST)).users == ()


async def test_some_of_the_allowance_is_left_for_people(client: XClient, small_x: SmallX) -> None:
    headers = {
        "x-rate-limit-limit": "75",
        "x-rate-limit-remaining": "15",
        "x-rate-limit-reset": "1785586500",  # 2026-08-01 12:15 UTC
    }
    small_x.answers(Reply({"data": []}, headers=headers))
    await client.likes.liking_users(POST, keep=15)

    with pytest.raises(RateLimited):
        await client.likes.liking_users(POST, keep=15)
    assert len(small_x.asked) == 1
    await client.likes.liking_users(POST)


@pytest.mark.parametrize(
    ("user_id", "resource"), [(ME, Resource.OWNED_READ), (7, Resource.POST_READ)]
)
async def test_ones_own_likes_are_cheaper(
    client: XClient, small_x: SmallX, books: LocalBooks, user_id: int, resource: Resource
) -> None:
    small_x.answers(Reply({"data": [{"id": str(POST), "text": "a"}]}))

    page = await client.likes.liked_posts(user_id, max_results=10)

    assert [post.id for post in page.posts] == [POST]
    assert small_x.last.path == f"/2/users/{user_id}/liked_tweets"
    assert small_x.last.query["max_results"] == "10"
    assert books.held == [10 * (MICRO_USD[resource] + MICRO_USD[Resource.USER_READ])]
    assert books.booked == [(NOBODY, Billed(resource, frozenset({POST})))]


async def test_liked_posts_where_ten_are_the_smallest_page(
    client: XClient, small_x: SmallX, books: LocalBooks
) -> None:
    """One edition of X's documents has pages of 10 to 100, the others of 5 to 100."""
    small_x.answers(Reply(TOO_FEW, 400), Reply({"data": [{"id": str(POST), "text": "a"}]}))

    page = await client.likes.liked_posts(ME, max_results=5, token="t1")

    assert [post.id for post in page.posts] == [POST]
    assert [asked.query["max_results"] for asked in small_x.asked] == ["5", "10"]
    assert {asked.query["pagination_token"] for asked in small_x.asked} == {"t1"}
    assert len(books.booked) == 1


async def test_a_page_of_liked_posts_that_is_invalid_anyway(
    client: XClient, small_x: SmallX
) -> None:
    small_x.answers(Reply(TOO_FEW, 400))

    for size, times in ((10, 1), (5, 3)):
        with pytest.raises(InvalidForX):
            await client.likes.liked_posts(ME, max_results=size)
        assert len(small_x.asked) == times


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply({"title": "Not Found"}, 404), XNotFound),
        (Reply({"errors": [_problem("not-authorized-for-resource", 7)]}), UserNotShown),
        (Reply({"errors": [_problem("resource-not-found", 7)]}), XNotFound),
    ],
)
async def test_likes_that_x_does_not_show(
    client: XClient, small_x: SmallX, reply: Reply, error: type[XError]
) -> None:
    small_x.answers(reply)

    with pytest.raises(error):
        await client.likes.liked_posts(7, max_results=10)


async def test_a_user_by_name(client: XClient, small_x: SmallX, books: LocalBooks) -> None:
    small_x.answers(Reply({"data": {**USER, "verified_type": "none", "protected": True}}))

    user = await client.user_by_username("Twitter", bill=BILL)

    assert (user.id, user.verified_type, user.protected) == (783214, None, True)
    assert small_x.last.path == "/2/users/by/username/Twitter"
    assert books.booked == [(BILL, Billed(Resource.USER_READ, frozenset({783214})))]


@pytest.mark.parametrize(
    "reply",
    [
        Reply({"errors": [{"type": f"{TYPES}/resource-not-found", "value": "nobody"}]}),
        Reply({"title": "Not Found"}, 404),
    ],
)
async def test_a_user_that_x_does_not_know(client: XClient, small_x: SmallX, reply: Reply) -> None:
    small_x.answers(reply)

    with pytest.raises(UserNotFound, match="@nobody"):
        await client.user_by_username("nobody")


async def test_me(client: XClient, small_x: SmallX) -> None:
    small_x.answers(Reply({"data": {"id": str(ME), "username": "a", "name": "A"}}))

    assert (await client.me()).id == ME == client.user_id
    assert small_x.last.path == "/2/users/me"


async def test_nobody_is_unreadable(client: XClient, small_x: SmallX) -> None:
    small_x.answers(Reply({}))

    with pytest.raises(XUnreadable):
        await client.me()


async def test_a_like_and_an_unlike(client: XClient, small_x: SmallX, books: LocalBooks) -> None:
    small_x.answers(Reply({"data": {"liked": True}}), Reply({"data": {"liked": False}}))

    assert await client.likes.like(POST, bill=BILL) is True
    assert (small_x.last.method, small_x.last.path) == ("POST", f"/2/users/{ME}/likes")
    assert small_x.last.body == {"tweet_id": str(POST)}
    assert await client.likes.unlike(POST) is False
    assert (small_x.last.method, small_x.last.path) == ("DELETE", f"/2/users/{ME}/likes/{POST}")
    assert books.held == [15_000, 10_000]
    assert books.booked == [
        (BILL, Billed(Resource.LIKE, times=1)),
        (NOBODY, Billed(Resource.UNLIKE, times=1)),
    ]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply({"title": "Not Found"}, 404), PostNotFound),
        (Reply({}), XUnreadable),
    ],
)
async def test_a_like_that_x_does_not_make(
    client: XClient, small_x: SmallX, books: LocalBooks, reply: Reply, error: type[XError]
) -> None:
    small_x.answers(reply)

    for call in (client.likes.like, client.likes.unlike):
        with pytest.raises(error) as refused:
            await call(POST)
        assert type(refused.value) is error
    assert books.booked == []


async def test_a_user_token_signs_every_request(client: XClient, small_x: SmallX) -> None:
    await client.counts([POST])

    authorization = small_x.last.headers["Authorization"]
    assert authorization.startswith("OAuth ")
    assert f'oauth_token="{ME}-token"' in authorization


async def test_the_apps_token_alone_reads_but_does_not_act(
    http: aiohttp.ClientSession, small_x: SmallX
) -> None:
    client = a_client(http, small_x.url, credentials=Credentials(bearer="app token"))

    await client.counts([POST])

    assert small_x.last.headers["Authorization"] == "Bearer app token"
    assert client.user_id is None
    for call in (client.me(), client.likes.like(POST), client.likes.unlike(POST)):
        with pytest.raises(NoCredential):
            await call
    assert len(small_x.asked) == 1


async def test_without_money_nothing_is_asked(http: aiohttp.ClientSession, small_x: SmallX) -> None:
    client = a_client(http, small_x.url, books=LocalBooks(empty=True))

    with pytest.raises(BudgetSpent):
        await client.counts([POST])

    assert small_x.asked == []
    assert (await client.allowance(Endpoint.POSTS)).remaining == 3_500


async def test_the_address_of_x_may_have_a_path(
    http: aiohttp.ClientSession, small_x: SmallX
) -> None:
    await a_client(http, f"{small_x.url}/x/").counts([POST])

    assert small_x.last.path == "/x/2/tweets"


async def test_an_empty_page_of_likers_is_passed_over(client: XClient, small_x: SmallX) -> None:
    """X fills a page, and then leaves out whom it does not show; nobody seemed to be listed."""
    empty = {"meta": {"result_count": 0, "next_token": "more"}}
    small_x.answers(Reply(empty), Reply({"data": [USER], "meta": {"result_count": 1}}))
    page = await client.likes.liking_users(POST, bill=BILL)
    assert [user.username for user in page.users] == ["Twitter"]
    assert small_x.last.query["pagination_token"] == "more"


async def test_empty_pages_are_not_passed_over_for_ever(client: XClient, small_x: SmallX) -> None:
    tokens = [f"t{number}" for number in range(9)]
    small_x.answers(*(Reply({"meta": {"next_token": token}}) for token in tokens))
    page = await client.likes.liking_users(POST, bill=BILL)
    assert (page.users, page.next_token) == ((), "t2")
    assert len(small_x.asked) == 3


async def test_an_empty_page_of_liked_posts_is_passed_over(
    client: XClient, small_x: SmallX
) -> None:
    empty = {"data": [], "meta": {"result_count": 0, "next_token": "more"}}
    small_x.answers(Reply(empty), Reply({"data": [{"id": "5", "text": "Hello"}]}))
    page = await client.likes.liked_posts(ME, max_results=10, bill=BILL)
    assert [post.id for post in page.posts] == [5]


async def test_an_empty_token_leads_to_no_page(client: XClient, small_x: SmallX) -> None:
    small_x.answers(Reply({"data": [USER], "meta": {"next_token": "", "previous_token": ""}}))
    page = await client.likes.liking_users(POST, bill=BILL)
    assert (page.next_token, page.previous_token) == (None, None)


@pytest.mark.parametrize(
    "beside", [{}, {"public_metrics": {}}, {"public_metrics": {"like_count": None}}]
)
async def test_a_post_whose_counts_x_leaves_out_is_not_one_that_nobody_likes(
    client: XClient, small_x: SmallX, beside: dict[str, Any]
) -> None:
    """Its watch read all likers anew when they came back, and began with nobody."""
    counted = {"id": "6", "text": "", "public_metrics": {"like_count": 9}}
    small_x.answers(Reply({"data": [{"id": "5", "text": "Hello", **beside}, counted]}))
    assert set((await client.counts([5, 6])).posts) == {6}


async def test_a_post_is_shown_without_the_counts_that_x_leaves_out(
    client: XClient, small_x: SmallX
) -> None:
    small_x.answers(Reply({"data": [{"id": "5", "text": "Hello"}]}))
    post = await client.whole_post(5)
    assert (post.text, post.is_counted) == ("Hello", False)
