"""What the image starts, as a container has it: nothing can be written to but the volume."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest

from sandbox.stage import free_port
from tests.e2e.container import new_container, why_not_here
from tests.e2e.harness import Scene
from tests.e2e.process import LOOK_S, Ended
from tests.patience import GUARD_S


@pytest.fixture(autouse=True)
def _needs_namespaces(tmp_path: Path) -> None:
    if (why := why_not_here(tmp_path)) is not None:
        pytest.skip(f"no mount namespace can be made here: {why}")


@asynccontextmanager
async def way_to(port: int) -> AsyncIterator[str]:
    """Pass connections on, and end them all at the end of the block."""
    tasks: set[asyncio.Task[None]] = set()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                writer.write(data)

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        both = {asyncio.create_task(pass_on(reader, back))}
        both.add(asyncio.create_task(pass_on(there, writer)))
        tasks.update(both)
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in (back, writer):
                end.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/gateway"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until_it_says(settings: dict[str, str], status: int) -> None:
    """Look from outside, where a look costs no process, until a health check has this answer."""
    url = f"http://127.0.0.1:{settings['METRICS_PORT']}/healthz"
    async with aiohttp.ClientSession() as http, asyncio.timeout(GUARD_S):
        while True:
            async with http.get(url) as answer:
                if answer.status == status:
                    return
            await asyncio.sleep(LOOK_S)


async def test_the_container_announces_and_says_how_it_is(own_scene: Scene) -> None:
    scene = own_scene
    container = new_container(scene.folder)
    settings = {**scene.settings, "METRICS_PORT": str(free_port())}
    del settings["DATABASE_URL"]  # where the image puts it

    asked = await container.run(container.image.health_check, settings)
    assert (asked.code, asked.err) == (1, "")
    assert asked.out.startswith(f"The bot does not answer on port {settings['METRICS_PORT']}: ")

    async with way_to(scene.stage.ports.discord) as gateway:
        settings["DISCORD_GATEWAY_URL"] = gateway
        bot = await container.start(settings, scene.folder / "container.log")
        scene.bots.append(bot)
        await scene.connected()
        post, channel_id = scene.post(), await scene.new_channel()
        await scene.watch(post, channel_id)
        await scene.announcement(scene.like(post), channel_id)
        await until_it_says(settings, 200)
        asked = await container.run(container.image.health_check, settings)
        assert asked == Ended(0, "It works.\n", "")
        saved = await container.run(["python", "-m", "bot", "backup", "saved.db"], settings)
        assert (saved.code, saved.err) == (0, "")
    await until_it_says(settings, 503)

    asked = await container.run(container.image.health_check, settings)
    assert asked == Ended(1, "It is not connected to Discord.\n", "")
    assert {"likecord.db", "saved.db"} <= {file.name for file in container.volume.iterdir()}
    assert await bot.stop() == 0, bot.log
    restored = await container.run(["python", "-m", "bot", "restore", "saved.db"], settings)
    assert (restored.code, restored.err) == (0, "")


async def test_a_container_without_its_volume_says_so_and_ends(own_scene: Scene) -> None:
    container = new_container(own_scene.folder, mounted=False)
    settings = {**own_scene.settings}
    del settings["DATABASE_URL"]

    # Every command opens it in the same way; this one has the least to import.
    ended = await container.run(["python", "-m", "bot", "db", "upgrade"], settings)

    assert (ended.code, ended.out) == (78, "")
    assert ended.err == (
        "DATABASE_URL: the database cannot be opened at sqlite+aiosqlite:///likecord.db "
        "(unable to open database file)\n"
    )


async def test_without_a_port_the_health_check_says_what_to_set(tmp_path: Path) -> None:
    container = new_container(tmp_path)
    asked = await container.run(container.image.health_check, {"METRICS_PORT": ""})
    assert (asked.code, asked.err) == (1, "")
    assert "METRICS_PORT is not set" in asked.out
