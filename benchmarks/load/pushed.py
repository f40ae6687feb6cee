"""How soon a like that X pushes is a message, and what a burst of them does to memory.

Real time, the real process against the sandbox: from the event's coming to the message in Discord.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.load.databases import NewDatabase, in_file
from benchmarks.load.scene import Running, running, stage_and_http
from benchmarks.running import memory_mb
from sandbox.events import Event
from sandbox.score import Score
from sandbox.stage import Stage
from sandbox.x.world.rows import Post
from sandbox.x.world.seed import TWITTER_DEV

P50_S, P95_S, GROWTH = 0.3, 1.0, 1.2
# No channel gets more than Discord allows it: five messages in five seconds.
_CHANNELS = 40
_WITHIN_S = 120.0
# A tick of PROBE_SECONDS, and more.
_COUNTED_S = 20.0


@dataclass(frozen=True, slots=True)
class PushLoad:
    """Of `events` a second; then so many `burst` at once, in so many messages and seconds."""

    a_second: float
    events: int
    p50_s: float
    p95_s: float
    burst: int
    burst_messages: int
    burst_s: float
    before_mb: float
    after_mb: float
    missing: int
    twice: int

    @property
    def growth(self) -> float:
        return self.after_mb / self.before_mb


class _Heard:
    """Hears both stand-ins, and counts messages."""

    def __init__(self, score: Score) -> None:
        self._score = score
        self.messages = 0

    def hear(self, event: Event) -> None:
        self.messages += event.type == "message.create"
        self._score.hear_discord(event)


async def pushed(
    a_second: float, events: int, burst: int, new_database: NewDatabase = in_file
) -> PushLoad:
    """Let X push events at a rate, and then many at once."""
    async with AsyncExitStack() as stack:
        stage, http = await stack.enter_async_context(stage_and_http())
        traps = stage.x.world.settings.push_traps
        traps.oauth1, traps.keep_alive_s = "allowed", 1.0
        score = Score(stage.clock)
        heard = _Heard(score)
        stage.x.events.hearers.append(score.hear_x)
        stage.discord.events.hearers.append(heard.hear)
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="likecord-load-")))
        settings = {"PUSH": "auto", "DATABASE_URL": await new_database(folder)}
        async with running(stage, http, settings) as bot:
            posts = await _watched(bot)
            score.watched = {str(post.id) for post in posts}
            await _until_pushed(stage)
            await _like(stage, posts, events, 1 / a_second)
            await _told(score)
            quick = score.result()
            before_mb, messages = memory_mb(bot.process.pid)["VmRSS"], heard.messages
            began = stage.clock.time()
            await _like(stage, posts, burst, 0)
            await _told(score)
            took_s = stage.clock.time() - began
            result = score.result()
            return PushLoad(
                a_second,
                events,
                _seconds(quick, "p50_s"),
                _seconds(quick, "p95_s"),
                burst,
                heard.messages - messages,
                round(took_s, 1),
                round(before_mb, 1),
                round(memory_mb(bot.process.pid)["VmRSS"], 1),
                result["missing"],
                result["twice"],
            )


def _seconds(result: dict[str, Any], name: str) -> float:
    return float(result[name] or 0.0)


async def _watched(bot: Running) -> list[Post]:
    """Have a post watched in each of many channels."""
    world = bot.stage.x.world
    posts = []
    for number in range(_CHANNELS):
        now = bot.stage.clock.now()
        post = Post(world.free_id(world.posts, now), TWITTER_DEV, f"Post {number}", now)
        posts.append(world.add_post(post))
        name = f"pushed-{number}"
        async with bot.http.post("/sandbox/channels", json={"name": name}) as response:
            channel = (await response.json())["id"]
        await bot.must("watch add", post=f"https://x.com/i/status/{post.id}", channel=channel)
    return posts


async def _until_pushed(stage: Stage) -> None:
    """Wait until the bot reads the stream, and each post was counted since."""
    opened = asyncio.Event()
    stage.x.hub.opened = opened.set
    if not stage.x.hub.connections:
        async with asyncio.timeout(_WITHIN_S):
            await opened.wait()
    await asyncio.sleep(_COUNTED_S)


async def _like(stage: Stage, posts: Sequence[Post], times: int, every_s: float) -> None:
    world = stage.x.world
    for number in range(times):
        post = posts[number % len(posts)]
        person = world.make_up_user()
        person.protected = False
        world.like(post, person)
        if every_s:
            await asyncio.sleep(every_s)


async def _told(score: Score) -> None:
    async with asyncio.timeout(_WITHIN_S):
        await score.wait_until_told()
