"""What X tells a post's author alone is told in Discord in private, to whom it is meant for."""

import asyncio
import json
from typing import Any

import pytest

from bot.domain import Actor, AuthorMetrics, AuthorView
from sandbox.discord import seed
from tests.chat import samples
from tests.chat.connected import Script
from tests.patience import GUARD_S
from tests.sandbox.discord.server import ADA, LINUS, Server

POST = "https://x.com/TwitterDev/status/1354143047324299264"
WHY = {False: "because you manage this server.", True: "because it is a post of yours."}

pytestmark = pytest.mark.usefixtures("client")


@pytest.fixture(autouse=True)
def a_post(script: Script) -> None:
    script.answers["lookup.post"] = samples.post()


def words(messages: list[dict[str, Any]]) -> list[str]:
    return [json.dumps(message, ensure_ascii=False) for message in messages]


@pytest.mark.parametrize("is_ones_own", [False, True])
async def test_it_is_told_in_private(
    discord_server: Server,
    script: Script,
    is_ones_own: bool,  # noqa: FBT001
) -> None:
    who, others = (LINUS, ADA) if is_ones_own else (ADA, LINUS)
    metrics = AuthorMetrics(impressions=9_000)
    script.answers["lookup.author_view"] = AuthorView(metrics, is_ones_own)
    async with asyncio.timeout(GUARD_S), discord_server.sandbox.events.listen() as news:
        await discord_server.ask("post", {"post": POST}, user_id=who)
        while len(seen := await discord_server.read(as_user=who)) < 2:
            await anext(news)

    public, private = seen
    assert not public["flags"] & 64
    assert private["flags"] & 64
    assert "**Total** 9,000 views" in words([private])[0]
    assert WHY[is_ones_own] in words([private])[0]
    (seen_by_others,) = words(await discord_server.read(as_user=others))
    assert "9,000 views" not in seen_by_others


@pytest.mark.parametrize(("who", "manages_guild"), [(ADA, True), (LINUS, False)])
async def test_whom_it_is_meant_for_is_asked(
    discord_server: Server,
    script: Script,
    who: str,
    manages_guild: bool,  # noqa: FBT001
) -> None:
    asked = asyncio.Event()

    async def nothing(*_: object) -> None:
        asked.set()

    script.answers["lookup.author_view"] = nothing

    result = await discord_server.ask("post", {"post": POST}, user_id=who)
    async with asyncio.timeout(GUARD_S):
        await asked.wait()

    assert len(result["messages"]) == 1
    _, actor, post = script.calls[-1]
    assert isinstance(actor, Actor)
    assert (actor.user_id, actor.guild_id) == (int(who), seed.GUILD_ID)
    assert (actor.manages_guild, post) == (manages_guild, samples.post())
