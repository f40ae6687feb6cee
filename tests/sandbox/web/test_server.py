"""The page's server: what it serves, to whom, and how it stops."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from sandbox.discord.server import DiscordSandbox
from sandbox.events import Events
from sandbox.web.server import STATIC, DemoPage
from sandbox.web.stream import EventStream
from sandbox.x.server import XSandbox
from tests.sandbox.web.stand import served


class Served:
    """The page alone, without a bot, and a client of it."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self.x = XSandbox()
        self.chat = DiscordSandbox()
        self.stack = stack
        self.url = ""
        self.client = aiohttp.ClientSession()

    async def open(self) -> None:
        page = DemoPage(self.x, self.chat)
        self.url = await self.stack.enter_async_context(served(page.app))
        await self.stack.enter_async_context(self.client)


@pytest.fixture
async def server() -> AsyncIterator[Served]:
    async with AsyncExitStack() as stack:
        opened = Served(stack)
        await opened.open()
        yield opened


async def news(response: aiohttp.ClientResponse) -> dict[str, Any]:
    """Return the next event of a stream."""
    async for line in response.content:
        if line.startswith(b"data: "):
            found: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
            return found
    raise AssertionError("the stream ended")


async def began(response: aiohttp.ClientResponse) -> None:
    assert await response.content.readuntil(b"\n\n") == b"retry: 1000\n\n"


async def test_the_page_and_all_that_it_names_is_there(server: Served) -> None:
    async with server.client.get(server.url) as response:
        html = await response.text()
        policy = response.headers["Content-Security-Policy"]
        preloaded = response.headers["Link"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "<script>" not in html
    for path in sorted(STATIC.rglob("*.*")):
        name = path.relative_to(STATIC).as_posix()
        assert name == "index.html" or name in html + preloaded
        async with server.client.get(f"{server.url}/static/{name}") as response:
            assert response.status == 200
            assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_no_file_names_another_origin() -> None:
    for path in STATIC.rglob("*.*"):
        text = path.read_text().replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text, path
        assert "innerHTML" not in text, path
        assert "https://" not in text, path


@pytest.mark.parametrize("host", ["localhost:{port}", "127.0.0.1", "[::1]:{port}", "LOCALHOST"])
async def test_names_of_this_machine_are_answered(server: Served, host: str) -> None:
    headers = {"Host": host.format(port=server.url.rpartition(":")[2])}
    async with server.client.get(server.url, headers=headers) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    "host", ["example.com", "localhost.example.com", "127.0.0.1.nip.io:80", "", "192.0.2.1"]
)
async def test_other_names_are_refused(server: Served, host: str) -> None:
    for path in ("/", "/events", "/x/sandbox/world", "/static/index.html"):
        async with server.client.get(server.url + path, headers={"Host": host}) as response:
            assert response.status == 403


async def test_another_sites_page_changes_nothing(server: Served) -> None:
    url = f"{server.url}/x/sandbox/posts/1354143047324299264/likes"
    headers = {"Origin": "http://evil.example", "Content-Type": "text/plain"}
    async with server.client.post(url, data='{"count": 5}', headers=headers) as response:
        assert response.status == 403
    headers = {"Origin": server.url}
    async with server.client.post(url, json={"count": 1}, headers=headers) as response:
        assert response.status == 200
        assert (await response.json())["like_count"] == 25


async def test_status(server: Served) -> None:
    async with server.client.get(f"{server.url}/status") as response:
        assert await response.json() == {"bot_connected": False, "score": None, "watched": []}


async def test_news_of_both_worlds_arrive(server: Served) -> None:
    async with server.client.get(f"{server.url}/events?as=7") as response:
        assert response.content_type == "text/event-stream"
        await began(response)
        server.chat.events.emit("message.create", {"visible_to": "8", "message": {"id": "1"}})
        server.chat.events.emit("message.create", {"visible_to": "7", "message": {"id": "2"}})
        server.x.world.like(
            server.x.world.posts[1354143047324299264], server.x.world.make_up_user()
        )
        first, second, third = [await news(response) for _ in range(3)]
    assert first["source"] == "discord"
    assert first["data"]["message"]["id"] == "2"
    assert (second["source"], second["type"]) == ("x", "user.create")
    assert (third["type"], third["data"]["like_count"]) == ("like.create", 25)


async def test_a_quiet_stream_says_that_it_lives() -> None:
    app = web.Application()
    app.router.add_get("/", EventStream({"x": Events()}, keep_alive_s=0.01).handle)
    async with served(app) as url, aiohttp.ClientSession() as client, client.get(url) as response:
        await began(response)
        assert await response.content.readuntil(b"\n\n") == b": still here\n\n"


async def test_stopping_ends_open_streams_at_once() -> None:
    async with aiohttp.ClientSession() as client, AsyncExitStack() as stack:
        url = await stack.enter_async_context(served(DemoPage(XSandbox(), DiscordSandbox()).app))
        response = await client.get(f"{url}/events")
        await began(response)
        async with asyncio.timeout(0.9):  # the runner would cut it off after one second
            await stack.aclose()
            assert await response.content.read() == b""
        response.close()
