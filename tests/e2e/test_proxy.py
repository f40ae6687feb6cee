"""The proxy that the environment names is used for X and for Discord."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from tests.e2e.harness import Scene


@asynccontextmanager
async def a_proxy(asked: set[str]) -> AsyncIterator[str]:
    """Pass requests on that name whom they are for; note these."""

    async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n")
        method, address, version = head.decode().split(" ")
        where = urlsplit(address)
        asked.add(f"{where.hostname}:{where.port}")
        there, back = await asyncio.open_connection(where.hostname, where.port)
        path = f"{where.path}?{where.query}" if where.query else where.path
        back.write(f"{method} {path} {version}".encode())
        await asyncio.gather(_pass_on(reader, back), _pass_on(there, writer))

    async with await asyncio.start_server(come, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()


async def test_x_and_discord_are_reached_through_it(own_scene: Scene) -> None:
    scene = own_scene
    asked: set[str] = set()
    async with a_proxy(asked) as proxy:
        bot = await scene.start_bot(HTTP_PROXY=proxy, http_proxy=proxy)
        assert "[@TwitterDev]" in (await scene.command("status")).text
        assert await bot.stop() == 0

    ports = scene.stage.ports
    assert asked == {f"127.0.0.1:{ports.x}", f"127.0.0.1:{ports.discord}"}
