"""The commands are registered until Discord has them, and nowhere twice."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.chat.connection import registration
from bot.chat.connection.client import LikecordClient
from sandbox.discord import seed
from tests.chat.connected import Script, connected
from tests.e2e.opening import add_guild
from tests.sandbox.discord.server import GUILD, Server

PUT = "PUT /applications/:id/commands"
PUT_HERE = "PUT /applications/:id/guilds/:guild/commands"
OTHER = 1_100_000_000_000_000_099
WITHIN_S = 20


@dataclass
class Scopes:
    """What is stored of them."""

    known: set[int] = field(default_factory=set)

    async def add(self, guild_id: int) -> None:
        self.known.add(guild_id)

    async def others(self, guild_id: int | None) -> tuple[int, ...]:
        return tuple(sorted(self.known - {guild_id}))

    async def forget(self, guild_id: int) -> None:
        self.known.discard(guild_id)


@pytest.fixture
def scopes(script: Script) -> Scopes:
    made = Scopes()
    for name in ("add", "others", "forget"):
        script.answers[f"command_scopes.{name}"] = getattr(made, name)
    return made


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registration.Registration.__init__.__kwdefaults__, "first_pause_s", 0.01)


async def listed(server: Server) -> dict[str, Any]:
    answer: dict[str, Any] = (await server.control("GET", "/commands/scopes")).body
    return answer


async def fail(server: Server, match: str, times: int, status: int = 503, **more: Any) -> None:
    fault = {"match": match, "status": status, "times": times, **more}
    await server.control("POST", "/faults", fault)


async def done(client: LikecordClient) -> None:
    trying = client.registration._trying
    assert trying is not None
    await asyncio.wait_for(trying, WITHIN_S)


async def test_it_is_tried_again_until_it_is_done_and_told_once(
    discord_server: Server, script: Script, scopes: Scopes, caplog: pytest.LogCaptureFixture
) -> None:
    assert scopes.known == set()
    await fail(discord_server, PUT, 3)
    async with connected(discord_server, script) as client:
        assert client.is_ready()
        await done(client)
    assert len((await listed(discord_server))["global"]) > 10
    told = [one for one in caplog.messages if "has not taken the commands yet" in one]
    assert len(told) == 1
    assert "\n" not in told[0]
    assert "Traceback" not in caplog.text


class Hasty(registration.Registration):
    """Notes for how long it would wait."""

    async def _wait(self, pause_s: float) -> None:
        pauses.append(pause_s)


pauses: list[float] = []


async def test_the_pauses_grow(discord_server: Server, client: LikecordClient) -> None:
    pauses.clear()
    await fail(discord_server, PUT, 9)
    again = Hasty(client.tree, client.services.command_scopes, None, first_pause_s=5)
    await again.begin()
    assert again._trying is not None
    await asyncio.wait_for(again._trying, WITHIN_S)
    assert pauses == [5, 10, 20, 40, 80, 160, 300, 300, 300]


async def test_what_was_registered_for_a_server_is_taken_back(
    discord_server: Server, script: Script, scopes: Scopes
) -> None:
    async with connected(discord_server, script, development_guild_id=seed.GUILD_ID):
        assert set(await listed(discord_server)) == {GUILD}
    assert scopes.known == {seed.GUILD_ID}

    await fail(discord_server, PUT_HERE, 1)
    async with connected(discord_server, script) as client:
        await done(client)
        assert set(await listed(discord_server)) == {"global"}
        offered = (await discord_server.control("GET", "/commands")).body
        names = [(command["type"], command["name"]) for command in offered]
        assert len(names) == len(set(names))
    assert scopes.known == set()


async def test_a_server_that_the_bot_is_not_in_has_nothing_to_take_back(
    discord_server: Server, script: Script, scopes: Scopes
) -> None:
    scopes.known = {OTHER}
    async with connected(discord_server, script):
        assert scopes.known == set()


async def test_when_the_server_is_changed_the_one_before_is_cleared(
    discord_server: Server, script: Script, scopes: Scopes
) -> None:
    second, _ = add_guild(cast("Any", SimpleNamespace(discord=discord_server.sandbox)))
    async with connected(discord_server, script, development_guild_id=seed.GUILD_ID):
        pass
    async with connected(discord_server, script, development_guild_id=int(second)):
        assert set(await listed(discord_server)) == {second}
    assert scopes.known == {int(second)}


async def test_a_development_server_that_the_bot_is_not_in_is_named_and_waited_for(
    discord_server: Server, script: Script, scopes: Scopes, caplog: pytest.LogCaptureFixture
) -> None:
    await discord_server.control("DELETE", f"/guilds/{GUILD}/bot")
    script.answers["watches.joined"] = None
    async with connected(discord_server, script, development_guild_id=seed.GUILD_ID) as client:
        assert client.is_ready()
        client.registration._pause_s = 300
        await discord_server.control("PUT", f"/guilds/{GUILD}/bot")
        await done(client)
    assert f"DISCORD_GUILD_ID: invite the bot to server {GUILD} first" in caplog.text
    assert "Traceback" not in caplog.text
    assert set(await listed(discord_server)) == {GUILD}
    assert scopes.known == {seed.GUILD_ID}
