"""X says when to come back: it is waited for where it is soon, and nobody asks before."""

import asyncio
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.domain.errors import CredentialRefused, RateLimited, XUnavailable
from bot.x.credentials import AppKeys
from bot.x.limits import WINDOW, Endpoint
from bot.x.oauth import OAuth1Flow, OAuth2Flow
from bot.x.x_time import XTime
from tests.x.clients import NOW, LocalBooks, Now, a_client
from tests.x.small_x import Reply, SmallX

POST = 1354143047324299264
GOOD = Reply({"data": [{"id": str(POST), "text": "Hello"}]})
MINUTE = timedelta(minutes=1)


def _away(retry_after: str, status: int = 503) -> Reply:
    return Reply("Over capacity", status, {"Retry-After": retry_after})


@pytest.fixture
def now() -> Now:
    return Now()


async def test_a_short_pause_is_waited_for(http: aiohttp.ClientSession, small_x: SmallX) -> None:
    loop = asyncio.get_running_loop()
    client = a_client(http, small_x.url, now=lambda: datetime.now(UTC))
    small_x.date = None
    small_x.answers(_away("1"), GOOD)
    began = loop.time()

    assert (await client.post(POST)).text == "Hello"

    assert loop.time() - began >= 0.9
    assert len(small_x.asked) == 2


@pytest.mark.parametrize(
    ("named", "comes_back"),
    [
        ("120", NOW + 2 * MINUTE),
        ("Sat, 01 Aug 2026 12:02:00 GMT", NOW + 2 * MINUTE),
        ("999999999999", NOW + timedelta(hours=1)),
        ("Sun, 01 Aug 2027 12:02:00 GMT", NOW + timedelta(hours=1)),
    ],
)
async def test_until_a_longer_one_is_over_nobody_asks(
    http: aiohttp.ClientSession, small_x: SmallX, now: Now, named: str, comes_back: datetime
) -> None:
    client = a_client(http, small_x.url, now=now)
    small_x.answers(_away(named), GOOD)

    for _ in range(3):
        with pytest.raises(XUnavailable) as away:
            await client.post(POST)
        assert away.value.try_again_at == comes_back
        assert str(away.value).endswith(f"Try again <t:{comes_back.timestamp():.0f}:R>.")
    assert len(small_x.asked) == 1

    now.moment = comes_back
    assert (await client.post(POST)).text == "Hello"


async def test_a_pause_is_of_the_endpoint_alone(
    http: aiohttp.ClientSession, small_x: SmallX, now: Now
) -> None:
    client = a_client(http, small_x.url, now=now)
    small_x.answers(_away("120"), Reply({"data": {"id": "1", "name": "A", "username": "a"}}))
    with pytest.raises(XUnavailable):
        await client.post(POST)

    assert (await client.me()).username == "a"


@pytest.mark.parametrize("named", ["", "soon", "-3", "1.5", "Sat, 01 Aug 2026 11:00:00 GMT"])
async def test_what_names_no_time_to_come_is_asked_again_as_ever(
    http: aiohttp.ClientSession, small_x: SmallX, now: Now, named: str
) -> None:
    client = a_client(http, small_x.url, now=now)
    small_x.answers(_away(named), GOOD)

    assert (await client.post(POST)).text == "Hello"


async def test_a_date_is_reckoned_by_xs_clock(
    http: aiohttp.ClientSession, small_x: SmallX, now: Now
) -> None:
    client = a_client(http, small_x.url, now=now)
    small_x.date = "Sat, 01 Aug 2026 13:00:00 GMT"  # an hour ahead of ours
    small_x.answers(_away("Sat, 01 Aug 2026 13:02:00 GMT"))

    with pytest.raises(XUnavailable) as away:
        await client.post(POST)
    assert away.value.try_again_at == NOW + 2 * MINUTE


