"""The bot's Discord side on its own: real sockets, scripted services."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.chat.connection.addresses import point_at
from bot.chat.connection.client import LikecordClient
from bot.domain import GuildConfig
from bot.domain.accounts import Served
from bot.domain.guilds import HomeState, WhyHome
from bot.services.all_services import Services
from sandbox.discord.seed import GUILD_ID
from tests.sandbox.discord.server import Server, serve

FEATURES = (
    "likes",
    "lookup",
    "watches",
    "new_watches",
    "config",
    "status",
    "accounts",
    "audit",
    "exports",
    "usage",
    "account_watches",
    "channels",
    "command_scopes",
    "home",
    "consents",
    "guild_data",
    "greetings",
    "imports",
    "insight",
    "told",
    "managed",
)

# What is asked beside what a test is about, and answered so unless it says otherwise.
_UNASKED: dict[str, Any] = {
    "watches.present_in": None,
    "watches.everything": (),
    "channels.watched": {},
    "channels.found": None,
    "told.watch_of": None,
    "command_scopes.add": None,
    "command_scopes.others": (),
    "command_scopes.forget": None,
    "lookup.is_ones_own": False,
    "lookup.author_view": None,  # as of others' posts
    "accounts.revoke_pending": None,
    "account_watches.choices": (),
    "home.note_owners": None,
    "home.require_served": None,
    "home.show": HomeState(GUILD_ID, WhyHome.OWNED),
    "consents.show": Served(),
    "greetings.begin": False,
    "config.note_discord_languages": None,
}


@dataclass
class Script:
    """What the services answer, by "feature.method", and what they were asked.

    An answer is a value, an error to raise, or a coroutine function to await.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    calls: list[tuple[Any, ...]] = field(default_factory=list)

    async def play(self, name: str, *args: Any) -> Any:
        if name == "config.show" and name not in self.answers:
            return GuildConfig(args[0])
        if name in _UNASKED and name not in self.answers:
            return _UNASKED[name]
        self.calls.append((name, *args))
        answer = self.answers[name]
        if isinstance(answer, Exception):
            raise answer
        return await answer(*args) if callable(answer) else answer

    def services(self) -> Services:
        scripted: list[Any] = [Scripted(self, feature) for feature in FEATURES]
        return Services(*scripted)


@dataclass(frozen=True)
class Scripted:
    script: Script
    feature: str

    def __getattr__(self, method: str) -> Callable[..., Awaitable[Any]]:
        def play(*args: Any, **named: Any) -> Awaitable[Any]:
            return self.script.play(f"{self.feature}.{method}", *args, *named.values())

        return play


@pytest.fixture
def endpoint() -> Iterator[None]:
    """Leave discord.py pointing where it did."""
    before = (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
    yield
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


@pytest.fixture
async def discord_server(endpoint: None) -> AsyncIterator[Server]:  # noqa: ARG001 - put back after
    async with serve() as server:
        point_at(f"{server.api}/", server.gateway)
        yield server


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
async def client(discord_server: Server, script: Script) -> AsyncIterator[LikecordClient]:
    async with connected(discord_server, script) as running:
        yield running


@asynccontextmanager
async def connected(
    server: Server, script: Script, development_guild_id: int | None = None
) -> AsyncIterator[LikecordClient]:
    bot = LikecordClient(services=script.services(), development_guild_id=development_guild_id)
    bot._connection.guild_ready_timeout = 0.02
    running = asyncio.create_task(bot.start(server.sandbox.token))
    ready = asyncio.create_task(bot.ready.wait())
    try:
        await asyncio.wait((running, ready), return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        yield bot
    finally:
        ready.cancel()
        await bot.close()
        await running
