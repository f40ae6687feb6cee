"""What is written down for the watches of a post, and for which of them."""

from datetime import timedelta

import pytest

from bot.domain import Missing
from bot.domain.notices import PostShown
from bot.domain.troubles import PostMissing
from bot.watching.announcements import (
    MAX_LIKERS,
    AnnouncementWriter,
)
from bot.watching.post_state.rows import STATE_OF_MISSING
from storage.announcements import Announcements
from storage.database import Database
from storage.models import AnnouncementKind, PostState, Watch
from storage.watches import Watches
from tests.outboxes import notice_of
from tests.storage.rows import CHANNEL, GUILD, NOW, POST, a_watch, store_post, store_watch
from tests.watching.harness import announcements


async def _watches(database: Database) -> list[int]:
    """Store one watch that asks for unlikes and one that does not; return their IDs."""
    await store_post(database)
    asking = a_watch()
    asking.unlikes = True
    return [
        await store_watch(database, asking),
        await store_watch(database, a_watch(channel_id=CHANNEL + 1)),
    ]


async def test_likes_taken_back_are_told_only_where_that_was_asked_for(database: Database) -> None:
    asking, _ = await _watches(database)
    async with database.transaction() as session:
        assert await AnnouncementWriter(session, NOW).left(POST, [2, 1], count=7) == 1

    (row,) = await announcements(database)
    assert (row.watch_id, row.kind) == (asking, AnnouncementKind.LEFT)
    assert (row.liker_ids, row.liker_count, row.to_count) == ([2, 1], 2, 7)


async def test_a_like_taken_back_is_no_like_announced(database: Database) -> None:
    asking, _ = await _watches(database)
    async with database.transaction() as session:
        writer = AnnouncementWriter(session, NOW)
        await writer.likes(POST, [1, 2, 3], count=3)
        await writer.left(POST, [1, 2], count=1)
    rows = [row for row in await announcements(database) if row.watch_id == asking]
    async with database.transaction() as session:
        for row in rows:
            await Announcements(session).claim([await session.merge(row)], f"k{row.id}", NOW, _M)
            await Announcements(session).mark_sent(f"k{row.id}", 1, NOW)

    async with database.reading() as session:
        assert await Watches(session).likes_announced(GUILD) == {asking: 3}
        assert await Announcements(session).likes_announced(GUILD, NOW) == 3


async def test_many_who_left_are_told_in_messages_that_discord_takes(database: Database) -> None:
    await _watches(database)
    people = list(range(1, MAX_LIKERS + 3))
    async with database.transaction() as session:
        assert await AnnouncementWriter(session, NOW).left(POST, people, count=0) == 2
        assert await AnnouncementWriter(session, NOW).left(POST, [], count=0) == 0

    assert [who for row in await announcements(database) for who in row.liker_ids] == people


@pytest.mark.parametrize("why", list(Missing))
async def test_a_post_that_goes_and_comes_back_is_told_once_each(
    database: Database, why: Missing
) -> None:
    ids = await _watches(database)
    live, gone = PostState.LIVE, STATE_OF_MISSING[why]
    other = next(state for state in STATE_OF_MISSING.values() if state is not gone)
    for before, after in ((live, live), (live, gone), (gone, gone), (gone, other), (other, live)):
        async with database.transaction() as session:
            await AnnouncementWriter(session, NOW).state_changed(POST, before, after)

    rows = await announcements(database)
    assert {row.kind for row in rows} == {AnnouncementKind.NOTICE}
    told = {watch: [notice_of(row) for row in rows if row.watch_id == watch] for watch in ids}
    assert told == {watch: [PostMissing(why), PostShown()] for watch in ids}


async def test_watches_that_are_paused_or_over_are_told_nothing(database: Database) -> None:
    await store_post(database)
    ended = Watch(
        guild_id=GUILD,
        channel_id=CHANNEL + 2,
        post_id=POST,
        created_by=1,
        created_at=NOW,
        ended_at=NOW,
    )
    for watch in (
        a_watch(paused_at=NOW),
        a_watch(channel_id=CHANNEL + 1, expires_at=NOW - timedelta(seconds=1)),
        ended,
    ):
        watch.unlikes = True
        await store_watch(database, watch)
    async with database.transaction() as session:
        writer = AnnouncementWriter(session, NOW)
        assert await writer.left(POST, [1], count=0) == 0
        assert await writer.state_changed(POST, PostState.LIVE, PostState.DELETED) == 0


_M = timedelta(minutes=1)
