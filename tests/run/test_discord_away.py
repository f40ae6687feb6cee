"""Discord away for long: the bot is back on the gateway as soon as Discord is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
from aiohttp import web

from bot.chat.connection import gateway_pause
from bot.chat.connection.addresses import point_at
from bot.chat.connection.client import LikecordClient
from bot.chat.connection.login_check import rest_answers
from bot.chat.connection.sharded_client import ShardedClient
from bot.chat.connection.shards import PatientShard
from bot.domain.errors import SettingsError
from bot.run import discord_connection
from bot.run.discord_connection import log_in, stay_connected
from sandbox.discord.server import DiscordSandbox
from tests.chat.connected import Script, endpoint

__all__ = ["endpoint"]
WITHIN_S = 20


@asynccontextmanager
async def discord_at(port: int) -> AsyncIterator[tuple[DiscordSandbox, int]]:
    sandbox = DiscordSandbox()
    runner = web.AppRunner(sandbox.app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield sandbox, runner.addresses[0][1]
    finally:
        await runner.cleanup()


@asynccontextmanager
async def running(sandbox: DiscordSandbox, shards: int | None = 1) -> AsyncIterator[LikecordClient]:
    """Be connected by so many shards; None are as many as Discord says."""
    services = Script().services()
    client = (
        LikecordClient(services=services)
        if shards == 1
        else ShardedClient(services=services, shard_count=shards)
    )
    client._connection.guild_ready_timeout = 0.02
    stop = asyncio.Event()
    assert await log_in(client, sandbox.token, stop)
    staying = asyncio.create_task(stay_connected(client, stop))
    try:
        await asyncio.wait_for(client.ready.wait(), WITHIN_S)
        yield client
    finally:
        stop.set()
        await staying
        await client.close()


@pytest.mark.usefixtures("endpoint")
@pytest.mark.parametrize("shards", [1, 2])
async def test_it_stops_though_what_connects_keeps_the_first_cancellation_to_itself(
    monkeypatch: pytest.MonkeyPatch, shards: int
) -> None:
    """As `asyncio.wait_for` does before Python 3.12, when a try ends in the same moment."""
    began, stop = asyncio.Event(), asyncio.Event()

    async def connect(*_: object, **_more: object) -> None:
        began.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    monkeypatch.setattr("discord.Client.connect", connect)
    monkeypatch.setattr("discord.AutoShardedClient.connect", connect)
    services = Script().services()
    client = (
        LikecordClient(services=services)
        if shards == 1
        else ShardedClient(services=services, shard_count=shards)
    )
    staying = asyncio.create_task(stay_connected(client, stop))
    await began.wait()
    stop.set()
    try:
        await asyncio.wait_for(staying, WITHIN_S)
    finally:
        await client.close()


async def back(sandbox: DiscordSandbox) -> None:
    async with sandbox.events.listen() as news:
        if sandbox.connected:
            return
        async for event in news:
            if event.type == "bot.connected" and event.data["connected"]:
                return


@pytest.fixture(autouse=True)
def long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let discord.py's own pause be what it grows to, and look often."""
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", lambda _: 867.0)
    monkeypatch.setattr(gateway_pause, "LOOK_EVERY_S", 0.05)

    async def at_once(*_: object, **_more: object) -> None:
        """Discord wants five seconds between shards."""

    monkeypatch.setattr(discord.AutoShardedClient, "before_identify_hook", at_once)


class Lookers:
    """Those who have seen that REST is away; each shard looks for itself."""

    def __init__(self) -> None:
        self._tasks = set[asyncio.Task[object] | None]()
        self._news = asyncio.Condition()

    async def look(self) -> bool:
        if not (answers := await rest_answers()):
            async with self._news:
                self._tasks.add(asyncio.current_task())
                self._news.notify_all()
        return answers

    async def wait(self, number: int = 1) -> None:
        """Wait until so many have seen it."""
        async with self._news:
            await self._news.wait_for(lambda: len(self._tasks) >= number)


@pytest.fixture
def seen_away(monkeypatch: pytest.MonkeyPatch) -> Lookers:
    lookers = Lookers()
    for module in (discord_connection, gateway_pause):
        monkeypatch.setattr(module, "rest_answers", lookers.look)
    return lookers


@pytest.mark.usefixtures("endpoint")
async def test_it_is_back_at_once_when_discords_rest_answers(seen_away: Lookers) -> None:
    async with AsyncExitStack() as stack:
        first = AsyncExitStack()
        sandbox, port = await first.enter_async_context(discord_at(0))
        base = f"http://127.0.0.1:{port}"
        point_at(f"{base}/api/v10", f"{base.replace('http', 'ws')}/gateway")
        client = await stack.enter_async_context(running(sandbox))
        lost = asyncio.create_task(client.wait_for("disconnect"))
        await first.aclose()
        await asyncio.wait_for(lost, WITHIN_S)
        await asyncio.wait_for(seen_away.wait(), WITHIN_S)
        again, _ = await stack.enter_async_context(discord_at(port))
        await asyncio.wait_for(back(again), WITHIN_S)


