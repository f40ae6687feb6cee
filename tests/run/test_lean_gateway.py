"""A gateway that says as little as it may when a session begins, or what nobody can read."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.chat.connection.addresses import point_at
from bot.run import discord_connection
from sandbox.discord.gateway import greeting
from sandbox.discord.gateway.session import Session
from sandbox.discord.server import DiscordSandbox
from tests.chat.connected import endpoint
from tests.run.test_discord_away import WITHIN_S, back, discord_at, running

__all__ = ["endpoint"]


@pytest.fixture
async def sandbox(endpoint: None) -> AsyncIterator[DiscordSandbox]:  # noqa: ARG001 - put back after
    async with discord_at(0) as (opened, port):
        base = f"http://127.0.0.1:{port}"
        point_at(f"{base}/api/v10", f"{base.replace('http', 'ws')}/gateway")
        yield opened


@pytest.fixture
def lean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out of READY what a bot can do without, and all of RESUMED."""
    whole, dispatch = greeting.ready, Session.dispatch

    def ready(*args: Any) -> dict[str, Any]:
        said = whole(*args)
        needed = ("user", "guilds", "session_id")
        return {name: said[name] for name in needed} | {"resume_gateway_url": None}

    def with_nothing(self: Session, event: str, data: Any) -> None:
        dispatch(self, event, None if event == "RESUMED" else data)

    monkeypatch.setattr(greeting, "ready", ready)
    monkeypatch.setattr(Session, "dispatch", with_nothing)


@pytest.mark.usefixtures("lean")
async def test_a_session_begins_and_goes_on_with_the_fewest_fields(
    sandbox: DiscordSandbox,
) -> None:
    async with running(sandbox) as client:
        resumed = asyncio.create_task(client.wait_for("resumed"))
        await asyncio.sleep(0)
        sandbox._core.gateway.drop_connections()
        await asyncio.wait_for(resumed, WITHIN_S)
        assert client.guilds


async def test_what_cannot_be_read_ends_the_connection_alone(
    sandbox: DiscordSandbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(discord_connection, "_RECONNECT_S", 0.01)
    async with running(sandbox) as client:
        for _ in range(2):
            lost = asyncio.create_task(client.wait_for("disconnect"))
            await asyncio.sleep(0)
            for connection in list(sandbox._core.gateway._connections):
                connection.send({"op": 10, "d": None, "s": None, "t": None})
            await asyncio.wait_for(lost, WITHIN_S)
            await asyncio.wait_for(back(sandbox), WITHIN_S)
            await asyncio.wait_for(client.wait_until_ready(), WITHIN_S)
    assert [record.message for record in caplog.records].count(
        "Discord's gateway sent what cannot be read"
    ) == 1
