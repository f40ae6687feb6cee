"""X on a socket, and the parts of the bot that link accounts."""

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.linking import Party, X, an_x


@pytest.fixture
async def x() -> AsyncIterator[X]:
    async with an_x() as opened:
        yield opened


@pytest.fixture
async def party(x: X, sqlite: Database) -> Party:
    return Party(x, sqlite)
