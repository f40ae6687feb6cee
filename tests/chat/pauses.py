"""What discord.py waits before it tries again, over at once."""

import asyncio
from typing import Any

import discord
import pytest


class _Hurried:
    """asyncio, as discord.py's requests see it."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, _: float) -> None:
        await asyncio.sleep(0)


@pytest.fixture
def asked_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let discord.py ask Discord again without a pause, after a 500 and after a 429 alike."""
    for module in (discord.http, discord.webhook.async_):
        monkeypatch.setattr(module, "asyncio", _Hurried())
