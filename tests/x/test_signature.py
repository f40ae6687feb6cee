"""OAuth 1.0a signatures cover the address that is really asked, checked by code not oauthlib's."""

from urllib.parse import urlencode

import aiohttp
import pytest

from bot.domain.errors import XError
from bot.x.client import XClient
from bot.x.credentials import Credentials
from sandbox.x.access.oauth1_signature import SignedRequest, is_signed_by, parse_header
from tests.x.calls import CALLS
from tests.x.clients import TOKEN, a_client
from tests.x.small_x import Reply, SmallX


def _is_signed(small_x: SmallX, token_secret: str = TOKEN.access_token_secret) -> bool:
    asked = small_x.last
    request = SignedRequest(
        method=asked.method,
        urls=[small_x.url + asked.path],
        query=urlencode(asked.query),
        form="",
        oauth=parse_header(asked.headers["Authorization"]),
    )
    return is_signed_by(request, TOKEN.api_secret, token_secret)


@pytest.mark.parametrize("name", CALLS)
async def test_the_address_that_is_asked_is_signed(
    client: XClient, small_x: SmallX, name: str
) -> None:
    small_x.answers(Reply(status=404))

    with pytest.raises(XError):
        await CALLS[name](client)

    assert _is_signed(small_x)
    assert not _is_signed(small_x, "another secret")


async def test_every_try_has_a_signature_of_its_own(client: XClient, small_x: SmallX) -> None:
    small_x.answers(Reply(status=503))

    with pytest.raises(XError):
        await client.post(20)

    nonces = {
        parse_header(asked.headers["Authorization"])["oauth_nonce"] for asked in small_x.asked
    }
    assert len(nonces) == 3
    assert _is_signed(small_x)


async def test_the_apps_token_is_not_signed(http: aiohttp.ClientSession, small_x: SmallX) -> None:
    client = a_client(http, small_x.url, credentials=Credentials(bearer="app token"))

    await client.counts([20])

    assert "oauth_signature" not in small_x.last.headers["Authorization"]
