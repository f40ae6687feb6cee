"""The address that X pushes to: only X is believed, and nobody is waited for."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest

from bot.accounts.callback_server import CallbackServer, nothing_here
from bot.domain.push import PushEvent, PushKind
from bot.x.webhook import WebhookReceiver, signature
from sandbox.stage import free_port
from tests.pages_by_hand import raw_status
from tests.x.test_push_events import event

SECRET = "the consumer secret"
HEADER = "x-twitter-webhooks-signature"


@dataclass
class Address:
    url: str
    http: aiohttp.ClientSession
    taken: list[PushEvent] = field(default_factory=list)
    room: int = 10

    def take(self, heard: PushEvent) -> bool:
        if len(self.taken) >= self.room:
            return False
        self.taken.append(heard)
        return True

    async def post(self, body: bytes, signed: str | None) -> int:
        headers = {} if signed is None else {HEADER: signed}
        async with self.http.post(self.url, data=body, headers=headers) as response:
            return response.status


@pytest.fixture
async def address() -> AsyncIterator[Address]:
    port = free_port()
    async with aiohttp.ClientSession() as http:
        opened = Address(f"http://127.0.0.1:{port}/x", http)
        receiver = WebhookReceiver(SECRET, opened.take)
        server = CallbackServer("", nothing_here, raw={"/x": receiver.answer})
        async with server.listening("127.0.0.1", port):
            yield opened


async def test_an_event_that_x_did_not_sign(address: Address) -> None:
    body = event()
    for signed in (None, "", "sha256=", signature("another secret", body), "sha256=é"):
        assert await address.post(body, signed) == 403
    assert await address.post(body + b" ", signature(SECRET, body)) == 403
    assert address.taken == []


async def test_a_body_as_long_as_one_likes(address: Address) -> None:
    body = b"x" * 300_000
    assert await address.post(body, signature(SECRET, body)) == 413
    assert address.taken == []


async def test_an_event_of_a_long_post(address: Address) -> None:
    body = event(includes={"tweets": [{"id": "11", "note_tweet": {"text": "x" * 100_000}}]})
    assert await address.post(body, signature(SECRET, body)) == 200
    assert [heard.post_id for heard in address.taken] == [11]


async def test_a_signature_that_is_no_text(address: Address) -> None:
    status = await raw_status(
        address.url, b"POST /x HTTP/1.1", HEADER.encode() + b": \xff\xfe", b"Content-Length: 0"
    )
    assert status == 403


async def test_more_events_than_there_is_room_for_are_sent_again(address: Address) -> None:
    address.room = 1
    body = event()
    assert await address.post(body, signature(SECRET, body)) == 200
    assert await address.post(body, signature(SECRET, body)) == 503
    assert [heard.kind for heard in address.taken] == [PushKind.LIKE]


async def test_x_asks_whether_we_are_who_we_say(address: Address) -> None:
    async with address.http.get(address.url, params={"crc_token": "abc"}) as response:
        assert await response.json() == {"response_token": signature(SECRET, b"abc")}
    for token in ("", "x" * 300):
        async with address.http.get(address.url, params={"crc_token": token}) as response:
            assert response.status == 400
