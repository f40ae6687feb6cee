"""X's policy on files: 500 users or posts a person and day, on terms that they have agreed to."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.accounts.which_account import Access
from bot.chat.cards.exports import export_done_card
from bot.chat.connection.client import LikecordClient
from bot.services.export.progress import Course
from bot.services.export.quota import ExportQuota
from bot.services.export.service import ExportService
from bot.services.export.table import TableFormat
from bot.services.export.values import MOST_OBJECTS, Exported, ExportRequest, Kind
from bot.services.lookup_rights import LookupRights
from sandbox.x.control.made_to_order import make_post, make_user
from storage.database import Database
from tests.actors import manager
from tests.chat.connected import Script, client, discord_server, endpoint, script
from tests.chat.rules import shown
from tests.cogs.test_exports import POST_ID, Reading, reading
from tests.cogs.test_round_trips import POST, told
from tests.sandbox.discord.server import GENERAL, Server
from tests.x.stand import TWITTER_DEV, Stand, open_stand

__all__ = ["client", "discord_server", "endpoint", "reading", "script"]
ADA, GRACE = 1, 2


@pytest.fixture
async def stand(sqlite: Database) -> AsyncIterator[Stand]:
    async with aiohttp.ClientSession() as http, open_stand(sqlite, http) as opened:
        yield opened


async def _export(stand: Stand, likes: int, member_id: int, guild_id: int = 7) -> Exported:
    world, now = stand.sandbox.world, stand.sandbox.clock.now
    post = make_post(world, {"author_id": str(TWITTER_DEV), "text": "A post"})
    for number in range(likes):
        world.like(post, make_user(world, {"username": f"u{post.id % 10**6}_{number}"}))
    quota = ExportQuota(stand.ledger._database, now)
    service = ExportService(
        Access(stand.client), stand.ledger, quota, LookupRights(stand.ledger._database)
    )
    request = ExportRequest(
        manager(guild_id, member_id), Kind.LIKERS, str(post.id), TableFormat.JSON
    )
    course = Course(now, now() + timedelta(minutes=14))
    return await service.run(await service.plan(request), course)


def _whole(exported: Exported) -> int:
    rows: list[dict[str, Any]] = json.loads(exported.file.contents)
    bare = [row for row in rows if row["username"] is None]
    assert len(bare) == exported.bare
    for row in bare:
        assert {name for name, value in row.items() if value is not None} == {"post_id", "user_id"}
    return len(rows) - len(bare)


async def test_more_than_five_hundred_a_day_are_ids_alone(stand: Stand) -> None:
    assert MOST_OBJECTS == 500
    first = await _export(stand, 430, ADA)
    second = await _export(stand, 110, ADA, guild_id=8)
    third = await _export(stand, 20, ADA)
    of_another = await _export(stand, 20, GRACE)
    stand.sandbox.clock.advance(86_400)
    of_the_next_day = await _export(stand, 20, ADA)

    found = [_whole(one) for one in (first, second, third, of_another, of_the_next_day)]
    assert found == [430, 70, 0, 20, 20]
    assert "the last 40 rows are IDs alone" in shown(export_done_card(second))


async def test_nobody_gets_a_file_who_has_not_been_told_of_xs_terms(
    discord_server: Server, client: LikecordClient, reading: Reading, script: Script
) -> None:
    asked = await discord_server.ask("likers", {"post": POST, "export": "csv"})
    assert [name for name, *_ in script.calls] == ["exports.plan"]
    for address in (
        "https://x.com/tos",
        "https://x.com/privacy",
        "https://docs.x.com/developer-terms/agreement",
        "https://docs.x.com/developer-terms/policy",
    ):
        assert f"]({address})" in told(asked)

    (message,) = asked["messages"]
    component = {"message_id": message["id"], "custom_id": f"export:likers:{POST_ID}:csv:sure"}
    await discord_server.interact(component=component, channel_id=GENERAL)
    await reading.courses.get()
    assert len(client.exporter._jobs) == 1
    reading.end()