@pytest.mark.parametrize(
    ("headers", "resets_at"),
    [
        ({"Retry-After": "120"}, NOW + 2 * MINUTE),
        ({"Retry-After": "120", "x-rate-limit-reset": "60"}, NOW + 2 * MINUTE),
        ({"Retry-After": "30", "x-rate-limit-reset": "60"}, NOW + MINUTE),
        ({"Retry-After": "soon"}, NOW + WINDOW),
    ],
)
async def test_a_429_is_over_when_x_says_so(
    http: aiohttp.ClientSession, small_x: SmallX, headers: dict[str, str], resets_at: datetime
) -> None:
    if (reset := headers.get("x-rate-limit-reset")) is not None:
        at = int(NOW.timestamp()) + int(reset)
        limits = {"x-rate-limit-limit": "3500", "x-rate-limit-remaining": "0"}
        headers = {**headers, **limits, "x-rate-limit-reset": str(at)}
    books = LocalBooks()
    client = a_client(http, small_x.url, books=books)
    small_x.answers(Reply(None, 429, headers))

    with pytest.raises(RateLimited) as limited:
        await client.counts([POST])

    assert limited.value.resets_at == resets_at
    allowance = await client.allowance(Endpoint.POSTS)
    assert (allowance.remaining, allowance.resets_at) == (0, resets_at)


async def test_a_429_that_is_a_page_is_no_windows(
    http: aiohttp.ClientSession, small_x: SmallX
) -> None:
    """It is of what stands in front of X's API, and cost a quarter of an hour."""
    books = LocalBooks()
    client = a_client(http, small_x.url, books=books)
    small_x.answers(Reply("<html><title>Access denied</title>error code: 1015</html>", 429))

    for _ in range(3):
        with pytest.raises(XUnavailable) as away:
            await client.counts([POST])
        assert away.value.try_again_at == NOW + MINUTE
    assert len(small_x.asked) == 1
    assert (await client.allowance(Endpoint.POSTS)).remaining > 0


# Where accounts are linked


@pytest.mark.parametrize("status", [429, 503])
async def test_the_token_endpoint_is_left_alone_too(
    http: aiohttp.ClientSession, small_x: SmallX, now: Now, status: int
) -> None:
    flow = OAuth2Flow(
        http,
        api_url=small_x.url,
        client_id="client",
        client_secret="secret",
        redirect_url="http://127.0.0.1/callback",
        now=now,
    )
    granted = Reply({"token_type": "bearer", "access_token": "new", "expires_in": 7_200})
    small_x.answers(_away("120", status), granted)

    for _ in range(3):
        with pytest.raises(XUnavailable) as away:
            await flow.refresh("old", frozenset())
        assert away.value.try_again_at == NOW + 2 * MINUTE
    assert len(small_x.asked) == 1

    now.advance(2 * MINUTE)
    assert (await flow.refresh("old", frozenset())).access_token == "new"


async def test_a_429_that_names_no_time_is_a_minute(
    http: aiohttp.ClientSession, small_x: SmallX, now: Now
) -> None:
    small_x.date = None
    flow = OAuth1Flow(http, api_url=small_x.url, keys=AppKeys("key", "secret"), x_time=XTime(now))
    small_x.answers(Reply("<html>", 429), Reply("oauth_token=a&oauth_token_secret=b"))
    for _ in range(3):
        with pytest.raises(XUnavailable) as away:
            await flow.begin()
        assert away.value.try_again_at == NOW + MINUTE
    assert len(small_x.asked) == 1
    now.advance(MINUTE)
    assert (await flow.begin()).token == "a"


async def test_the_pin_page_is_left_alone_too(
    http: aiohttp.ClientSession, small_x: SmallX, now: Now
) -> None:
    small_x.date = None
    keys, time = AppKeys("key", "secret"), XTime(now)
    flow = OAuth1Flow(http, api_url=small_x.url, keys=keys, x_time=time)
    small_x.answers(_away("120"), Reply(status=401))

    for _ in range(2):
        with pytest.raises(XUnavailable):
            await flow.begin()
    assert len(small_x.asked) == 1

    now.advance(2 * MINUTE)
    with pytest.raises(CredentialRefused):
        await flow.begin()
