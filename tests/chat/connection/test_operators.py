"""Whose a server is that Discord has not shown yet."""

import asyncio
from typing import Any

import pytest
from discord.http import HTTPClient
from discord.state import ConnectionState

from sandbox.discord import seed
from tests.chat.connected import Script, connected
from tests.sandbox.discord.server import Server


async def test_an_unavailable_server_stays_as_it_was_noted_until_discord_shows_it(
    discord_server: Server, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: asyncio.Queue[dict[int, bool]] = asyncio.Queue()
    script.answers["home.note_owners"] = noted.put
    held: list[tuple[ConnectionState[Any], Any]] = []
    show = ConnectionState.parse_guild_create
    monkeypatch.setattr(
        ConnectionState, "parse_guild_create", lambda state, data: held.append((state, data))
    )

    async with connected(discord_server, script):
        assert noted.empty()
        for state, data in held:
            show(state, data)
        assert await noted.get() == {seed.GUILD_ID: True}


@pytest.mark.parametrize("owner", [{}, {"owner": None}])
async def test_of_an_application_nobody_may_be_said_to_own_it(
    discord_server: Server,
    script: Script,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    owner: dict[str, None],
) -> None:
    """It was a KeyError, which ended the process."""

    async def little(_: HTTPClient) -> dict[str, Any]:
        return {"id": str(seed.BOT_ID), "team": None, **owner}

    monkeypatch.setattr(HTTPClient, "application_info", little)
    async with connected(discord_server, script) as client:
        assert not client.operators.has(0)
        assert await client.operators.ask() == frozenset()
    assert "HOME_GUILD_IDS" in caplog.text
    assert "home.note_owners" not in {name for name, *_ in script.calls}
