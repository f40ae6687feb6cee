"""Both stand-ins, the page and a bot on it, on ports of their own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import discord
import pytest
import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from sandbox.discord.server import DiscordSandbox
from sandbox.web.server import DemoPage
from sandbox.x.server import XSandbox
from tests.sandbox.web.small_bot import SmallBot


@dataclass(slots=True)
class Tally:
    """A score that stands, and the posts that are watched as a test wants them."""

    watched: set[str] = field(default_factory=set)

    def result(self) -> dict[str, float]:
        return {"likes": 12, "announced": 12, "missing": 0, "twice": 0, "p50_s": 1.2, "p95_s": 2.4}


@dataclass(frozen=True, slots=True)
class Stand:
    x: XSandbox
    chat: DiscordSandbox
    bot: SmallBot
    score: Tally
    url: str

    def channel(self, name: str) -> discord.TextChannel:
        """Return a channel as the bot sees it."""
        found = discord.utils.get(self.bot.get_all_channels(), name=name)
        assert isinstance(found, discord.TextChannel)
        return found


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def opened_stand() -> AsyncIterator[Stand]:
    x, chat, score = XSandbox(), DiscordSandbox(), Tally()
    page = DemoPage(x, chat, score=score)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(served(x.app))
        chat_url = await stack.enter_async_context(served(chat.app))
        url = await stack.enter_async_context(served(page.app))
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(Route, "BASE", f"{chat_url}/api/v10")
        patch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(f"{chat_url}/gateway"))
        bot = await stack.enter_async_context(_running(chat.token))
        yield Stand(x, chat, bot, score, url)


@asynccontextmanager
async def _running(token: str) -> AsyncIterator[SmallBot]:
    bot = SmallBot()
    async with bot:
        task = asyncio.create_task(bot.start(token))
        ready = asyncio.create_task(bot.wait_until_ready())
        await asyncio.wait((task, ready), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        try:
            yield bot
        finally:
            await bot.close()
            await task
