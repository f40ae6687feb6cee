"""A gateway that stays away: a line when that begins, one a minute, one when it ends."""

import asyncio
import io
import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
import structlog

from bot.chat.connection.addresses import point_at
from bot.chat.connection.client import LikecordClient
from bot.chat.connection.sharded_client import ShardedClient
from bot.run import discord_connection
from bot.run.discord_connection import log_in, stay_connected
from bot.run.gateway_outage import gateway_outage_told
from bot.run.logs import set_up_logs
from bot.run.outage import Outage
from tests.chat.connected import Script, endpoint
from tests.run.test_discord_away import WITHIN_S, discord_at

__all__ = ["endpoint"]
AWAY = "Discord's gateway cannot be reached; trying again"
BACK = "Discord's gateway can be reached again"
# discord.py tries from within the try that failed, which Python allows a thousand times.
DEEP = 1_100


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    said = io.StringIO()
    monkeypatch.setattr("sys.stderr", said)
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    set_up_logs("INFO", "text", [])
    yield said
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hasty:
        """asyncio, in which discord.py sleeps for no time."""

        def __getattr__(self, name: str) -> Any:
            return getattr(asyncio, name)

        async def sleep(self, _seconds: float) -> None:
            await asyncio.sleep(0)

    monkeypatch.setattr("discord.shard.asyncio", Hasty())
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", lambda _: 0.0)
    monkeypatch.setattr(discord_connection, "_RECONNECT_S", 0.0)

    async def at_once(*_: object, **_more: object) -> None:
        """Discord wants five seconds between shards."""

    monkeypatch.setattr(discord.AutoShardedClient, "before_identify_hook", at_once)


def _client(shards: int) -> LikecordClient:
    services = Script().services()
    if shards == 1:
        return LikecordClient(services=services)
    return ShardedClient(services=services, shard_count=shards)


@pytest.mark.usefixtures("endpoint", "no_pauses")
@pytest.mark.parametrize(("shards", "refused"), [(1, 20), (2, DEEP)])
async def test_a_gateway_that_was_never_there_is_tried_until_it_is(
    monkeypatch: pytest.MonkeyPatch, log: io.StringIO, shards: int, refused: int
) -> None:
    async with discord_at(0) as (sandbox, port):
        base = f"http://127.0.0.1:{port}"
        point_at(f"{base}/api/v10", f"{base.replace('http', 'ws')}/gateway")
        client, stop, tries = _client(shards), asyncio.Event(), 0
        client._connection.guild_ready_timeout = 0.02
        connect = client.http.ws_connect

        async def refuse(*args: object, **more: object) -> object:
            nonlocal tries
            tries += 1
            if tries <= refused:
                raise OSError("the gateway is away")
            return await connect(*args, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(client.http, "ws_connect", refuse)
        assert await log_in(client, sandbox.token, stop)
        staying = asyncio.create_task(stay_connected(client, stop))
        try:
            await asyncio.wait_for(client.ready.wait(), WITHIN_S)
        finally:
            stop.set()
            await staying
            await client.close()

    told = log.getvalue()
    assert tries == refused + shards
    assert "Traceback" not in told
    assert (told.count(AWAY), told.count(BACK)) == (1, 1)
    assert "OSError" in told
    assert f"tries={refused}" in told


@pytest.mark.parametrize(
    ("logger", "line"),
    [
        ("discord.client", "Attempting a reconnect in %.2fs"),
        ("discord.shard", "Failed to connect for shard_id: %s. Retrying..."),
        ("discord.shard", "Attempting a reconnect for shard ID %s in 1s"),
        ("bot.chat.connection.shards", "shard %s lost Discord's gateway; it is tried again"),
    ],
)
def test_an_hour_of_it_is_a_line_a_minute(log: io.StringIO, logger: str, line: str) -> None:
    seconds = [0.0]
    client = SimpleNamespace(add_listener=_nothing, remove_listener=_nothing)
    outage = Outage("Discord's gateway", clock=lambda: seconds[0])
    with gateway_outage_told(cast("Any", client), outage):
        for second in range(0, 3600, 5):
            seconds[0] = float(second)
            for shard in range(16):
                logging.getLogger(logger).error(line, shard, exc_info=ConnectionRefusedError())
        logging.getLogger(logger).warning("something else")
    told = log.getvalue().splitlines()

    assert len(told) == 3600 / 60 + 1
    assert all(AWAY in each and "ConnectionRefusedError" in each for each in told[:-1])
    assert "something else" in told[-1]


def _nothing(*_: object) -> None:
    """Hear of nothing."""
