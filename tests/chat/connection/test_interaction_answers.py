"""Interactions answered over a Discord, or a proxy before it, that answers badly."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import discord
import pytest
from aiohttp import web
from discord.http import Route

from bot.chat.connection.interaction_answers import TolerantAdapter
from bot.chat.connection.whole_answers import AnswerUnreadable, read_any_json

_TOKEN = {"webhook_id": 5, "webhook_token": "t"}
_VIA = {"Via": "1.1 google"}
Reply = tuple[int, Any, Mapping[str, str]]


class SmallDiscord:
    """Gives each request the next reply, and counts them."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.asked = 0
        self.url = ""

    async def answer(self, _: web.Request) -> web.Response:
        self.asked += 1
        status, body, headers = self.replies.pop(0)
        kind = "text/html" if isinstance(body, str) else "application/json"
        raw = body if isinstance(body, str) else json.dumps(body)
        return web.Response(
            body=b"" if body is None else raw.encode(),
            status=status,
            headers={"Content-Type": kind, **headers},
        )


@pytest.fixture
async def small() -> AsyncIterator[SmallDiscord]:
    small = SmallDiscord()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", small.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    small.url = f"http://{host}:{port}"
    yield small
    await runner.cleanup()


async def ask(small: SmallDiscord, monkeypatch: pytest.MonkeyPatch, *, edit: bool = False) -> Any:
    monkeypatch.setattr(Route, "BASE", small.url)
    method, path = "POST", "/interactions/{webhook_id}/{webhook_token}/callback"
    if edit:
        method, path = "PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
    async with aiohttp.ClientSession() as http:
        return await TolerantAdapter().request(Route(method, path, **_TOKEN), http, payload={})


@pytest.mark.parametrize("reply", [(204, None, {}), (200, "", {}), (200, [], {}), (200, {}, {})])
async def test_a_callback_that_was_taken_is_answered(
    small: SmallDiscord, monkeypatch: pytest.MonkeyPatch, reply: Reply
) -> None:
    small.replies = [reply]
    assert await ask(small, monkeypatch) == {"interaction": {"id": "5"}}


@pytest.mark.usefixtures("asked_again_at_once")
async def test_an_answer_of_ours_that_arrived_is_not_another_processs(
    small: SmallDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    already = (400, {"code": 40060, "message": "already"}, {})
    small.replies = [already]
    with pytest.raises(discord.HTTPException):
        await ask(small, monkeypatch)
    small.replies = [(502, "<html>", {}), already]
    assert await ask(small, monkeypatch) == {"interaction": {"id": "5"}}


@pytest.mark.parametrize(
    "reply",
    [
        (204, None, {}),
        (200, "<html>", {}),
        (200, {}, {}),
        (429, {"message": "x"}, _VIA),
        (429, {"message": "x", "retry_after": "soon"}, _VIA),
        (429, "<html>", {"Retry-After": "0"}),
    ],
)
async def test_an_edit_is_sent_once_more(
    small: SmallDiscord, monkeypatch: pytest.MonkeyPatch, reply: Reply
) -> None:
    small.replies = [reply, (200, {"id": "9"}, {})]
    assert await ask(small, monkeypatch, edit=True) == {"id": "9"}


async def test_json_with_a_charset_is_json(
    small: SmallDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_any_json()
    charset = {"Content-Type": "application/json; charset=utf-8"}
    small.replies = [(200, {"id": "9"}, charset)]
    assert await ask(small, monkeypatch, edit=True) == {"id": "9"}
    small.replies = [(404, {"code": 10062, "message": "gone"}, charset)]
    with pytest.raises(discord.NotFound) as gone:
        await ask(small, monkeypatch, edit=True)
    assert gone.value.code == 10062


async def test_what_stays_unreadable_or_limited_is_told(
    small: SmallDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.replies = [(204, None, {})] * 2
    with pytest.raises(AnswerUnreadable):
        await ask(small, monkeypatch, edit=True)
    small.asked, small.replies = 0, [(429, "<html>", {"Retry-After": "60"})]
    with pytest.raises(discord.HTTPException):
        await ask(small, monkeypatch, edit=True)
    assert small.asked == 1
