"""A bot that ran once in the process that all others are forked from.

The SQL that it compiled for SQLite is compiled for them too, and what is imported or made only when
it is needed first is there. That takes a good part of the processor that a start takes.
"""

import asyncio
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path

import aiohttp

from bot.run.app import run
from bot.run.settings import load_settings
from sandbox.discord import seed
from sandbox.stage import Ports, Stage, open_stage
from sandbox.x.control.made_to_order import make_post, make_user
from sandbox.x.world.seed import TWITTER_DEV
from tests.compiled import share_what_is_compiled
from tests.e2e.patient_discord import patient
from tests.patience import GUARD_S


async def _use(stage: Stage) -> None:
    """Watch a post, and wait until somebody's like is announced."""
    async with stage.discord.events.listen() as news:
        if not stage.discord.connected:
            await anext(event async for event in news if event.type == "bot.connected")
    post = make_post(stage.x.world, {"author_id": str(TWITTER_DEV), "text": "A post"})
    asked = {
        "command": "watch add",
        "options": {"post": f"https://x.com/i/status/{post.id}", "channel": str(seed.LIKES_ID)},
        "guild_id": str(seed.GUILD_ID),
        "channel_id": str(seed.GENERAL_ID),
        "user_id": str(seed.ADA_ID),
    }
    async with (
        aiohttp.ClientSession(stage.discord_url) as http,
        http.post("/sandbox/interactions", json=asked) as response,
    ):
        assert "error" not in await response.json()
    async with stage.discord.events.listen() as news:
        liker = make_user(stage.x.world, {"username": "somebody", "name": "Somebody"})
        assert stage.x.world.like(post, liker)
        await anext(event async for event in news if event.type == "message.create")


async def _run_once(folder: Path) -> None:
    with patient():
        await _run_at(folder)


async def _run_at(folder: Path) -> None:
    async with open_stage(Ports(0, 0, 0)) as stage:
        os.environ.update(stage.settings())
        os.environ["DATABASE_URL"] = f"sqlite+aiosqlite:///{folder / 'likecord.db'}"
        os.environ["PROBE_SECONDS"] = "1"
        bot = asyncio.create_task(run(load_settings()))
        try:
            async with asyncio.timeout(GUARD_S):
                await _use(stage)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            await bot


@contextmanager
def _elsewhere() -> Iterator[Path]:
    """Yield a folder in which nothing of the user's is found."""
    here, environment = Path.cwd(), dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.clear()
        os.chdir(folder)
        try:
            yield Path(folder)
        finally:
            os.chdir(here)
            os.environ.clear()
            os.environ.update(environment)


share_what_is_compiled()
with _elsewhere() as elsewhere, redirect_stdout(StringIO()):
    asyncio.run(_run_once(elsewhere))
for thread in threading.enumerate():
    # That of a connection to SQLite ends a moment after the connection.
    if thread is not threading.current_thread():
        thread.join(GUARD_S)
assert threading.enumerate() == [threading.main_thread()], "such a process may not be forked"
