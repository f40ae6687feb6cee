"""What all that asks X is made of."""

from pathlib import Path

import pytest

from bot.run.core import Core, open_core
from bot.run.settings import Settings
from bot.x.client import XClient
from bot.x.credentials import Credentials, OAuth2Token
from tests.x.small_x import Reply, SmallX

POST = 20
COUNTED = {"data": [{"id": str(POST), "public_metrics": {"like_count": 3}}]}


def _client_of(core: Core, user_id: int) -> XClient:
    return core.make_client(Credentials(user=OAuth2Token(user_id, f"token of {user_id}")))


async def test_no_account_carries_the_cookies_of_another(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X sets some with its answers; they would tell it that two accounts are one program's."""
    monkeypatch.chdir(tmp_path)
    cookie = {"Set-Cookie": "guest_id=v1%3A17; Max-Age=63072000; Path=/"}
    async with SmallX().running() as x:
        x.answers(Reply(COUNTED, headers=cookie))
        settings = Settings.model_validate(
            {
                # A name, since no cookies are kept of bare addresses.
                "x_api_url": x.url.replace("127.0.0.1", "localhost"),
                "database_url": sqlite_url,
                "discord_token": "d1sc0rdd1sc0rd",
                "x_bearer_token": "b3ar3rb3ar3r",
            }
        )

        async with open_core(settings) as core:
            for user_id in (7, 8, 7):
                await _client_of(core, user_id).counts([POST])

    assert [asked.headers["Authorization"] for asked in x.asked] == [
        "Bearer token of 7", "Bearer token of 8", "Bearer token of 7",
    ]  # fmt: skip
    assert [asked for asked in x.asked if "Cookie" in asked.headers] == []
