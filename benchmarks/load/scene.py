"""A bot as a process of its own on a stage of its own, and a member who uses its commands."""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.load.databases import NewDatabase
from sandbox.bot_process import bot_process
from sandbox.stage import Ports, Stage, open_stage

_PROJECT = Path(__file__).resolve().parents[2]
_UP_WITHIN_S = 120.0


@dataclass(frozen=True, slots=True)
class Used:
    """How long a member waited: for the first sign, and until the answer was whole."""

    first_ms: float
    whole_ms: float
    error: str | None


@dataclass(frozen=True, slots=True)
class Running:
    """A running bot, and how to use it."""

    stage: Stage
    http: aiohttp.ClientSession
    process: asyncio.subprocess.Process

    async def use(self, command: str, **options: str) -> Used:
        """Use a slash command, and wait until its answer is whole."""
        call = {"command": command, "options": options, "settle_s": 0, "timeout_s": 60}
        began = time.perf_counter()
        async with self.http.post("/sandbox/interactions", json=call) as response:
            answer: dict[str, Any] = await response.json()
        whole_ms = (time.perf_counter() - began) * 1000
        return Used(float(answer.get("acked_ms") or whole_ms), whole_ms, answer.get("error"))

    async def must(self, command: str, **options: str) -> Used:
        """Use a command whose answer must be there; raise RuntimeError when it is not."""
        used = await self.use(command, **options)
        if used.error is not None:
            raise RuntimeError(f"/{command}: {used.error}")
        return used


@asynccontextmanager
async def likecord(new_database: NewDatabase) -> AsyncIterator[Running]:
    """Run Likecord on a stage and a database of its own until the end of the block."""
    async with stage_and_http() as (stage, http):
        with tempfile.TemporaryDirectory(prefix="likecord-load-") as folder:
            settings = {"DATABASE_URL": await new_database(Path(folder))}
            async with running(stage, http, settings) as bot:
                yield bot


@asynccontextmanager
async def stage_and_http() -> AsyncIterator[tuple[Stage, aiohttp.ClientSession]]:
    # As many members as there are may use the bot at once.
    connector = aiohttp.TCPConnector(limit=0)
    async with (
        open_stage(Ports(0, 0, 0)) as stage,
        aiohttp.ClientSession(stage.discord_url, connector=connector) as http,
    ):
        yield stage, http


@asynccontextmanager
async def running(
    stage: Stage, http: aiohttp.ClientSession, settings: Mapping[str, str]
) -> AsyncIterator[Running]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="likecord-load-")))
        env = {
            **stage.settings(),
            "LOG_LEVEL": "WARNING",
            **settings,
        }
        async with _connected(stage):
            process = await stack.enter_async_context(bot_process(env, folder))
        yield Running(stage, http, process)


@asynccontextmanager
async def bare_bot() -> AsyncIterator[Running]:
    """Run the barest bot on a stage of its own until the end of the block."""
    async with stage_and_http() as (stage, http):
        async with _connected(stage):
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "benchmarks.load.bare_bot",
                cwd=_PROJECT,
                env=stage.settings(),
                stdin=asyncio.subprocess.DEVNULL,
            )
        try:
            yield Running(stage, http, process)
        finally:
            process.terminate()
            await process.wait()


@asynccontextmanager
async def _connected(stage: Stage) -> AsyncIterator[None]:
    """Wait at the end of the block until the bot that was started in it is on the gateway."""
    async with stage.discord.events.listen() as news:
        yield
        async with asyncio.timeout(_UP_WITHIN_S):
            async for event in news:
                if event.type == "bot.connected":
                    return
