"""All that the client asks is in X's older file, and after a refusal in X's newer one."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.domain import ReferenceKind
from bot.x.asking.request import RequestSender
from bot.x.client import XClient
from bot.x.credentials import Credentials
from bot.x.liking import LikesApi
from bot.x.limits import Endpoint
from sandbox.x.exchanges import Exchange
from tests.sandbox.x import specification
from tests.x.calls import CALLS, CALLS_OF_THE_APP
from tests.x.clients import HASTE, LocalBooks
from tests.x.stand import OTHERS_POST, OWN_POST, TWITTER, TWITTER_DEV, Stand

needs_files = pytest.mark.skipif(not specification.is_present(), reason=specification.MISSING)


async def _liking_users(client: XClient) -> None:
    first = await client.likes.liking_users(OWN_POST, max_results=5)
    assert (await client.likes.liking_users(OWN_POST, token=first.next_token)).users


async def _liked_posts(client: XClient) -> None:
    first = await client.likes.liked_posts(TWITTER_DEV, max_results=5)
    assert (
        await client.likes.liked_posts(TWITTER_DEV, max_results=5, token=first.next_token)
    ).posts


# Only this X itself knows the names of its pages.
PAGES: dict[str, Callable[[XClient], Awaitable[object]]] = {
    "liking_users": _liking_users,
    "liked_posts": _liked_posts,
}
ALL = {**CALLS, **CALLS_OF_THE_APP, **PAGES}
# They ask nothing of X.
NO_REQUEST = {"allowance", "expected_allowance"}


class Heard:
    """What X was asked and answered, in its order."""

    def __init__(self, x: Stand) -> None:
        self.exchanges: list[Exchange] = []
        x.sandbox.listeners.append(self._hear)

    def _hear(self, exchange: Exchange) -> None:
        if exchange.path.startswith("/2/"):
            self.exchanges.append(exchange)

    def statuses(self) -> list[int]:
        return [exchange.status for exchange in self.exchanges]

    def clear(self) -> None:
        self.exchanges.clear()


def _is_in(version: str, asked: Exchange) -> None:
    specification.check_request(
        version, asked.method, asked.path, query=asked.query, body=asked.body
    )


async def _ask(x: Stand, name: str, client: XClient) -> None:
    if name in CALLS_OF_THE_APP:
        keys = x.sandbox.credentials()
        client = x.client_with(Credentials(bearer=keys.bearer_token))
    await ALL[name](client)


@pytest.fixture
async def heard(x: Stand) -> Heard:
    await x.settings(liking="allowed", likers="public")
    return Heard(x)


def test_every_request_is_among_them() -> None:
    def methods(kind: type) -> set[str]:
        found = inspect.getmembers(kind, inspect.iscoroutinefunction)
        return {name for name, _ in found if not name.startswith("_")}

    assert ALL.keys() == (methods(XClient) | methods(LikesApi)) - NO_REQUEST


@needs_files
@pytest.mark.parametrize("name", ALL)
async def test_what_is_asked_first_is_in_the_older_file(x: Stand, heard: Heard, name: str) -> None:
    await x.settings(edition="2.165")

    await _ask(x, name, x.client)

    assert set(heard.statuses()) == {200}
    for asked in heard.exchanges:
        _is_in("2.165", asked)


@needs_files
@pytest.mark.parametrize("name", ALL)
async def test_what_is_asked_after_a_refusal_is_in_the_newer_file(
    x: Stand, heard: Heard, name: str
) -> None:
    await x.settings(edition="2.167", spelling="2.167")

    await _ask(x, name, x.client)

    first, *others = heard.exchanges
    _is_in("2.165", first)
    for asked in others:
        _is_in("2.167", asked)
    _is_in("2.167", heard.exchanges[-1])
    assert heard.statuses()[-1] == 200


@pytest.mark.parametrize("name", ALL)
async def test_what_was_refused_is_not_asked_again(x: Stand, heard: Heard, name: str) -> None:
    await x.settings(edition="2.167", spelling="2.167")
    await _ask(x, name, x.client)
    heard.clear()

    await _ask(x, name, x.client)

    assert set(heard.statuses()) == {200}


async def _whole(x: Stand) -> Any:
    made = await x.control(
        "POST",
        "posts",
        {
            "author_id": str(TWITTER),
            "text": "So many words & still more of them. " * 20,
            "referenced_tweets": [{"type": "quoted", "id": str(OWN_POST)}],
            "public_metrics": {"retweet_count": 7},
        },
    )
    return int(made["id"])


async def test_nothing_is_lost_but_what_the_newer_names_cannot_say(x: Stand) -> None:
    post_id = await _whole(x)
    older = await x.client.whole_post(post_id)
    profile = await x.client.profile("TwitterDev")
    await x.settings(edition="2.167", spelling="2.167")

    newer = await x.client.whole_post(post_id)

    assert (newer.text, newer.author_id, newer.counts) == (
        older.text, older.author_id, older.counts,
    )  # fmt: skip
    assert (newer.created_at, newer.links) == (older.created_at, older.links)
    assert newer.author is not None
    assert older.author is not None
    assert newer.author.username == older.author.username
    assert newer.author.counts == older.author.counts
    (quoted,) = newer.references
    assert (quoted.kind, quoted.id) == (ReferenceKind.QUOTED, OWN_POST)
    assert quoted.post is not None
    pinned = (await x.client.profile("TwitterDev")).pinned
    assert pinned is not None
    assert profile.pinned is not None
    assert (pinned.text, pinned.author_id) == (profile.pinned.text, profile.pinned.author_id)


async def test_each_try_is_a_request_in_the_books(x: Stand, heard: Heard) -> None:
    await x.settings(edition="2.167", spelling="2.167")

    await x.client.counts([OTHERS_POST])

    assert heard.statuses() == [400, 200]
    allowance = await x.client.allowance(Endpoint.POSTS)
    assert allowance.remaining == allowance.limit - 2


async def test_many_who_are_refused_at_once_all_ask_again(x: Stand, heard: Heard) -> None:
    await x.settings(edition="2.167", spelling="2.167")

    found = await asyncio.gather(*(x.client.counts([OWN_POST]) for _ in range(5)))

    assert all(OWN_POST in each.posts for each in found)
    assert heard.statuses().count(200) == 5


async def test_all_accounts_learn_from_one(x: Stand, heard: Heard) -> None:
    await x.settings(edition="2.167", spelling="2.167")
    sender = RequestSender(x.http, x.url, LocalBooks(x.sandbox.clock.now), HASTE)
    users = XClient(sender, Credentials(user=x.user_token()))
    apps = XClient(sender, Credentials(bearer=x.sandbox.credentials().bearer_token))

    await users.counts([OTHERS_POST])
    await apps.counts([OWN_POST])

    assert heard.statuses() == [400, 200, 200]
