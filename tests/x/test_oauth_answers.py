"""What X answers to a code and to a refresh token, in every form that RFC 6749 leaves open."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.domain.errors import CredentialRefused, LikecordError, LinkRefused, XUnreadable
from bot.x.credentials import AppKeys
from bot.x.oauth import SCOPES, OAuth1Flow, OAuth2Flow
from bot.x.x_time import XTime
from tests.cases import in_turn
from tests.x.small_x import Reply, SmallX

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
WHOLE = {
    "token_type": "bearer",
    "expires_in": 3_600,
    "access_token": "access",
    "refresh_token": "new",
    "scope": "like.read offline.access",
}
TWO_HOURS = timedelta(hours=2)


@pytest.fixture
async def x() -> AsyncIterator[SmallX]:
    async with SmallX().running() as running:
        yield running


@pytest.fixture
async def flow(x: SmallX) -> AsyncIterator[OAuth2Flow]:
    async with aiohttp.ClientSession() as http:
        yield OAuth2Flow(
            http,
            api_url=x.url,
            client_id="a",
            client_secret="s",
            redirect_url="http://a.example/",
            now=lambda: NOW,
        )


def says(**more: Any) -> str:
    return json.dumps({key: value for key, value in (WHOLE | more).items() if value is not ...})


@in_turn(
    "body, lifetime",
    [
        (says(), timedelta(hours=1)),
        (urlencode(WHOLE), timedelta(hours=1)),
        (says(token_type="Bearer"), timedelta(hours=1)),
        (says(token_type=...), timedelta(hours=1)),
        (says(expires_in="3600"), timedelta(hours=1)),
        (says(expires_in=3600.5), timedelta(seconds=3600.5)),
        (says(expires_in=10**30), timedelta(days=365)),
        (says(expires_in=...), TWO_HOURS),
        (says(expires_in=None), TWO_HOURS),
        (says(expires_in=-1), TWO_HOURS),
        (says(expires_in="two hours"), TWO_HOURS),
        (says(expires_in=float("nan")), TWO_HOURS),
    ],
)
async def test_a_grant(x: SmallX, flow: OAuth2Flow, body: str, lifetime: timedelta) -> None:
    x.answers(Reply(body))
    grant = await flow.finish("code", "verifier")
    assert (grant.access_token, grant.refresh_token) == ("access", "new")
    assert grant.expires_at - NOW == lifetime
    assert grant.scopes == {"like.read", "offline.access"}


@in_turn(
    "told, scopes",
    [
        (["like.read", "x", 1], {"like.read", "x"}),
        ("like.read,x", {"like.read", "x"}),
        (..., set(SCOPES)),
        (None, set(SCOPES)),
    ],
)
async def test_what_was_granted(x: SmallX, flow: OAuth2Flow, told: Any, scopes: set[str]) -> None:
    x.answers(Reply(says(scope=told)))
    assert (await flow.finish("code", "verifier")).scopes == scopes


async def test_what_a_refresh_does_not_tell_stays(x: SmallX, flow: OAuth2Flow) -> None:
    x.answers(Reply(says(refresh_token=..., scope=..., expires_in=...)))
    grant = await flow.refresh("old", frozenset({"like.read"}))
    assert (grant.access_token, grant.refresh_token) == ("access", "old")
    assert (grant.scopes, grant.expires_at - NOW) == ({"like.read"}, TWO_HOURS)


@in_turn(
    "status, body, error",
    [
        (400, '{"error": "invalid_grant"}', LinkRefused),
        (401, '{"error": "invalid_grant"}', LinkRefused),
        (200, '{"error": "invalid_grant"}', LinkRefused),
        (400, "<html>", LinkRefused),
        (400, '{"error": "invalid_client"}', CredentialRefused),
        (400, "error=unauthorized_client", CredentialRefused),
        (200, '{"error": "invalid_client"}', CredentialRefused),
        (401, "", CredentialRefused),
        (200, "", XUnreadable),
        (200, "[1]", XUnreadable),
        (200, "null", XUnreadable),
        (200, "<html>", XUnreadable),
        (200, says(access_token=None), XUnreadable),
        (200, says(access_token={"a": 1}), XUnreadable),
        (200, "[" * 100_000, XUnreadable),
    ],
)
async def test_what_is_no_grant(
    x: SmallX, flow: OAuth2Flow, status: int, body: str, error: type[LikecordError]
) -> None:
    x.answers(Reply(body, status))
    with pytest.raises(error):
        await flow.refresh("old", frozenset())


async def test_a_token_that_names_no_user_is_none_of_xs(x: SmallX) -> None:
    x.answers(Reply("oauth_token=abc&oauth_token_secret=s&user_id=7"))
    async with aiohttp.ClientSession() as http:
        flow = OAuth1Flow(http, api_url=x.url, keys=AppKeys("k", "s"), x_time=XTime(lambda: NOW))
        with pytest.raises(XUnreadable):
            await flow.finish("token", "secret", "1234567")
