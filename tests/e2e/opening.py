"""Opening a scene, and seeing at its end that nothing went wrong behind the scene."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp

from sandbox.clock import Clock
from sandbox.discord import seed
from sandbox.discord.permissions import Permission
from sandbox.discord.world import Channel, Guild, Member, Role
from sandbox.events import Event, Events
from sandbox.score import Score
from sandbox.stage import Ports, Stage, open_stage
from tests.e2e.harness import Scene
from tests.e2e.patient_discord import patient
from tests.e2e.process import Bot
from tests.e2e.traffic import Traffic


@asynccontextmanager
async def open_scene(folder: Path, database_url: str, **changed: str) -> AsyncIterator[Scene]:
    """Open the stage, without a bot; whatever bots were started are ended with it."""
    clock = Clock()
    async with AsyncExitStack() as stack:
        stack.enter_context(patient())
        stage = await stack.enter_async_context(open_stage(Ports(0, 0, 0), clock))
        x_url = stage.settings()["X_API_URL"]
        scene = Scene(
            stage=stage,
            folder=folder,
            settings={
                **stage.settings(),
                "DATABASE_URL": database_url,
                "PROBE_SECONDS": "1",
                "PUSH": "off",
                **changed,
            },
            http=await stack.enter_async_context(aiohttp.ClientSession(stage.discord_url)),
            x_http=await stack.enter_async_context(aiohttp.ClientSession(x_url)),
            score=Score(clock),
            traffic=Traffic(stage.x.world),
        )
        stage.x.listeners.append(scene.traffic.hear)
        await stack.enter_async_context(_heard(stage.x.events, scene.hear_x))
        await stack.enter_async_context(_heard(stage.discord.events, scene.hear_discord))
        stage.x.events.hearers.append(scene.tell_bots_of_x)
        stack.push_async_callback(_end, scene.bots)
        yield scene
        await _ends_well(scene)
        scene.traffic.check()


async def _ends_well(scene: Scene) -> None:
    """Stop what still runs, and see that nothing went wrong that no test looked at."""
    for bot in scene.bots:
        if bot.is_running:
            assert await bot.stop() == 0, bot.log
        for sign in ("Traceback", "Warning", "Exception ignored"):
            assert sign not in bot.log, bot.log


async def _end(bots: list[Bot]) -> None:
    for bot in bots:
        await bot.kill()


@asynccontextmanager
async def _heard(events: Events, hear: Callable[[Event], None]) -> AsyncIterator[None]:
    async def listen(news: AsyncIterator[Event]) -> None:
        async for event in news:
            hear(event)

    async with events.listen() as news:
        task = asyncio.create_task(listen(news))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def add_guild(
    stage: Stage,
    owner_id: int = seed.ADA_ID,
    *,
    guild_id: int = 1_100_000_000_000_000_101,
    channel_id: int = 1_100_000_000_000_000_111,
) -> tuple[str, str]:
    """Let the bot be in a second server, with everybody; return its ID and its channel's.

    One that Ada owns belongs to whoever runs the bot; in any other she has a manager's role.
    """
    world = stage.discord.world
    first = world.first_guild
    guild = Guild(guild_id, "Second", owner_id)
    guild.roles[guild_id] = Role(guild_id, "@everyone", first.everyone.permissions, position=0)
    managers = Role(guild_id + 1, "Managers", int(Permission.MANAGE_GUILD))
    guild.roles[managers.id] = managers
    guild.channels[channel_id] = Channel(channel_id, guild_id, "elsewhere", 0)
    for known in first.members.values():
        roles = {managers.id} if known.user.id == seed.ADA_ID else set()
        guild.members[known.user.id] = Member(known.user, known.joined_at, roles)
    world.guilds[guild_id] = guild
    return str(guild_id), str(channel_id)
