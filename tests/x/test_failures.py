"""X is slow, down, rude or makes no sense: one typed error comes out, and no more is asked."""

import asyncio

import aiohttp
import pytest

from bot.domain.errors import (
    CredentialRefused,
    InvalidForX,
    RateLimited,
    Refused,
    UsageCapped,
    XError,
    XUnavailable,
    XUnreadable,
)
from bot.x.client import XClient
from bot.x.limits import Endpoint
from tests.x.clients import BRIEF, NOW, LocalBooks, a_client
from tests.x.small_x import Reply, SmallX

POST = 1354143047324299264
GOOD = Reply({"data": [{"id": str(POST), "text": "Hello", "public_metrics": {"like_count": 1}}]})
HTML = Reply("<h1>Over capacity</h1>", 503, {"Content-Type": "text/html"})


@pytest.mark.parametrize(
    "failure",
    [
        HTML,
        Reply("<!doctype html><title>Just a moment", 403, {"Content-Type": "text/html"}),
        Reply(status=500),
        Reply(status=502),
        Reply(status=504),
        Reply(cut=True),
        Reply(b'{"data": [', 200),
        Reply("<html>", 200, {"Content-Type": "text/html"}),
        Reply([], 200),
        Reply(None, 200),
        Reply({"data": 7}),
        Reply(status=302, headers={"Location": "https://example.com/"}),
        Reply(b"not gzip", 200, {"Content-Encoding": "gzip"}),
    ],
    ids=lambda failure: f"{failure.status} {failure.raw()[:10]!r}",
)
async def test_what_passes_is_asked_again(
    client: XClient, small_x: SmallX, books: LocalBooks, failure: Reply
) -> None:
    small_x.answers(failure, failure, GOOD)

    assert (await client.post(POST)).text == "Hello"

    assert len(small_x.asked) == 3
    assert len(books.booked) == 1
    assert (await client.allowance(Endpoint.POSTS)).remaining == 3_500 - 3


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (HTML, XUnavailable),
        (Reply(cut=True), XUnavailable),
        (Reply("<html>"), XUnreadable),
        (Reply({"data": "x"}), XUnreadable),
    ],
)
async def test_what_does_not_pass_is_asked_thrice(
    client: XClient, small_x: SmallX, books: LocalBooks, failure: Reply, error: type[XError]
) -> None:
    small_x.answers(failure)

    with pytest.raises(error):
        await client.post(POST)

    assert len(small_x.asked) == 3
    assert books.booked == []


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply({"title": "Unauthorized"}, 401), CredentialRefused),
        (Reply(status=402), UsageCapped),
        (Reply({"title": "Forbidden"}, 403), Refused),
        (Reply({"errors": None}, 400), InvalidForX),
        (Reply(status=429), RateLimited),
    ],
)
async def test_what_asking_again_does_not_mend_is_asked_once(
    client: XClient, small_x: SmallX, reply: Reply, error: type[XError]
) -> None:
    small_x.answers(reply)

    with pytest.raises(error):
        await client.counts([POST])

    assert len(small_x.asked) == 1


async def test_a_429_is_obeyed_until_its_reset(client: XClient, small_x: SmallX) -> None:
    reset = int(NOW.timestamp()) + 300
    headers = {
        "x-rate-limit-limit": "3500",
        "x-rate-limit-remaining": "0",
        "x-rate-limit-reset": str(reset),
    }
    small_x.answers(Reply({"errors": [{"code": 88}]}, 429, headers))

    for _ in range(2):
        with pytest.raises(RateLimited) as refused:
            await client.counts([POST])
        assert refused.value.resets_at.timestamp() == reset

    assert len(small_x.asked) == 1


async def test_silence_ends(http: aiohttp.ClientSession, small_x: SmallX) -> None:
    client = a_client(http, small_x.url, policy=BRIEF)
    small_x.answers(Reply(silent=True))

    with pytest.raises(XUnavailable):
        await client.counts([POST])


async def test_nobody_is_there(http: aiohttp.ClientSession) -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()

    with pytest.raises(XUnavailable):
        await a_client(http, f"http://127.0.0.1:{port}").counts([POST])


async def test_a_token_is_never_sent_where_x_points(
    http: aiohttp.ClientSession, small_x: SmallX
) -> None:
    async with SmallX().running() as elsewhere:
        small_x.answers(Reply(status=307, headers={"Location": f"{elsewhere.url}/2/tweets"}))

        with pytest.raises(XUnavailable):
            await a_client(http, small_x.url).counts([POST])

        assert elsewhere.asked == []


async def test_a_request_given_up_leaves_money_and_sockets_alone(
    http: aiohttp.ClientSession, small_x: SmallX, books: LocalBooks
) -> None:
    client = a_client(http, small_x.url, books=books)
    small_x.answers(Reply(silent=True))
    asking = asyncio.create_task(client.counts([POST]))
    await small_x.was_asked.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    small_x.answers(GOOD)
    assert POST in (await client.counts([POST])).posts
    assert len(books.booked) == 1
