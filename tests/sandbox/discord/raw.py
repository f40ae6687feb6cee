"""A bot without a library: it hears the gateway's own words, and answers in any it likes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.sandbox.discord.server import BOT, Answer, Server

COMMANDS = [
    {"name": "hello", "description": "Say hello"},
    {"name": "Look", "type": 3},
    {
        "name": "find",
        "description": "Find a word",
        "options": [{"type": 3, "name": "word", "description": "A word", "autocomplete": True}],
    },
]


async def identified(
    server: Server, *, intents: int = 0, shard: list[int] | None = None
) -> tuple[aiohttp.ClientWebSocketResponse, str]:
    ws = await server.session.ws_connect(server.gateway)
    await ws.receive_json()
    data = {"token": server.sandbox.token, "intents": intents, "shard": shard or [0, 1]}
    await ws.send_json({"op": 2, "d": data})
    ready = await ws.receive_json()
    assert ready["t"] == "READY"
    return ws, ready["d"]["session_id"]


@dataclass
class RawBot:
    server: Server
    ws: aiohttp.ClientWebSocketResponse

    @asynccontextmanager
    async def asked(self, **ask: Any) -> AsyncIterator[dict[str, Any]]:
        """Let a member do something; yield the interaction, which must be answered then."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.server.interact(**{"settle_s": 0, **ask}))
            yield await self._heard()

    async def answer(self, asked: dict[str, Any], kind: int, data: dict[str, Any]) -> Answer:
        path = f"/interactions/{asked['id']}/{asked['token']}/callback"
        return await self.server.rest("POST", path, {"type": kind, "data": data})

    async def say(self, asked: dict[str, Any], content: str = "x", **more: Any) -> None:
        answer = await self.answer(asked, 4, {"content": content, **more})
        assert answer.status == 204, answer.body

    async def _heard(self) -> dict[str, Any]:
        while (event := await self.ws.receive_json())["t"] != "INTERACTION_CREATE":
            pass
        heard: dict[str, Any] = event["d"]
        return heard


@asynccontextmanager
async def connected(server: Server) -> AsyncIterator[RawBot]:
    """Connect a bot with `COMMANDS`."""
    await server.rest("PUT", f"/applications/{BOT}/commands", COMMANDS)
    ws, _ = await identified(server)
    async with ws:
        yield RawBot(server, ws)
