import aiohttp
import pytest

from storage.database import Database
from tests.watching.harness import World
from tests.watching.push.harness import PushBot


@pytest.fixture
def bot(world: World, sqlite: Database, http: aiohttp.ClientSession) -> PushBot:
    """A bot whose own account X lets subscribe, where one kind of database is enough."""
    return _pushed(world, sqlite, http)


@pytest.fixture
def bot_on_each(world: World, database: Database, http: aiohttp.ClientSession) -> PushBot:
    return _pushed(world, database, http)


def _pushed(world: World, database: Database, http: aiohttp.ClientSession) -> PushBot:
    traps = world.sandbox.world.settings.push_traps
    # The stream is open with the first of them.
    traps.oauth1, traps.keep_alive_s = "allowed", 0.02
    return PushBot(world, database, http)
