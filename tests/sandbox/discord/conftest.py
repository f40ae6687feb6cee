from collections.abc import AsyncIterator

import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.sandbox.discord import specification
from tests.sandbox.discord.sample import SampleBot, running
from tests.sandbox.discord.server import Server, serve


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A fresh Discord; whatever it answers must be as Discord's specification says."""
    async with serve() as running_server:
        yield running_server
    if specification.FILE.exists():
        assert specification.faults_in(running_server.exchanges) == []


@pytest.fixture
def at_sandbox(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """Point discord.py at the sandbox."""
    monkeypatch.setattr(Route, "BASE", server.api)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway))
    return server


@pytest.fixture
async def bot(at_sandbox: Server) -> AsyncIterator[SampleBot]:
    """A discord.py bot, connected, its commands registered."""
    sample = SampleBot(discord.Intents(guilds=True, guild_messages=True))
    async with running(sample, at_sandbox.sandbox.token):
        yield sample
