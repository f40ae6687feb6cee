"""X's own SDK and tweepy, unchanged, against the sandbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import tweepy
from tweepy.asynchronous import AsyncClient
from yarl import URL

from tests.late import late
from tests.sandbox.x.client import DEV, LIMIT, RESEARCH, TWITTER, VALENTINE, XClient

if TYPE_CHECKING:
    import xdk as official
else:
    official = late("xdk")


@pytest.fixture
def xdk(x: XClient) -> Iterator[official.Client]:
    """Return X's SDK with the owner's OAuth 1.0a keys."""
    keys = x.keys
    auth = official.oauth1_auth.OAuth1(
        keys.api_key, keys.api_secret, "oob", keys.access_token, keys.access_token_secret
    )
    client = official.Client(base_url=x.base, auth=auth)
    yield client
    client.session.close()


class TestXdk:
    async def test_likers_page_by_page(self, x: XClient, xdk: official.Client) -> None:
        def read() -> list[list[Any]]:
            pages = xdk.posts.get_liking_users(RESEARCH, max_results=10, user_fields=["created_at"])
            return [page.data or [] for page in pages]

        pages = await asyncio.to_thread(read)
        assert [len(page) for page in pages][:2] == [10, 10]
        world = x.sandbox.world
        expected = [like.user_id for like in world.likers(world.posts[int(RESEARCH)])]
        got = [user["id"] if isinstance(user, dict) else user.id for page in pages for user in page]
        assert got == [str(user_id) for user_id in expected]

    async def test_posts_in_the_new_spelling(self, xdk: official.Client) -> None:
        answer = await asyncio.to_thread(
            xdk.posts.get_by_ids,
            [RESEARCH, LIMIT],
            post_fields=["public_metrics", "created_at"],
            expansions=["author_id"],
        )
        metrics = [post.public_metrics.model_dump() for post in answer.data]
        assert metrics[0]["repost_count"] == 40
        assert {user.id for user in answer.includes.users} == {DEV, TWITTER}

    async def test_liked_posts_and_likes(self, x: XClient, xdk: official.Client) -> None:
        await x.settings(liking="allowed")
        answer = await asyncio.to_thread(
            xdk.users.like_post, DEV, official.users.models.LikePostRequest(tweet_id=VALENTINE)
        )
        assert answer.data.liked is True

        def read() -> list[str]:
            return [post.id for page in xdk.users.get_liked_posts(DEV) for post in page.data]

        assert await asyncio.to_thread(read) == [VALENTINE, LIMIT]
        gone = await asyncio.to_thread(xdk.users.unlike_post, DEV, VALENTINE)
        assert gone.data.liked is False

    async def test_with_an_oauth2_token(self, x: XClient) -> None:
        token = await x.user_token(DEV, "oauth2")
        client = official.Client(base_url=x.base, access_token=str(token))
        me = await asyncio.to_thread(client.users.get_me)
        assert me.data.username == "TwitterDev"
        client.session.close()


class _Redirected:
    """What tweepy takes for its session: it sends X's requests to the sandbox."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self._base = base

    def request(self, method: str, url: str | URL, **more: Any) -> Any:
        here = str(url).replace("https://api.twitter.com", self._base)
        return self._session.request(method, URL(here, encoded=True), **more)


@pytest.fixture
async def client(x: XClient) -> AsyncIterator[AsyncClient]:
    keys = x.keys
    made = AsyncClient(
        keys.bearer_token,
        keys.api_key,
        keys.api_secret,
        keys.access_token,
        keys.access_token_secret,
    )
    made.session = _Redirected(x.session, x.base)
    yield made
    made.session = None


class TestTweepy:
    async def test_likers_with_the_users_signature(self, x: XClient, client: AsyncClient) -> None:
        answer = await client.get_liking_users(
            RESEARCH,
            user_auth=True,
            user_fields=["created_at", "public_metrics", "profile_image_url"],
            expansions=["pinned_tweet_id"],
            max_results=100,
        )
        post = x.sandbox.world.posts[int(RESEARCH)]
        assert [user.id for user in answer.data] == [
            like.user_id for like in x.sandbox.world.likers(post)
        ]

    async def test_posts_with_the_apps_token(self, client: AsyncClient) -> None:
        answer = await client.get_tweets(
            [RESEARCH, 20], tweet_fields=["public_metrics"], expansions=["author_id"]
        )
        assert answer.data[0].public_metrics["retweet_count"] == 40
        assert answer.includes["users"][0].username == "TwitterDev"
        assert answer.errors[0]["title"] == "Not Found Error"

    async def test_times_in_a_signed_query(self, client: AsyncClient) -> None:
        answer = await client.get_users_tweets(
            DEV, start_time="2021-01-01T00:00:00Z", user_auth=True, exclude=["replies"]
        )
        assert answer.meta["result_count"] == 2

    async def test_like_and_unlike(self, x: XClient, client: AsyncClient) -> None:
        with pytest.raises(tweepy.Forbidden):
            await client.like(VALENTINE)
        await x.settings(liking="allowed")
        assert (await client.like(VALENTINE)).data == {"liked": True}
        assert (await client.unlike(VALENTINE)).data == {"liked": False}

    async def test_refusals_become_its_errors(self, x: XClient, client: AsyncClient) -> None:
        with pytest.raises(tweepy.BadRequest, match="max_results"):
            await client.get_liking_users(RESEARCH, user_auth=True, max_results=101)
        with pytest.raises(tweepy.Forbidden):
            await client.get_liking_users(RESEARCH)
        fault = {"match": "GET /2/tweets", "status": 429, "headers": {"x-rate-limit-reset": "99"}}
        await x.control("POST", "/faults", {**fault, "body": {"errors": [{"code": 88}]}})
        with pytest.raises(tweepy.TooManyRequests) as caught:
            await client.get_tweets([RESEARCH])
        assert caught.value.reset_time == 99
