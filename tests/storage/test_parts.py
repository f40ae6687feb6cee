"""Guilds of other processes' shards are left to them."""

import pytest
from sqlmodel import select

from storage.database import Database
from storage.models import Watch
from storage.watches import Watches
from tests.storage.rows import CHANNEL, NOW, a_watch, store_post, store_watch

COUNT = 3


@pytest.mark.parametrize("number", range(COUNT))
async def test_only_guilds_of_the_part_are_paused(database: Database, number: int) -> None:
    await store_post(database)
    guilds = [(1_100_000_000_000_000_000 + each * 5_000_011) for each in range(12)]
    for guild_id in guilds:
        await store_watch(database, a_watch(guild_id=guild_id, channel_id=CHANNEL + guild_id % 97))
    here = [guild_id for guild_id in guilds if (guild_id >> 22) % COUNT == number]
    assert 0 < len(here) < len(guilds)

    async with database.transaction() as session:
        await Watches(session).pause_outside(here[1:], NOW, ({number}, COUNT))
    async with database.reading() as session:
        paused = {
            watch.guild_id
            for watch in await session.exec(select(Watch))
            if watch.paused_at is not None
        }
    assert paused == {here[0]}
