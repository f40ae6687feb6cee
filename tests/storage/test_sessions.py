"""A session that reads cannot write: on PostgreSQL it is outside of a transaction."""

from typing import Any

import pytest
from sqlmodel import col, delete, insert, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.database import Database
from storage.models import Guild
from storage.sessions import WritesNothing
from tests.databases import on_sqlite

pytestmark = on_sqlite


@pytest.fixture
async def guild(database: Database) -> None:
    async with database.transaction() as session:
        session.add(Guild(id=1))


@pytest.mark.usefixtures("guild")
async def test_what_reads_writes_nothing(database: Database) -> None:
    statements: list[Any] = [
        insert(Guild).values(id=2),
        update(Guild).values(channel_id=3),
        delete(Guild).where(col(Guild.id) == 1),
        select(Guild).with_for_update(),
    ]
    for statement in statements:
        async with database.reading() as session:
            with pytest.raises(WritesNothing):
                await session.exec(statement)


@pytest.mark.usefixtures("guild")
async def test_what_reads_stores_no_row(database: Database) -> None:
    async with database.reading() as session:
        await _change(session)
        with pytest.raises(WritesNothing):
            await session.exec(select(Guild))
    async with database.reading() as session:
        session.add(Guild(id=2))
        with pytest.raises(WritesNothing):
            await session.commit()
    async with database.reading() as session:
        assert [(each.id, each.channel_id) for each in await session.exec(select(Guild))] == [
            (1, None)
        ]


async def _change(session: AsyncSession) -> None:
    guild = await session.get_one(Guild, 1)
    guild.channel_id = 3
