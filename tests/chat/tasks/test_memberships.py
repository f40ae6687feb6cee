"""Whoever has left a server lets their account serve it no more."""

from datetime import timedelta

import pytest

from bot.accounts.consents import ConsentService
from bot.chat.connection.client import LikecordClient
from bot.chat.tasks.memberships import Memberships
from sandbox.discord import seed
from storage.consents import Consents
from storage.database import Database
from storage.models import XAccount
from tests.sandbox.discord.server import Server
from tests.storage.rows import NOW
from tests.x.clients import Now

ACCOUNT = 7
_DAY = timedelta(days=1)
_LOOKED_FOR = f"GET /guilds/{seed.GUILD_ID}/members/{seed.GRACE_ID}"


@pytest.fixture
async def consents(sqlite: Database) -> ConsentService:
    async with sqlite.transaction() as session:
        session.add(
            XAccount(x_user_id=ACCOUNT, username="ada", owner_id=seed.GRACE_ID, created_at=NOW)
        )
        await session.flush()
        await Consents(session).agree(ACCOUNT, seed.GUILD_ID, NOW)
    return ConsentService(sqlite, Now(NOW + _DAY + timedelta(seconds=1)))


async def _served(consents: ConsentService) -> set[int]:
    return {guild.guild_id for guild in (await consents.show(seed.GRACE_ID)).guilds}


async def test_a_member_is_looked_for_once_a_day(
    discord_server: Server, client: LikecordClient, consents: ConsentService
) -> None:
    asked = discord_server.sandbox.faults.add({"match": _LOOKED_FOR, "times": 9, "delay_s": 0})
    memberships = Memberships(client, consents)

    for _ in range(3):
        await memberships.check()

    assert await _served(consents) == {seed.GUILD_ID}
    assert asked.times == 8


async def test_who_has_left_is_served_no_more(
    discord_server: Server, client: LikecordClient, consents: ConsentService
) -> None:
    del discord_server.sandbox.world.first_guild.members[seed.GRACE_ID]

    await Memberships(client, consents).check()

    assert await _served(consents) == set()


@pytest.mark.usefixtures("asked_again_at_once")
@pytest.mark.parametrize(("status", "code"), [(404, 10004), (403, 50001), (500, 0)])
async def test_that_discord_does_not_say_is_no_departure(
    discord_server: Server,
    client: LikecordClient,
    consents: ConsentService,
    status: int,
    code: int,
) -> None:
    discord_server.sandbox.faults.add(
        {"match": _LOOKED_FOR, "times": 9, "status": status, "body": {"message": "", "code": code}}
    )

    await Memberships(client, consents).check()

    assert await _served(consents) == {seed.GUILD_ID}
