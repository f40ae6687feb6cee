"""The demo: both stand-ins, the real bot against them, and people who like posts."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot.sandbox.bot_process import bot_process
from bot.sandbox.clock import Clock
from bot.sandbox.events import Event, Events
from bot.sandbox.output import say, stop_on_signals
from bot.sandbox.score import Score
from bot.sandbox.stage import Ports, Stage, open_stage
from bot.sandbox.x.world.seed import TWITTER, TWITTER_DEV

# Whoever looks on does not want to wait; in the sandbox counting costs nothing.
_PROBE_SECONDS = "2"
_BOT_IS_UP_WITHIN_S = 60
# X's limits are the real ones here too: the last readings may have to wait their turn.
_DRAIN_S = 150
_CHANNEL = "likes"


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """`seconds` None: until it is stopped. `rate` is in likes a minute over all watched posts."""

    port: int = 8080
    seconds: float | None = None
    rate: float = 8
    database_url: str | None = None


async def demo(options: DemoOptions) -> int:
    """Run the demo; return 1 when a like was missed or told twice, and 0 otherwise."""
    stop = stop_on_signals()
    clock = Clock()
    score = Score(clock)
    ports = Ports(x=0, discord=0, web=options.port)
    async with open_stage(ports, clock, score.result) as stage:
        stage.x.world.settings.liking = "allowed"
        async with (
            _listening(stage.x.events, score.hear_x),
            _listening(stage.discord.events, score.hear_discord),
            _bot(stage, options.database_url) as bot,
        ):
            say(f"The demo is at {stage.page_url}/#{_CHANNEL} and goes on until Ctrl-C.")
            score.watched |= await _watch_posts(stage)
            crowd = stage.crowd(options.rate, lambda: [int(post) for post in score.watched])
            await _first_of(crowd.run(), bot.wait(), stop.wait(), seconds=options.seconds)
            if options.seconds is not None and not stop.is_set() and bot.returncode is None:
                await _first_of(score.wait_until_told(), bot.wait(), stop.wait(), seconds=_DRAIN_S)
            died = bot.returncode is not None
    result = score.result()
    print(json.dumps(result), flush=True)
    return int(died or result["missing"] > 0 or result["twice"] > 0)


@asynccontextmanager
async def _bot(stage: Stage, database_url: str | None) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the bot against the stage; it is connected and has its commands when this yields."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="likecord-")))
        settings = {
            **stage.settings(),
            "DATABASE_URL": database_url or f"sqlite+aiosqlite:///{folder / 'likecord.db'}",
            "PROBE_SECONDS": _PROBE_SECONDS,
        }
        news = await stack.enter_async_context(stage.discord.events.listen())
        bot = await stack.enter_async_context(bot_process(settings, folder))
        await _first_of(_connected(news), bot.wait(), seconds=_BOT_IS_UP_WITHIN_S)
        if not stage.discord.connected:
            raise RuntimeError("the bot did not connect to the sandbox")
        yield bot


async def _connected(news: AsyncIterator[Event]) -> None:
    async for event in news:
        if event.type == "bot.connected" and event.data["connected"]:
            return


async def _watch_posts(stage: Stage) -> set[str]:
    """Ask the bot to watch posts, as an admin would; return those whose likers X shows it.

    One post is another account's: X hides its likers, and the bot tells how its count grows.
    """
    posts = stage.x.world.posts.values()
    own = [post for post in posts if post.author_id == TWITTER_DEV]
    others = [post for post in posts if post.author_id == TWITTER]
    async with aiohttp.ClientSession(stage.discord_url) as http:
        await _command(http, "config channel", channel=_CHANNEL)
        for post in (*own, *others[:1]):
            await _command(http, "watch add", post=f"https://x.com/i/status/{post.id}")
    return {str(post.id) for post in own}


async def _command(http: aiohttp.ClientSession, command: str, **options: str) -> None:
    call = {"command": command, "options": options}
    async with http.post("/sandbox/interactions", json=call) as response:
        answer = await response.json()
    if answer.get("error"):
        raise RuntimeError(f"/{command}: {answer['error']}")


@asynccontextmanager
async def _listening(events: Events, hear: Callable[[Event], None]) -> AsyncIterator[None]:
    async with events.listen() as news:
        task = asyncio.create_task(_hear_all(news, hear))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _hear_all(news: AsyncIterator[Event], hear: Callable[[Event], None]) -> None:
    async for event in news:
        hear(event)


async def _first_of(*waits: Coroutine[Any, Any, Any], seconds: float | None = None) -> None:
    """Wait until one of them ends, or the time is over; an error of one is raised."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
