"""Two processes on one PostgreSQL that change a server's watches at the same moment."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.which_account import Access
from bot.domain import AccountWatchRequest, WatchChanges, WatchRef
from bot.domain.errors import UnknownWatch, WatchedThereAlready
from bot.domain.troubles import DeliveryTrouble
from bot.domain.when import When
from bot.watching.managing import ManagedWatches
from bot.watching.shut_channels import ShutChannelService
from bot.watching.watches import WatchService
from storage.database import Database
from storage.models import AccountWatch, ShutChannel, Watch
from storage.shut_channels import ShutChannels
from storage.watched_posts import WatchedPost
from storage.watches import Watches
from tests.at_once import all_looking_before_any_writes, before_it_is_stored
from tests.databases import on_postgres, opened
from tests.storage.rows import MINUTE, NOW, a_watch, store_post, store_watch
from tests.watching.harness import CHANNEL, GUILD, MEMBER, TWITTER, Bot, World, announcements

THERE, ELSEWHERE = CHANNEL + 1, CHANNEL + 2
pytestmark = on_postgres


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Database]:
    """The database, as another process has it open."""
    async with opened(database_url) as database:
        yield database


async def _rows(database: Database, table: type[SQLModel]) -> list[SQLModel]:
    async with database.reading() as session:
        return list(await session.exec(select(table)))


def _into(channel_id: int) -> WatchChanges:
    return WatchChanges(channel_id, None, When(), None, unlikes=False)


async def test_a_channel_that_two_find_shut(database: Database, database_url: str) -> None:
    await store_post(database)
    await store_watch(database)

    async def find_it_shut(session: AsyncSession) -> None:
        await ShutChannels(session).shut(CHANNEL, DeliveryTrouble.CHANNEL_DELETED, NOW)

    later = ShutChannelService(database, lambda: NOW + MINUTE)
    finding = later.found({CHANNEL: DeliveryTrouble.CANNOT_SEND})
    await before_it_is_stored(database_url, find_it_shut, finding)

    (shut,) = await _rows(database, ShutChannel)
    assert isinstance(shut, ShutChannel)
    assert (shut.trouble, shut.since) == (DeliveryTrouble.CANNOT_SEND, NOW)


async def test_of_two_watches_of_one_post_one_moves_into_a_channel(
    bot: Bot, other: Database, database_url: str
) -> None:
    await store_post(bot.database)
    ids = [await store_watch(bot.database, a_watch(channel_id=each)) for each in (CHANNEL, THERE)]
    moving = [
        ManagedWatches(database, Access(bot.x), bot.now).edit(GUILD, watch_id, _into(ELSEWHERE))
        for database, watch_id in zip((bot.database, other), ids, strict=True)
    ]

    moved, refused = await all_looking_before_any_writes(database_url, Watch, *moving)

    assert moved.channel_id == ELSEWHERE
    assert isinstance(refused, WatchedThereAlready)


async def test_a_watch_that_is_removed_just_now_is_not_there_to_be_changed(
    bot: Bot, other: Database, database_url: str
) -> None:
    await store_post(bot.database)
    watch_id = await store_watch(bot.database)
    removing = WatchService(bot.database, bot.access, bot.now).remove(GUILD, watch_id)
    changing = ManagedWatches(other, bot.access, bot.now).set_template(
        GUILD, WatchRef(watch_id), "{likers}"
    )

    removed, refused = await all_looking_before_any_writes(database_url, Watch, removing, changing)

    assert removed.id == watch_id
    assert isinstance(refused, UnknownWatch)


async def test_a_watch_is_removed_once(bot: Bot, other: Database, database_url: str) -> None:
    await store_post(bot.database)
    watch_id = await store_watch(bot.database)
    removed, refused = await all_looking_before_any_writes(
        database_url,
        Watch,
        *(
            WatchService(each, bot.access, bot.now).remove(GUILD, watch_id)
            for each in (bot.database, other)
        ),
    )

    assert removed.id == watch_id
    assert isinstance(refused, UnknownWatch)


async def test_what_is_watched_anew_while_its_removal_is_taken_back(
    world: World, bot: Bot, other: Database, database_url: str
) -> None:
    post = world.post()
    watch_id = await bot.watch(post)
    await bot.watches.remove(GUILD, watch_id)
    again = Bot(world, other, bot.http)

    restored, added = await all_looking_before_any_writes(
        database_url, Watch, bot.watches.restore(GUILD, watch_id), again.watch(post)
    )

    assert restored is None
    (watch,) = await _rows(bot.database, Watch)
    assert isinstance(watch, Watch)
    assert watch.id == added


async def test_an_account_that_two_watch(
    world: World, bot: Bot, other: Database, database_url: str
) -> None:
    name = world.sandbox.world.users[TWITTER].username
    request = AccountWatchRequest(GUILD, CHANNEL, f"@{name}", MEMBER, 7)
    again = Bot(world, other, bot.http)
    first, second = await all_looking_before_any_writes(
        database_url,
        AccountWatch,
        bot.account_watches.add(request),
        again.account_watches.add(request),
    )

    assert first.watch.id == second.watch.id


async def test_a_post_that_two_watch(
    world: World, bot: Bot, other: Database, database_url: str
) -> None:
    post = world.post()
    again = Bot(world, other, bot.http)
    first, second = await all_looking_before_any_writes(
        database_url, Watch, bot.watch(post), again.watch(post)
    )

    assert first == second


async def test_likes_are_told_where_another_watch_of_their_post_is_removed_just_now(
    world: World, bot: Bot, database_url: str
) -> None:
    post = world.post()
    removed_id, kept_id = await bot.watch(post), await bot.watch(post, THERE)
    people = world.likes(post, 2)
    await bot.count()

    async def remove(session: AsyncSession) -> None:
        row = await Watches(session).get(GUILD, removed_id)
        assert row is not None
        await Watches(session).remove(row)

    await before_it_is_stored(database_url, remove, bot.read(post))

    told = [(each.watch_id, each.liker_ids) for each in await announcements(bot.database)]
    assert told == [(kept_id, people)]


async def test_a_watch_that_has_ended_is_begun_anew_while_it_is_deleted(
    world: World, bot: Bot, database_url: str
) -> None:
    post = world.post()
    watch_id = await bot.watch(post)
    async with bot.database.transaction() as session:
        row = await Watches(session).get(GUILD, watch_id)
        assert row is not None
        row.ended_at = bot.now()

    async def delete(session: AsyncSession) -> None:
        assert await Watches(session).forget_ended() == 1

    (again,) = await before_it_is_stored(database_url, delete, bot.watch(post))

    (watch,) = await _rows(bot.database, Watch)
    assert isinstance(watch, Watch)
    assert (watch.id, watch.ended_at) == (again, None)


async def test_a_watch_that_ends_just_now_is_not_there_to_be_paused(
    bot: Bot, database_url: str
) -> None:
    await store_post(bot.database)
    watch_id = await store_watch(bot.database)

    async def end(session: AsyncSession) -> None:
        row = await session.get_one(Watch, watch_id, with_for_update=True)
        row.ended_at = bot.now()
        await session.flush()

    pausing = ManagedWatches(bot.database, bot.access, bot.now).pause(GUILD, WatchRef(watch_id))
    with pytest.raises(UnknownWatch):
        await before_it_is_stored(database_url, end, pausing)


async def test_a_new_watch_that_is_removed_while_it_is_read_first(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = bot.collector.read

    async def then_remove(watched: WatchedPost) -> int:
        made = await read(watched)
        for row in await _rows(bot.database, Watch):
            assert isinstance(row, Watch)
            await bot.watches.remove(GUILD, row.id or 0)
        return made

    monkeypatch.setattr(bot.collector, "read", then_remove)
    with pytest.raises(UnknownWatch):
        await bot.watch(world.post(likes=1))
