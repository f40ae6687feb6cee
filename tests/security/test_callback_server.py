"""The page that strangers reach: it takes whole, short requests, and few at a time."""

import asyncio
import io
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from bot.accounts.callback_page import CallbackPage
from bot.accounts.callback_server import MOST_CONNECTIONS, REQUEST_S, CallbackServer, Form
from bot.run.logs import set_up_logs
from bot.run.settings.model import Settings
from sandbox.stage import free_port
from tests.linking import GRACE, Party
from tests.patience import GUARD_S
from tests.run.test_logs import as_before

__all__ = ["as_before"]

SHORT_S = 0.2
Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _respond(_: web.BaseRequest, form: Form) -> web.Response:
    return web.Response(text=str(dict(form)))


@asynccontextmanager
async def serving(request_s: float = SHORT_S) -> AsyncIterator[int]:
    port = free_port()
    async with CallbackServer("/x/back", _respond, request_s).listening("127.0.0.1", port):
        yield port


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Stream]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def _all(reader: asyncio.StreamReader) -> bytes:
    try:
        async with asyncio.timeout(GUARD_S):
            return await reader.read()
    except ConnectionError:
        return b""


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET /x/back?link=",
        b"GET /x/back HTTP/1.1\r\nHost: a\r\n",
        b"POST /x/back HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nlink=",
    ],
)
async def test_what_is_never_sent_whole_is_not_waited_for(begun: bytes) -> None:
    assert REQUEST_S == 10
    async with serving() as port, connected(port) as (reader, writer):
        writer.write(begun)
        assert await _all(reader) == b""


async def test_a_hundred_at_once_and_no_more() -> None:
    assert MOST_CONNECTIONS == 100
    async with serving(request_s=60) as port:
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(MOST_CONNECTIONS)]
        async with connected(port) as (reader, writer):
            writer.write(b"GET /x/back HTTP/1.1\r\nHost: a\r\n\r\n")
            assert await _all(reader) == b""
        for _, writer in held:
            writer.transport.abort()
        async with asyncio.timeout(GUARD_S):
            while True:  # until the server has seen that they are gone
                async with connected(port) as (reader, writer):
                    writer.write(b"GET /x/back HTTP/1.1\r\nHost: a\r\n\r\n")
                    if (await _all(reader)).startswith(b"HTTP/1.1 200"):
                        break


async def test_one_request_a_connection() -> None:
    async with serving(request_s=60) as port, connected(port) as (reader, writer):
        writer.write(b"GET /x/back HTTP/1.1\r\nHost: a\r\n\r\n" * 2)
        assert (await _all(reader)).count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
        b"GET\r\n\r\n",
        b"GET /x/back HTTP/9.9\r\n\r\n",
        b"GET /x/back HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
        b"GET /x/back HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
async def test_what_is_no_request_is_refused_in_few_words(
    sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with serving(request_s=20) as port, connected(port) as (reader, writer):
        writer.write(sent)
        answer = await _all(reader)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b" 400 " in head.splitlines()[0]
    assert b"aiohttp" not in head
    assert body == b""
    assert caplog.text == ""


async def test_a_form_is_short() -> None:
    async with serving(request_s=20) as port, aiohttp.ClientSession() as http:
        url = f"http://127.0.0.1:{port}/x/back"
        async with http.post(url, data={"link": "a", "token": "b"}) as answer:
            assert await answer.text() == "{'link': 'a', 'token': 'b'}"
        async with http.post(url, data={"link": "a" * 10_000}) as answer:
            assert answer.status == 413


@pytest.mark.parametrize(
    ("address", "given", "host"),
    [
        ("https://bot.example.org/back", None, "127.0.0.1"),
        ("http://bot.example.org:8123/back", None, "127.0.0.1"),
        ("https://bot.example.org/back", "0.0.0.0", "0.0.0.0"),  # noqa: S104
        ("http://localhost:8123/back", "0.0.0.0", "0.0.0.0"),  # noqa: S104
    ],
)
def test_it_is_on_loopback_unless_the_operator_says_otherwise(
    party: Party, address: str, given: str | None, host: str
) -> None:
    assert Settings.model_fields["callback_host"].default is None
    assert CallbackPage(party.accounts, address, given)._host == host


@pytest.mark.usefixtures("as_before")
async def test_no_log_tells_the_address_of_a_link(
    party: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    set_up_logs("DEBUG", "text", [])
    start = await party.accounts.begin(GRACE)
    assert start.browser_url is not None
    async with aiohttp.ClientSession() as http, http.get(URL(start.browser_url)) as answer:
        assert answer.status == 200
    assert start.key not in stream.getvalue()
