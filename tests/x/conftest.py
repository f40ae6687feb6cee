from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.x.client import XClient
from storage.database import Database
from tests.x.clients import LocalBooks, a_client
from tests.x.small_x import SmallX
from tests.x.stand import Stand, open_stand


@pytest.fixture
async def small_x() -> AsyncIterator[SmallX]:
    async with SmallX().running() as server:
        yield server


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def books() -> LocalBooks:
    return LocalBooks()


@pytest.fixture
def client(http: aiohttp.ClientSession, small_x: SmallX, books: LocalBooks) -> XClient:
    """A client with a user's token, on the small X."""
    return a_client(http, small_x.url, books=books)


@pytest.fixture
async def x(sqlite: Database, http: aiohttp.ClientSession) -> AsyncIterator[Stand]:
    """The sandbox's X, with a client of TwitterDev's."""
    async with open_stand(sqlite, http) as stand:
        yield stand
