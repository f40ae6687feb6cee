"""Which guild watches what, and that no guild sees another's."""

import asyncio

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from storage.announcements import Announcements
from storage.database import Database
from storage.listed_watches import listed_watches
from storage.models import Announcement, AnnouncementKind, PostLike, Watch
from storage.shut_channels import ShutChannels
from storage.watches import Watches
from tests.storage.rows import (
    CHANNEL,
    GUILD,
    NOW,
    POST,
    a_watch,
    an_announcement,
    store_announcements,
    store_post,
    store_watch,
)

OTHER_GUILD = GUILD + 1


@pytest.fixture(autouse=True)
async def _world(database: Database) -> None:
    await store_post(database)
    await store_post(database, 2)


async def test_a_post_is_watched_once_in_a_channel(database: Database) -> None:
    await store_watch(database)

    with pytest.raises(IntegrityError):
        await store_watch(database)

    await store_watch(database, a_watch(channel_id=CHANNEL + 1))
    await store_watch(database, a_watch(post_id=2))


async def test_of_two_who_add_the_same_watch_at_once_one_succeeds(database: Database) -> None:
    results = await asyncio.gather(
        store_watch(database), store_watch(database), return_exceptions=True
    )

    assert sorted(type(result) for result in results if isinstance(result, Exception)) == [
        IntegrityError
    ]


async def test_a_watch_of_a_post_that_is_not_stored_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await store_watch(database, a_watch(post_id=404))


async def test_a_guild_gets_its_own_watches_alone_newest_first(database: Database) -> None:
    first = await store_watch(database)
    second = await store_watch(database, a_watch(post_id=2))
    foreign = await store_watch(database, a_watch(guild_id=OTHER_GUILD, channel_id=9))

    async with database.reading() as session:
        watches = Watches(session)
        assert [row.watch.id for row in await listed_watches(session, GUILD)] == [second, first]
        assert (await watches.get(GUILD, first)) is not None
        assert await watches.get(GUILD, foreign) is None
        assert await watches.get(GUILD, 404) is None


async def test_find_by_channel_and_post(database: Database) -> None:
    watch_id = await store_watch(database)

    async with database.reading() as session:
        found = await Watches(session).find(CHANNEL, POST)
        assert found is not None
        assert found.id == watch_id
        assert await Watches(session).find(CHANNEL, 2) is None


async def test_ended_watches_are_told_nothing_and_what_paused_ones_are_told_waits(
    database: Database,
) -> None:
    active = await store_watch(database, a_watch(channel_id=1))
    paused = await store_watch(database, a_watch(channel_id=2, paused_at=NOW))
    await store_watch(database, a_watch(channel_id=3, ended_at=NOW))
    ending = await store_watch(database, a_watch(channel_id=4, expires_at=NOW))
    shut = await store_watch(database, a_watch(channel_id=5))
    async with database.transaction() as session:
        await ShutChannels(session).shut(5, "cannot_send", NOW)

    async with database.reading() as session:
        told = await Watches(session).told(POST)

    assert {watch.id for watch in told.watches} == {active, paused, ending, shut}
    assert told.held == {paused, shut}


async def test_a_removed_watch_takes_its_announcements_along_and_nothing_else(
    database: Database,
) -> None:
    watch_id = await store_watch(database)
    kept = await store_watch(database, a_watch(channel_id=9))
    await store_announcements(
        database, an_announcement(watch_id), an_announcement(kept, channel_id=9)
    )

    async with database.transaction() as session:
        watches = Watches(session)
        watch = await watches.get(GUILD, watch_id)
        assert watch is not None
        await watches.remove(watch)

    async with database.reading() as session:
        assert list(await session.exec(select(Announcement.watch_id))) == [kept]
        assert list(await session.exec(select(Watch.id))) == [kept]
        assert list(await session.exec(select(PostLike))) == []


async def test_only_what_was_sent_counts_as_announced(database: Database) -> None:
    watch_id = await store_watch(database)
    foreign = await store_watch(database, a_watch(guild_id=OTHER_GUILD, channel_id=9))
    growth = an_announcement(watch_id, kind=AnnouncementKind.GROWTH, likers=[], counts=(7, 28))
    sent = [an_announcement(watch_id, likers=[1, 2]), growth]
    theirs = an_announcement(foreign, likers=[4], channel_id=9)
    ids = await store_announcements(database, *sent, theirs)
    await store_announcements(database, an_announcement(watch_id, likers=[5]))
    async with database.transaction() as session:
        await session.exec(
            update(Announcement).where(col(Announcement.id).in_(ids)).values(delivery_key="key")
        )
        await Announcements(session).mark_sent("key", 1, NOW)

    async with database.reading() as session:
        (listed,) = await listed_watches(session, GUILD)
        assert (listed.watch.id, listed.announced) == (watch_id, 23)
        assert await listed_watches(session, 404) == []