@pytest.mark.usefixtures("endpoint")
async def test_it_is_tried_at_least_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where REST never was away, and so cannot come back."""
    monkeypatch.setattr(gateway_pause, "TRY_AT_LEAST_EVERY_S", 0.3)
    async with discord_at(0) as (sandbox, port):
        base = f"http://127.0.0.1:{port}"
        point_at(f"{base}/api/v10", f"{base.replace('http', 'ws')}/gateway")
        async with running(sandbox) as client:
            connect = client.http.ws_connect
            tries = 0

            async def refuse(*args: object, **more: object) -> object:
                nonlocal tries
                tries += 1
                if tries < 3:
                    raise OSError("the gateway is away")
                return await connect(*args, **more)  # type: ignore[arg-type]

            monkeypatch.setattr(client.http, "ws_connect", refuse)
            lost = asyncio.create_task(client.wait_for("disconnect"))
            await asyncio.sleep(0)
            sandbox._core.gateway.drop_connections()
            await asyncio.wait_for(lost, WITHIN_S)
            await asyncio.wait_for(back(sandbox), WITHIN_S)
            assert tries == 3


async def all_back(client: LikecordClient, shards: int) -> None:
    """Wait until each shard has been connected anew."""
    came, all_came = set[int](), asyncio.Event()

    async def on_shard_connect(shard_id: int) -> None:
        came.add(shard_id)
        if len(came) == shards:
            all_came.set()

    client.add_listener(on_shard_connect)
    await all_came.wait()


@pytest.mark.usefixtures("endpoint")
async def test_every_shard_is_back_at_once_when_discords_rest_answers(
    seen_away: Lookers,
) -> None:
    async with AsyncExitStack() as stack:
        first = AsyncExitStack()
        sandbox, port = await first.enter_async_context(discord_at(0))
        base = f"http://127.0.0.1:{port}"
        point_at(f"{base}/api/v10", f"{base.replace('http', 'ws')}/gateway")
        client = await stack.enter_async_context(running(sandbox, shards=3))
        # As after an outage of an hour: each pause would be the longest there is.
        monkey = stack.enter_context(pytest.MonkeyPatch.context())
        monkey.setattr(PatientShard, "_pause_s", 867.0)
        lost = asyncio.create_task(client.wait_for("disconnect"))
        await first.aclose()
        await asyncio.wait_for(lost, WITHIN_S)
        await asyncio.wait_for(seen_away.wait(3), WITHIN_S)
        coming = asyncio.create_task(all_back(client, 3))
        await stack.enter_async_context(discord_at(port))
        await asyncio.wait_for(coming, WITHIN_S)


@pytest.mark.usefixtures("endpoint")
async def test_a_shard_is_tried_at_least_once_a_minute_and_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gateway_pause, "TRY_AT_LEAST_EVERY_S", 0.3)
    monkeypatch.setattr(PatientShard, "_pause_s", 867.0)
    async with discord_at(0) as (sandbox, port):
        base = f"http://127.0.0.1:{port}"
        point_at(f"{base}/api/v10", f"{base.replace('http', 'ws')}/gateway")
        async with running(sandbox, shards=2) as client:
            connect = client.http.ws_connect
            tries = 0

            async def refuse(*args: object, **more: object) -> object:
                nonlocal tries
                tries += 1
                if tries < 5:
                    raise OSError("the gateway is away")
                return await connect(*args, **more)  # type: ignore[arg-type]

            monkeypatch.setattr(client.http, "ws_connect", refuse)
            coming = asyncio.create_task(all_back(client, 2))
            await asyncio.sleep(0)
            sandbox._core.gateway.drop_connections()
            await asyncio.wait_for(coming, WITHIN_S)
            assert tries == 6


@pytest.mark.parametrize("code", [4004, 4011, 4012, 4013, 4014])
@pytest.mark.usefixtures("endpoint")
async def test_what_no_second_try_mends_is_one_line(
    monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Of the last three it was a traceback."""

    async def refused(_: LikecordClient, *, reconnect: bool) -> None:
        assert reconnect
        if code == 4014:
            raise discord.PrivilegedIntentsRequired(None)
        socket = cast("Any", SimpleNamespace(close_code=code))
        raise discord.ConnectionClosed(socket, shard_id=None)

    monkeypatch.setattr(LikecordClient, "connect", refused)
    client = LikecordClient(services=Script().services())
    with pytest.raises(SettingsError) as told:
        await stay_connected(client, asyncio.Event())
    (line,) = told.value.problems
    assert str(code) in line or code in (4004, 4011)
