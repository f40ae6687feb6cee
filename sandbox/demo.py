"""The demo: both stand-ins, the real bot against them, and people who like posts."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from sandbox.bot_process import bot_process
from sandbox.clock import Clock
from sandbox.events import Event, Events
from sandbox.output import say, stop_on_signals
from sandbox.posting import keep_posting, with_room
from sandbox.score import Score
from sandbox.showcase import open_showcase
from sandbox.stage import Ports, Stage, open_stage
from sandbox.watching import Watching
from sandbox.x.world.rows import Post
from sandbox.x.world.seed import TWITTER, TWITTER_DEV

# Whoever looks on does not want to wait; in the sandbox counting costs nothing.
_PROBE_SECONDS = "2"
_BOT_IS_UP_WITHIN_S = 60
# X's limits are the real ones here too: the last readings may have to wait their turn.
_DRAIN_S = 150
_CHANNEL = "likes"
# X takes 20 s; the stream opens with the first.
_KEEP_ALIVE_S = 2.0


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """`seconds` None: until it is stopped. `rate` is in likes a minute over all watched posts.

    `database_url` None: a database that goes with the demo.
    """

    port: int
    seconds: float | None
    rate: float
    database_url: str | None


async def demo(options: DemoOptions) -> int:
    """Run the demo; return 1 when the bot ended by itself or, with `seconds`, told it wrong."""
    stop = stop_on_signals()
    score = Score(Clock(), account_id=str(TWITTER_DEV))
    watching = Watching(score)
    ports = Ports(x=0, discord=0, web=options.port)
    async with open_stage(ports, score.clock, score, plain_names=True) as stage:
        stage.x.world.settings.liking = "allowed"
        # With the account's own keys, as X's file has it; so nobody has to link it first.
        traps = stage.x.world.settings.push_traps
        traps.oauth1, traps.keep_alive_s = "allowed", _KEEP_ALIVE_S
        async with (
            _listening(stage.x.events, score.hear_x),
            _listening(stage.discord.events, score.hear_discord),
            _listening(stage.discord.events, watching.hear),
            _bot(stage, options.database_url) as bot,
        ):
            await _first_of(_play(stage, score, options), bot.wait(), stop.wait())
            died = bot.returncode is not None
    if options.seconds is None:
        say("The bot ended by itself, and so did the demo." if died else "The demo has ended.")
        return int(died)
    result = score.result()
    print(json.dumps(result), flush=True)
    return int(died or result["missing"] > 0 or result["twice"] > 0)


@asynccontextmanager
async def _bot(stage: Stage, database_url: str | None) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the bot against the stage."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="likecord-")))
        settings = {
            **stage.settings(),
            "DATABASE_URL": database_url or f"sqlite+aiosqlite:///{folder / 'likecord.db'}",
            "PROBE_SECONDS": _PROBE_SECONDS,
        }
        yield await stack.enter_async_context(bot_process(settings, folder))


async def _play(stage: Stage, score: Score, options: DemoOptions) -> None:
    """Have posts watched and liked for as long as was asked, and the last likes told."""
    await _until_connected(stage)
    say(f"The demo is at {stage.page_url}/#{_CHANNEL} and {_end(options.seconds)}.")
    await _watch_posts(stage, score)
    crowd = stage.crowd(options.rate, lambda: _liked_by_crowd(stage, score))
    if options.rate:
        crowd.like()  # whoever has just opened the page sees something at once
    with suppress(TimeoutError):
        async with (
            aiohttp.ClientSession(stage.discord_url) as http,
            asyncio.timeout(options.seconds),
        ):
            posting = keep_posting(
                stage.x.world, TWITTER_DEV, lambda: score.watched, partial(_watch, http)
            )
            await _first_of(crowd.run(), posting)
    with suppress(TimeoutError):
        async with asyncio.timeout(_DRAIN_S):
            await score.wait_until_told()


def _end(seconds: float | None) -> str:
    if seconds is None:
        return "goes on until Ctrl-C"
    return f"goes on for {seconds:g} s, and until its last likes are announced"


async def _until_connected(stage: Stage) -> None:
    """Wait for the bot; by the time that it connects, its commands are there."""
    try:
        async with stage.discord.events.listen() as news, asyncio.timeout(_BOT_IS_UP_WITHIN_S):
            while not stage.discord.connected:
                await anext(news)
    except TimeoutError:
        raise RuntimeError("the bot did not connect to the sandbox") from None


async def _watch_posts(stage: Stage, score: Score) -> None:
    """Ask the bot to watch posts, as an admin would.

    The newest of the account's own is left for the visitor. One is another account's: X hides its
    likers, and the bot tells how its count grows.
    """
    world = stage.x.world
    chosen = [*world.posts_by(TWITTER_DEV)[1:], *world.posts_by(TWITTER)[:1]]
    async with aiohttp.ClientSession(stage.discord_url) as http:
        await _command(http, "config channel", channel=_CHANNEL)
        for post in chosen:
            await _watch(http, post)
        chosen += await open_showcase(http, world)
    unheard = {str(post.id) for post in chosen} - score.watched
    if unheard:
        raise RuntimeError(f"the bot did not say that it watches {', '.join(sorted(unheard))}")


def _liked_by_crowd(stage: Stage, score: Score) -> list[int]:
    """Return the account's watched posts, a visitor's too, as long as X names their likers."""
    world = stage.x.world
    own = world.posts_by(TWITTER_DEV)
    watched = [post for post in own if str(post.id) in score.watched]
    return [post.id for post in with_room(world, watched) or watched]


async def _watch(http: aiohttp.ClientSession, post: Post) -> None:
    await _command(http, "watch add", post=f"https://x.com/i/status/{post.id}")


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
            # What went wrong in it is raised here: a tally that heard half of it is worth nothing.
            with suppress(asyncio.CancelledError):
                await task


async def _hear_all(news: AsyncIterator[Event], hear: Callable[[Event], None]) -> None:
    async for event in news:
        hear(event)


async def _first_of(*waits: Coroutine[Any, Any, Any]) -> None:
    """Wait until one of them ends; an error of one is raised."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
