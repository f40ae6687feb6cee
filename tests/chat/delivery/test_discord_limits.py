"""Discord's limits are waited for, and nobody asks within one that is known."""

import asyncio
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.chat.connection.client import LikecordClient
from bot.chat.delivery.announcer import Announcer
from bot.chat.delivery.rate_limits import RateLimits
from tests.chat.delivery.test_announcer import FakeOutbox, to
from tests.patience import GUARD_S
from tests.sandbox.discord.server import GENERAL, LIKES, Server

pytestmark = pytest.mark.usefixtures("client")
RUN_S = 2.0


@pytest.fixture
def outbox() -> FakeOutbox:
    return FakeOutbox()


async def limit(server: Server, seconds: float, channel_id: str | None = None) -> None:
    given = {"limit_s": seconds, "channel_id": channel_id}
    await server.control("POST", "/faults", given)


async def asked(server: Server) -> int:
    entries = (await server.control("GET", "/requests")).body
    return sum(entry["method"] == "POST" and "/messages" in entry["path"] for entry in entries)


async def test_a_slow_answer_and_then_a_limit_end_nothing(
    discord_server: Server, client: LikecordClient, outbox: FakeOutbox
) -> None:
    """However long it takes, the request goes on, and its claim is kept meanwhile."""
    await discord_server.control(
        "POST", "/faults", {"match": "POST /channels/:id/messages", "delay_s": 0.2}
    )
    await limit(discord_server, 0.6)
    announcer = Announcer(client, outbox, client.limits, timeout_s=0.01, keep_every_s=0.05)
    outbox.waiting = [to(LIKES, "lc-1"), to(GENERAL, "lc-2")]
    assert await announcer.run_once() == 0
    async with asyncio.timeout(GUARD_S):
        while {await outbox.kept.get() for _ in range(4)} != {"lc-1", "lc-2"}:
            pass
    await announcer.close(GUARD_S)
    assert sorted(outbox.done) == ["lc-1", "lc-2"]
    assert outbox.postponed == []
    # Discord's library lets the next one through; what we remember is rounded up to a second.
    client.limits = RateLimits()
    outbox.waiting = [to(LIKES, "lc-3")]
    assert await Announcer(client, outbox, client.limits).run_once() == 1


async def test_nobody_asks_within_a_long_global_limit(
    discord_server: Server, client: LikecordClient, outbox: FakeOutbox
) -> None:
    await limit(discord_server, 40)
    announcer = Announcer(client, outbox, client.limits, timeout_s=RUN_S)
    before = datetime.now(UTC)
    outbox.waiting = [to(LIKES, "lc-1")]
    assert await announcer.run_once() == 0
    outbox.waiting = [to(GENERAL, "lc-2"), to(LIKES, "lc-1")]
    assert await announcer.run_once() == 0
    assert await asked(discord_server) == 1
    for _, until, trouble in outbox.postponed:
        assert trouble is None
        assert timedelta(seconds=38) < until - before < timedelta(seconds=44)
    assert len(outbox.postponed) == 3


async def test_a_channels_limit_is_its_own(
    discord_server: Server, client: LikecordClient, outbox: FakeOutbox
) -> None:
    await limit(discord_server, 600, LIKES)
    announcer = Announcer(client, outbox, client.limits, timeout_s=RUN_S)
    outbox.waiting = [to(LIKES, "lc-1"), to(GENERAL, "lc-2")]
    assert await announcer.run_once() == 1
    outbox.waiting = [to(LIKES, "lc-1")]
    assert await announcer.run_once() == 0
    assert await asked(discord_server) == 2
    assert list(outbox.done) == ["lc-2"]
    assert client.limits.left(int(LIKES)) > timedelta(minutes=9)
    assert client.limits.left(int(GENERAL)) == timedelta(0)


@pytest.mark.parametrize(
    ("headers", "elsewhere"),
    [
        ({"Retry-After": "90"}, False),
        ({"Retry-After": "90", "X-RateLimit-Global": "true"}, True),
    ],
)
async def test_what_an_answer_says_is_remembered_until_it_is_over(
    discord_server: Server, headers: dict[str, str], *, elsewhere: bool
) -> None:
    now = 1000.0
    limits = RateLimits(lambda: now)
    match = "GET /channels/:id/messages"
    fault = {"match": match, "status": 429, "headers": headers}
    await discord_server.control("POST", "/faults", fault)
    async with aiohttp.ClientSession(trace_configs=[limits.trace()]) as session:
        url = f"{discord_server.api}/channels/{LIKES}/messages"
        async with session.get(url) as answer:
            assert answer.status == 429
    assert limits.left(int(LIKES)) == timedelta(seconds=90)
    assert (limits.left(int(GENERAL)) > timedelta(0)) is elsewhere
    now += 90
    assert limits.left(int(LIKES)) == timedelta(0)


@pytest.mark.parametrize("retry_after", [None, "soon", "-1", "nan", "inf"])
async def test_a_limit_that_cannot_be_read_is_short(
    discord_server: Server, retry_after: str | None
) -> None:
    limits = RateLimits(lambda: 0.0)
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    fault = {"match": "GET /channels/:id/messages", "status": 429, "headers": headers, "body": {}}
    await discord_server.control("POST", "/faults", fault)
    async with aiohttp.ClientSession(trace_configs=[limits.trace()]) as session:
        await (await session.get(f"{discord_server.api}/channels/{LIKES}/messages")).read()
    assert limits.left(int(LIKES)) == timedelta(seconds=1)
