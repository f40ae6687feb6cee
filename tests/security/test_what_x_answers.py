"""Whatever X, or who answers in its place, sends: it is bounded, and takes nothing elsewhere."""

import tracemalloc
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import hdrs

from bot.domain.errors import LikecordError, XUnavailable, XUnreadable
from bot.run.core import x_session
from bot.x.asking.bounded import MAX_ANSWER_BYTES
from bot.x.credentials import AppKeys, Credentials
from bot.x.oauth import OAuth1Flow, OAuth1Grant, OAuth2Flow
from bot.x.x_time import XTime
from tests.cases import in_turn
from tests.x.clients import a_client
from tests.x.small_x import Reply, SmallX
from tests.x.test_malformed import POST, POSTS

_MEGABYTES = 300
_AS_GZIP = {hdrs.CONTENT_ENCODING: "gzip"}
_LOGINS = ("finish", "refresh", "revoke", "begin with a PIN", "finish with a PIN", "revoke a PIN's")


def _bomb() -> bytes:
    """Return 300 MB of zeros as gzip: what one of them is packed into, again and again."""
    packing = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)

    def megabyte() -> bytes:
        return packing.compress(bytes(1_000_000)) + packing.flush(zlib.Z_FULL_FLUSH)

    return megabyte() + (_MEGABYTES - 1) * megabyte()


_BOMB = _bomb()


@pytest.fixture
async def x() -> AsyncIterator[SmallX]:
    async with SmallX().running() as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with x_session() as session:
        yield session


def now() -> datetime:
    return datetime(2026, 8, 1, 12, tzinfo=UTC)


async def _log_in(call: str, http: aiohttp.ClientSession, url: str) -> None:
    two = OAuth2Flow(
        http, api_url=url, client_id="a", client_secret="s", redirect_url="http://a.example/",
        now=now,
    )  # fmt: skip
    one = OAuth1Flow(http, api_url=url, keys=AppKeys("key", "secret"), x_time=XTime(now))
    match call:
        case "finish":
            await two.finish("code", "verifier")
        case "refresh":
            await two.refresh("refresh", frozenset())
        case "revoke":
            await two.revoke("token")
        case "begin with a PIN":
            await one.begin()
        case "finish with a PIN":
            await one.finish("token", "secret", "1234567")
        case _:
            await one.revoke(OAuth1Grant("token", "secret"))


class TestTooMuch:
    @pytest.mark.parametrize("reply", [Reply(_BOMB, headers=_AS_GZIP), Reply(_BOMB, 500, _AS_GZIP)])
    async def test_an_answer_that_unpacks_to_far_more(
        self, x: SmallX, http: aiohttp.ClientSession, reply: Reply
    ) -> None:
        x.answers(reply)
        client = a_client(http, x.url, credentials=Credentials(bearer="bearer"))
        tracemalloc.start()
        try:
            with pytest.raises(XUnreadable):
                await client.post(1)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 5 * MAX_ANSWER_BYTES

    @pytest.mark.parametrize("call", _LOGINS)
    async def test_such_an_answer_to_a_login(
        self, x: SmallX, http: aiohttp.ClientSession, call: str
    ) -> None:
        x.answers(Reply(_BOMB, headers=_AS_GZIP))
        with pytest.raises(XUnreadable):
            await _log_in(call, http, x.url)

    async def test_what_is_large_and_not_too_large_is_read(
        self, x: SmallX, http: aiohttp.ClientSession
    ) -> None:
        padding = "a" * (MAX_ANSWER_BYTES * 3 // 4)
        x.answers(Reply({**POSTS, "padding": padding}))
        client = a_client(http, x.url, credentials=Credentials(bearer="bearer"))
        assert (await client.post(POST)).id == POST


class TestElsewhere:
    @in_turn("call", _LOGINS)
    @in_turn("status", [301, 302, 303, 307, 308])
    async def test_no_redirect_takes_a_secret_along(
        self, x: SmallX, http: aiohttp.ClientSession, call: str, status: int
    ) -> None:
        async with SmallX().running() as other:
            x.answers(Reply(status=status, headers={hdrs.LOCATION: f"{other.url}/2/oauth2/token"}))
            with pytest.raises(XUnavailable):
                await _log_in(call, http, x.url)
            assert other.asked == []

    async def test_no_cookie_goes_from_one_account_to_another(
        self, x: SmallX, http: aiohttp.ClientSession
    ) -> None:
        x.answers(Reply({}, headers={hdrs.SET_COOKIE: "auth_token=of-the-first; Path=/"}))
        for token in ("first", "second"):
            client = a_client(http, x.url, credentials=Credentials(bearer=token))
            with pytest.raises(LikecordError):
                await client.post(1)
        assert all(hdrs.COOKIE not in asked.headers for asked in x.asked)
