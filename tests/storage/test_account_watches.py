"""Which guild watches which account, and which watches are over."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from storage.account_watches import AccountWatches
from storage.announcements import Announcements
from storage.database import Database
from storage.listed_watches import listed_accounts
from storage.models import AccountWatch, Announcement, AnnouncementKind, AnnouncementState, Watch
from storage.server_figures import Figure
from storage.users import Users
from storage.watches import Watches
from tests.storage.rows import (
    CHANNEL,
    GUILD,
    MEMBER,
    NOW,
    SECOND,
    a_watch,
    an_announcement,
    figure,
    store_announcements,
    store_post,
    store_watch,
    user_row,
)

USER, OTHER_GUILD = 2244994945, GUILD + 1


async def _store(
    database: Database, channel_id: int = CHANNEL, guild_id: int = GUILD, x_user_id: int = USER
) -> int:
    row = AccountWatch(
        guild_id=guild_id,
        channel_id=channel_id,
        x_user_id=x_user_id,
        username="TwitterDev",
        since_id=5,
        created_by=MEMBER,
        created_at=NOW,
    )
    async with database.transaction() as session:
        await Users(session).save([user_row(x_user_id)])
        stored = await AccountWatches(session).add(row)
    assert stored.id is not None
    return stored.id


async def test_an_account_is_watched_once_in_a_channel(database: Database) -> None:
    first = await _store(database)
    with pytest.raises(IntegrityError):
        await _store(database)
    foreign = await _store(database, CHANNEL + 1, OTHER_GUILD)
    second = await _store(database, x_user_id=7)

    async with database.reading() as session:
        watches = AccountWatches(session)
        assert [row.watch.id for row in await listed_accounts(session, GUILD)] == [second, first]
        assert [row.id for row in await watches.active()] == [first, foreign, second]
        found = await watches.find(CHANNEL, USER)
        assert found is not None
        assert found.id == first
        assert await watches.get(GUILD, foreign) is None
        assert await watches.get(GUILD, first) is not None


async def test_a_guild_that_is_left_rests_and_goes_on_from_where_it_is_then(
    database: Database,
) -> None:
    here, there = await _store(database), await _store(database, CHANNEL + 1, OTHER_GUILD)

    async def active() -> dict[int | None, int]:
        async with database.transaction() as session:
            watches = AccountWatches(session)
            locked = await watches.lock_of(USER)
            assert locked == await watches.active()
            return {row.id: row.since_id for row in locked}

    async with database.transaction() as session:
        await AccountWatches(session).pause_outside([OTHER_GUILD], NOW)
    assert await active() == {there: 5}
    async with database.transaction() as session:
        await AccountWatches(session).pause(OTHER_GUILD, NOW)
        await AccountWatches(session).resume([GUILD], 9)
    assert await active() == {here: 9}
    async with database.transaction() as session:
        await AccountWatches(session).resume([GUILD, OTHER_GUILD], 11)
    assert await active() == {here: 9, there: 11}


async def test_removed_it_takes_along_its_posts_and_its_notices(database: Database) -> None:
    await store_post(database)
    account = await _store(database)
    of_it, by_hand = a_watch(), a_watch(channel_id=CHANNEL + 1)
    of_it.account_watch_id = account
    kept = await store_watch(database, by_hand)
    watch_id = await store_watch(database, of_it)
    notice = Announcement(
        account_watch_id=account,
        channel_id=CHANNEL,
        kind=AnnouncementKind.NOTICE,
        created_at=NOW,
        not_before=NOW,
    )
    await store_announcements(database, an_announcement(watch_id), notice)
    async with database.reading() as session:
        (listed,) = await listed_accounts(session, GUILD)
        assert (listed.watch.id, listed.posts) == (account, 1)
    assert await figure(database, Figure.WAITING) == 2
    assert await figure(database, Figure.WAITING, OTHER_GUILD) == 0

    async with database.transaction() as session:
        row = await AccountWatches(session).get(GUILD, account)
        assert row is not None
        await AccountWatches(session).remove(row)

    async with database.reading() as session:
        assert list(await session.exec(select(Watch.id))) == [kept]
        assert list(await session.exec(select(Announcement.id))) == []


async def test_who_ends_an_expired_watch_has_it_alone(database: Database) -> None:
    await store_post(database)
    over = await store_watch(database, a_watch(channel_id=1, expires_at=NOW))
    await store_watch(database, a_watch(channel_id=2, expires_at=NOW + SECOND))
    await store_watch(database, a_watch(channel_id=3))

    async def end() -> list[int | None]:
        async with database.transaction() as session:
            over = await Watches(session).over(NOW)
            for watch, _, _ in over:
                watch.ended_at = NOW
            return [watch.id for watch, _, _ in over]

    found = await asyncio.gather(*(end() for _ in range(3)))
    assert sorted(found, key=len) == [[], [], [over]]


async def test_an_ended_watch_goes_when_all_that_it_has_to_say_was_sent(
    database: Database,
) -> None:
    await store_post(database)
    mute = a_watch(channel_id=1, expires_at=NOW)
    speaking = a_watch(channel_id=2, expires_at=NOW)
    mute.ended_at = speaking.ended_at = NOW
    lasting = await store_watch(database, a_watch(channel_id=3))
    await store_watch(database, mute)
    watch_id = await store_watch(database, speaking)
    likes = an_announcement(watch_id, channel_id=2, likers=[1, 2])
    growth = an_announcement(
        watch_id, channel_id=2, kind=AnnouncementKind.GROWTH, likers=[], counts=(2, 7)
    )
    await store_announcements(database, likes, growth)

    async def forget() -> list[int | None]:
        async with database.transaction() as session:
            await Watches(session).forget_ended()
        async with database.reading() as session:
            return list(await session.exec(select(Watch.id).order_by(col(Watch.id))))

    async with database.reading() as session:
        assert await Watches(session).likes_told(watch_id) == (2, 5)
        assert await Watches(session).likes_told(lasting) == (0, 0)
    assert await forget() == [lasting, watch_id]
    async with database.transaction() as session:
        rows = list(await session.exec(select(Announcement)))
        await Announcements(session).claim(rows, "key", NOW, timedelta(minutes=1))
    assert await forget() == [lasting, watch_id]
    async with database.transaction() as session:
        await Announcements(session).mark_sent("key", 1, NOW)
    assert {row.state for row in rows} == {AnnouncementState.CLAIMED}  # as they were read
    assert await forget() == [lasting]
