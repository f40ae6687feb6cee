"""X's push to an address: it proves itself by a CRC, and each event is signed."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from tests.patience import GUARD_S
from tests.sandbox.x.client import RESEARCH, XClient
from tests.sandbox.x.test_activity import order, streaming, subscribe, trap

WEBHOOKS = "/2/webhooks"


@dataclass
class Address:
    """Somebody's server, who answers X's challenge with this `secret`."""

    secret: str
    url: str = ""
    heard: "asyncio.Queue[tuple[str, bytes]]" = field(default_factory=asyncio.Queue)

    def sign(self, what: bytes) -> str:
        digest = hmac.new(self.secret.encode(), what, hashlib.sha256).digest()
        return f"sha256={base64.b64encode(digest).decode()}"

    async def prove(self, request: web.Request) -> web.Response:
        return web.json_response({"response_token": self.sign(request.query["crc_token"].encode())})

    async def hear(self, request: web.Request) -> web.Response:
        signed = request.headers["x-twitter-webhooks-signature"]
        self.heard.put_nowait((signed, await request.read()))
        return web.Response()


@pytest.fixture
async def address(x: XClient) -> AsyncIterator[Address]:
    opened = Address(x.keys.api_secret)
    app = web.Application()
    app.add_routes([web.get("/x", opened.prove), web.post("/x", opened.hear)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    opened.url = f"http://127.0.0.1:{runner.addresses[0][1]}/x"
    yield opened
    await runner.cleanup()


def _app(x: XClient) -> dict[str, str]:
    return {"Authorization": f"Bearer {x.keys.bearer_token}"}


async def _add(x: XClient, url: str) -> tuple[int, str | None]:
    """Let X know an address; return what it says, and the ID that it gives it."""
    async with x.session.post(x.base + WEBHOOKS, json={"url": url}, headers=_app(x)) as answer:
        body = await answer.json()
        return answer.status, body.get("data", {}).get("id")


async def test_it_proves_itself_by_a_crc_and_events_are_signed(
    x: XClient, address: Address
) -> None:
    await trap(x)
    status, webhook_id = await _add(x, address.url)
    assert status == 200
    await subscribe(x, order(webhook_id=webhook_id))
    async with streaming(x):
        await x.like(RESEARCH, count=1)
        async with asyncio.timeout(GUARD_S):
            signed, body = await address.heard.get()
    assert signed == address.sign(body)
    assert RESEARCH.encode() in body


async def test_whoever_does_not_know_the_secret_is_refused(x: XClient, address: Address) -> None:
    address.secret = "another"
    assert await _add(x, address.url) == (400, None)
    async with x.session.get(x.base + WEBHOOKS, headers=_app(x)) as answer:
        assert (await answer.json())["meta"]["result_count"] == 0


async def test_headers_come_with_the_first_keep_alive(x: XClient) -> None:
    """Of the stream: whoever waits for them alone waits until there is something to say."""
    await trap(x, keep_alive_s=60)
    await subscribe(x)

    async def opened() -> int:
        async with streaming(x) as stream:
            return stream.response.status

    opening = asyncio.create_task(opened())
    async with asyncio.timeout(GUARD_S):
        while not (await x.control("GET", "/push"))["streams"]:
            pass
    assert not opening.done()
    await x.like(RESEARCH, count=1)
    async with asyncio.timeout(GUARD_S):
        assert await opening == 200
