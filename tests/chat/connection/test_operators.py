"""Whose a server is that Discord has not shown yet."""

import asyncio
from typing import Any

import pytest
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
