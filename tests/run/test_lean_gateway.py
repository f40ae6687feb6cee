"""A gateway that says as little as it may when a session begins, or what nobody can read."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from discord.http import HTTPClient, Route

from bot.chat.connection.addresses import point_at
from bot.chat.connection.shards import PatientShard
from bot.run import discord_connection
from sandbox.discord.gateway import greeting
from sandbox.discord.gateway.session import Session
from sandbox.discord.server import DiscordSandbox
from tests.chat.connected import endpoint
from tests.run.test_discord_away import WITHIN_S, back, discord_at, long_pauses, running

__all__ = ["endpoint", "long_pauses"]


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


def _say_what_nobody_reads(sandbox: DiscordSandbox, *, shard: int) -> None:
    for connection in list(sandbox._core.gateway._connections):
        session = sandbox._core.gateway._sessions.of(connection)
        if session is not None and session.shard[0] == shard:
            connection.send({"op": 10, "d": None, "s": None, "t": None})


async def test_what_a_shard_cannot_read_ends_its_connection_alone(
    sandbox: DiscordSandbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(PatientShard, "_pause_s", 0.01)
    async with running(sandbox, shards=2) as client:
        gone = list[int]()

        async def on_shard_disconnect(shard_id: int) -> None:
            gone.append(shard_id)

        client.add_listener(on_shard_disconnect)
        for _ in range(2):
            came = asyncio.create_task(client.wait_for("shard_connect"))
            await asyncio.sleep(0)
            _say_what_nobody_reads(sandbox, shard=1)
            assert await asyncio.wait_for(came, WITHIN_S) == 1
        assert gone == [1, 1]
        assert len(sandbox._core.gateway._connections) == 2
    assert [record.message for record in caplog.records].count(
        "Discord's gateway sent what cannot be read"
    ) == 1


async def test_an_unreadable_number_of_shards_is_asked_for_again(
    sandbox: DiscordSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord_connection, "_RECONNECT_S", 0.01)
    told = iter([{}, "<html>", None])
    ask = HTTPClient.request

    async def request(self: HTTPClient, route: Route, **more: Any) -> Any:
        if route.path == "/gateway/bot" and (answer := next(told, "as it is")) != "as it is":
            return answer
        return await ask(self, route, **more)

    monkeypatch.setattr(HTTPClient, "request", request)
    async with running(sandbox, shards=None) as client:
        assert client.shard_count == 1
        assert next(told, "all were told") == "all were told"
