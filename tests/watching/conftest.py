from collections.abc import AsyncIterator

import aiohttp
import pytest

from storage.database import Database
from tests.watching.harness import Bot, World, a_world


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def bot(world: World, database: Database, http: aiohttp.ClientSession) -> Bot:
    return Bot(world, database, http)
