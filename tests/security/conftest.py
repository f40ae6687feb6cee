"""A bot whose page is being served and an X to link with, and scenes that an attack may break."""

import socket
from collections.abc import AsyncIterator

import pytest

from bot.accounts.callback_page import CallbackPage
from bot.chat.cards.about import about_pages
from storage.database import Database
from tests.e2e.conftest import own_scene
from tests.linking import Browser, Party, X, a_browser, an_x

__all__ = ["own_scene"]


@pytest.fixture
async def x() -> AsyncIterator[X]:
    async with an_x() as opened:
        yield opened


@pytest.fixture
async def party(x: X, sqlite: Database) -> AsyncIterator[Party]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}/x/back"
    opened = Party(x, sqlite, redirect_url=address)
    async with CallbackPage(opened.accounts, address, about=about_pages()).serve():
        yield opened


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as opened:
        yield opened
