"""What X tells a post's author alone is told in Discord to whoever may manage the server."""

import asyncio
import json
from typing import Any

import pytest

from bot.domain import AuthorMetrics
from bot.sandbox.discord import seed
from tests.chat import samples
from tests.chat.connected import Script
from tests.sandbox.discord.server import ADA, LINUS, Server

POST = "https://x.com/TwitterDev/status/1354143047324299264"

pytestmark = pytest.mark.usefixtures("client")


@pytest.fixture(autouse=True)
def own_post(script: Script) -> None:
    script.answers["lookup.post"] = samples.post()
    script.answers["lookup.author_metrics"] = AuthorMetrics(impressions=9_000)


def words(messages: list[dict[str, Any]]) -> list[str]:
    return [json.dumps(message, ensure_ascii=False) for message in messages]


async def test_a_manager_is_told_in_private(discord_server: Server, script: Script) -> None:
    async with asyncio.timeout(10), discord_server.sandbox.events.listen() as news:
        await discord_server.ask("post", {"post": POST}, user_id=ADA)
        while len(seen := await discord_server.read(as_user=ADA)) < 2:
            await anext(news)

    public, private = seen
    assert not public["flags"] & 64
    assert private["flags"] & 64
    assert "**In all** 9,000 views" in words([private])[0]
    assert script.calls[-1] == ("lookup.author_metrics", seed.GUILD_ID, samples.post())
    (seen_by_others,) = words(await discord_server.read(as_user=LINUS))
    assert "9,000 views" not in seen_by_others


async def test_a_member_is_not(discord_server: Server, script: Script) -> None:
    result = await discord_server.ask("post", {"post": POST}, user_id=LINUS)

    assert len(result["messages"]) == 1
    assert [name for name, *_ in script.calls] == ["lookup.post"]
