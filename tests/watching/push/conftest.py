import aiohttp
import pytest

from storage.database import Database
from tests.watching.harness import World
from tests.watching.push.harness import PushBot


@pytest.fixture
def bot(world: World, database: Database, http: aiohttp.ClientSession) -> PushBot:
    traps = world.sandbox.world.settings.push_traps
    traps.oauth1, traps.keep_alive_s = "allowed", 0.1
    return PushBot(world, database, http)
