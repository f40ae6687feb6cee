"""A bot that ran in the process that all others are forked from: on SQLite, and on PostgreSQL.

The SQL that it compiled is compiled for them too, and what is imported or made only when it is
needed first is there. That takes a good part of the processor that they take.
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
from typing import Any
from unittest.mock import patch

import aiohttp
import asyncpg
from discord.state import ConnectionState

from bot.run.app import run
from bot.run.settings import load_settings
from sandbox.discord import seed
from sandbox.stage import Ports, Stage, open_stage
from sandbox.x.control.made_to_order import make_post, make_user
from sandbox.x.world.seed import TWITTER_DEV
from tests.compiled import share_what_is_compiled
from tests.e2e.forks import POSTGRES
from tests.e2e.patient_discord import patient
from tests.patience import GUARD_S

# What most tests do; `post` stands for a watched post where an option is named for one.
_BEFORE_A_LIKE = (
    ("likers", "post"),
    ("post", "post"),
    ("like", "post"),
    ("unlike", "post"),
    ("watch list", ""),
    ("config show", ""),
)
_AFTER_A_LIKE = (
    ("likers", "post"),
    ("watch list", ""),
    ("watch show", "watch"),
    ("chart post", "post"),
    ("top posts", ""),
    ("top likers", ""),
    ("audit", ""),
    ("usage", ""),
    ("status", ""),
    ("watch pause", "watch"),
    ("watch resume", "watch"),
    ("watch remove", "watch"),
)


async def _use(stage: Stage) -> None:
    """Watch a post, have somebody's like announced, and ask for what there is to see."""
    async with stage.discord.events.listen() as news:
        if not stage.discord.connected:
            await anext(event async for event in news if event.type == "bot.connected")
    post = make_post(stage.x.world, {"author_id": str(TWITTER_DEV), "text": "A post"})
    address, channel = f"https://x.com/i/status/{post.id}", str(seed.LIKES_ID)
    async with aiohttp.ClientSession(stage.discord_url) as http:
        await _ask(http, "watch account", {"user": "TwitterDev", "channel": channel})
        await _ask(http, "watch add", {"post": address, "channel": channel})
        for command, option in _BEFORE_A_LIKE:
            await _ask(http, command, {option: address} if option else {})
        async with stage.discord.events.listen() as news:
            liker = make_user(stage.x.world, {"username": "somebody", "name": "Somebody"})
            assert stage.x.world.like(post, liker)
            await anext(event async for event in news if event.type == "message.create")
        for command, option in _AFTER_A_LIKE:
            await _ask(http, command, {option: address} if option else {})


async def _ask(http: aiohttp.ClientSession, command: str, options: dict[str, str]) -> None:
    asked: dict[str, Any] = {
        "command": command,
        "options": options,
        "guild_id": str(seed.GUILD_ID),
        "channel_id": str(seed.GENERAL_ID),
        "user_id": str(seed.ADA_ID),
        "settle_s": 0,
    }
    async with http.post("/sandbox/interactions", json=asked) as response:
        answer = await response.json()
        assert "error" not in answer, f"/{command}: {answer}"


_begin = ConnectionState.__init__


def _begin_soon(self: ConnectionState[Any], **options: Any) -> None:
    """Wait for no more servers, so that what is done with those that came is done at once."""
    _begin(self, **{**options, "guild_ready_timeout": 0.05})


async def _run_on(database_url: str) -> None:
    with patient(), patch.object(ConnectionState, "__init__", _begin_soon):
        async with open_stage(Ports(0, 0, 0)) as stage:
            os.environ.update(stage.settings())
            os.environ["DATABASE_URL"] = database_url
            os.environ["PROBE_SECONDS"] = "1"
            bot = asyncio.create_task(run(load_settings()))
            try:
                async with asyncio.timeout(GUARD_S):
                    await _use(stage)
            finally:
                os.kill(os.getpid(), signal.SIGTERM)
                await bot


async def _run_on_postgres(sockets: str) -> None:
    name = "of_the_forks"
    connection = await asyncpg.connect(host=sockets, user="postgres", database="postgres")
    try:
        await connection.execute(f"CREATE DATABASE {name}")
        await _run_on(f"postgresql+asyncpg://postgres@/{name}?host={sockets}")
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


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
postgres = os.environ.get(POSTGRES)
with _elsewhere() as elsewhere, redirect_stdout(StringIO()):
    # A query within another is told apart from itself once it was compiled, so what is compiled for
    # the second kind fits better: it is the one that most bots are on.
    if postgres is not None:
        asyncio.run(_run_on_postgres(postgres))
    asyncio.run(_run_on(f"sqlite+aiosqlite:///{elsewhere / 'likecord.db'}"))
for thread in threading.enumerate():
    # That of a connection to SQLite ends a moment after the connection.
    if thread is not threading.current_thread():
        thread.join(GUARD_S)
assert threading.enumerate() == [threading.main_thread()], "such a process may not be forked"
