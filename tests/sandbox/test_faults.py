"""Faults on demand, most of them without a server around them."""

import asyncio
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from sandbox.discord.server import DiscordSandbox
from sandbox.faults import FaultError, Faults
from sandbox.x.server import XSandbox
from tests.cases import in_turn
from tests.sandbox.web.stand import served

MATCH = "GET /2/tweets"


async def ask(faults: Faults) -> web.StreamResponse:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(text="as ever", headers={"Server": "small"})

    return await faults.middleware(make_mocked_request("GET", "/2/tweets"), handler)


@in_turn(
    "wrong, about",
    [
        ({"match": None}, "match"),
        ({"match": 5}, "match"),
        ({"match": ["GET", "/2/tweets"]}, "match"),
        ({"match": "GET"}, "match"),
        ({"status": "503"}, "status"),
        ({"status": 503.0}, "status"),
        ({"status": True}, "status"),
        ({"status": 99}, "status"),
        ({"status": 600}, "status"),
        ({"times": "3"}, "times"),
        ({"times": 0}, "times"),
        ({"headers": ["Retry-After"]}, "headers"),
        ({"headers": {"Retry-After": 1}}, "headers"),
        ({"delay_s": "1"}, "delay_s"),
        ({"delay_s": -1}, "delay_s"),
        ({"delay_s": float("nan")}, "delay_s"),
        ({"delay_s": 10**400}, "delay_s"),
        ({"drop": "no"}, "drop"),
        ({"after": 1}, "after"),
    ],
)
def test_a_fault_is_read_strictly(wrong: dict[str, Any], about: str) -> None:
    with pytest.raises(FaultError, match=rf"^{about} (is|are) "):
        Faults().add({"match": MATCH, **wrong})


@pytest.mark.parametrize("status", [100, 520, 599])
async def test_any_status_may_be_ordered(status: int) -> None:
    faults = Faults()
    faults.add({"match": MATCH, "status": status})

    assert (await ask(faults)).status == status


@pytest.mark.parametrize("more", [{}, {"after": True}])
async def test_headers_alone_are_added_to_the_normal_answer(more: dict[str, Any]) -> None:
    faults = Faults()
    faults.add({"match": MATCH, "headers": {"server": "other", "X-Added": "1"}, **more})

    answer = await ask(faults)
    assert (answer.status, answer.headers["Server"], answer.headers["X-Added"]) == (
        200,
        "other",
        "1",
    )
    assert isinstance(answer, web.Response)
    assert answer.text == "as ever"
    assert "X-Added" not in (await ask(faults)).headers


async def test_headers_alone_are_added_to_a_refusal() -> None:
    async def handler(_: web.Request) -> web.Response:
        raise web.HTTPNotFound

    faults = Faults()
    faults.add({"match": MATCH, "headers": {"X-Added": "1"}})
    with pytest.raises(web.HTTPNotFound) as refused:
        await faults.middleware(make_mocked_request("GET", "/2/tweets"), handler)

    assert refused.value.headers["X-Added"] == "1"


@pytest.mark.parametrize(
    ("kind", "path"), [(XSandbox, "/2/tweets"), (DiscordSandbox, "/api/v10/users/@me")]
)
async def test_a_server_that_stops_keeps_nobody_waiting(
    kind: type[XSandbox | DiscordSandbox], path: str
) -> None:
    sandbox = kind()
    fault = sandbox.faults.add({"match": f"GET {path}", "delay_s": 60})
    async with aiohttp.ClientSession() as http:
        async with served(sandbox.app) as url:
            asked = asyncio.create_task(http.get(url + path))
            await fault.struck.wait()
        assert (await asked).status == 503
