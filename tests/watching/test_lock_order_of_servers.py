"""Servers that come, go, or are deleted while their watches are changed: none fails."""

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services.guild_data import GuildDataService
from storage.announcements import Announcements
from storage.guild_data import GuildData
from storage.guilds import Guilds
from storage.models import Watch
from storage.watches import Watches
from tests.at_once import while_another_waits
from tests.databases import on_postgres
from tests.storage.rows import (
    a_watch,
    an_announcement,
    store_post,
    store_watch,
)
from tests.watching.harness import CHANNEL, GUILD, Bot
from tests.watching.locks import said_again

THERE = CHANNEL + 1
pytestmark = on_postgres


async def test_a_server_that_the_bot_is_back_in_while_it_is_deleted(
    bot: Bot, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    await store_post(bot.database)
    await store_watch(bot.database)
    await bot.watches.left(GUILD)

    async def find(session: AsyncSession) -> None:
        assert await GuildData(session).has_left(GUILD)

    async def delete_all(session: AsyncSession) -> None:
        await GuildData(session).rest(GUILD, bot.now().date())

    await while_another_waits(database_url, find, bot.watches.joined(GUILD), delete_all)
    assert not said_again(caplog)


async def test_a_server_that_is_deleted_while_it_is_warned_of_its_budget(
    bot: Bot, database_url: str
) -> None:
    await store_post(bot.database)
    watch_id = await store_watch(bot.database)
    month = bot.now().date().replace(day=1)
    async with bot.database.transaction() as session:
        await Guilds(session).lock(GUILD)

    async def note(session: AsyncSession) -> None:
        assert await Guilds(session).warn(GUILD, month)

    async def tell(session: AsyncSession) -> None:
        await Announcements(session).add([an_announcement(watch_id)])

    deleting = GuildDataService(bot.database, bot.now).delete(GUILD)
    await while_another_waits(database_url, note, deleting, tell)

    async with bot.database.reading() as session:
        assert not list(await session.exec(select(Watch)))


async def test_a_server_that_is_deleted_while_the_bot_comes_back(
    bot: Bot, database_url: str
) -> None:
    await store_post(bot.database)
    await store_watch(bot.database)
    await bot.watches.left(GUILD)

    async def come_back(session: AsyncSession) -> None:
        await GuildData(session).is_back([GUILD])

    async def go_on(session: AsyncSession) -> None:
        await Watches(session).resume([GUILD])

    deleting = GuildDataService(bot.database, bot.now).delete(GUILD)
    await while_another_waits(database_url, come_back, deleting, go_on)

    async with bot.database.reading() as session:
        assert not list(await session.exec(select(Watch)))


async def test_a_watch_that_ends_while_its_server_removes_the_bot(
    bot: Bot, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Another of its watches has ended before, and is to be deleted."""
    await store_post(bot.database)
    await store_watch(bot.database, a_watch(ended_at=bot.now()))
    await store_watch(bot.database, a_watch(channel_id=THERE, expires_at=bot.now()))

    async def find(session: AsyncSession) -> None:
        assert len(await Watches(session).over(bot.now())) == 1

    async def delete(session: AsyncSession) -> None:
        await Watches(session).forget_ended()

    await while_another_waits(database_url, find, bot.watches.left(GUILD), delete)
    assert not said_again(caplog)
