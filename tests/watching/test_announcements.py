"""What is written down for the watches of a post, and for which of them."""

from datetime import datetime, timedelta

import pytest

from bot.domain import Missing
from bot.domain.notices import PostShown
from bot.domain.troubles import PostMissing
from bot.watching.announcements import (
    AnnouncementWriter,
)
from bot.watching.new_posts.begin_watches import Appearances
from bot.watching.post_state.rows import STATE_OF_MISSING
from storage.account_watches import AccountWatches
from storage.announcements import Announcements
from storage.database import Database
from storage.listed_watches import listed_watches
from storage.models import AccountWatch, AnnouncementKind, PostState, Watch
from storage.server_figures import Figure
from tests.databases import on_sqlite
from tests.outboxes import notice_of
from tests.storage.rows import CHANNEL, GUILD, NOW, POST, a_watch, figure, store_post, store_watch
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


@on_sqlite
async def test_likes_taken_back_are_told_only_where_that_was_asked_for(database: Database) -> None:
    asking, _ = await _watches(database)
    async with database.transaction() as session:
        assert await AnnouncementWriter(session, NOW).left(POST, [2, 1], count=7) == 1

    (row,) = await announcements(database)
    assert (row.watch_id, row.kind) == (asking, AnnouncementKind.LEFT)
    assert (row.liker_ids, row.liker_count, row.to_count) == ([2, 1], 2, 7)


@on_sqlite
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
        listed = {row.watch.id: row.announced for row in await listed_watches(session, GUILD)}
        assert (listed.get(asking), sum(listed.values())) == (3, 3)
    assert await figure(database, Figure.ANNOUNCED) == 3


@on_sqlite
async def test_however_many_left_are_one_announcement(database: Database) -> None:
    await _watches(database)
    people = list(range(1, 200))
    async with database.transaction() as session:
        assert await AnnouncementWriter(session, NOW).left(POST, people, count=0) == 1
        assert await AnnouncementWriter(session, NOW).left(POST, [], count=0) == 0

    assert [who for row in await announcements(database) for who in row.liker_ids] == people


@on_sqlite
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


_LIVE, _GONE = PostState.LIVE, PostState.DELETED


async def _flicker(database: Database, now: datetime) -> int:
    """Let X hide a post and show it again; return how many notices that made."""
    async with database.transaction() as session:
        writer = AnnouncementWriter(session, now)
        made = await writer.state_changed(POST, _LIVE, _GONE)
        made += await writer.likers_hidden(POST)
        return made + await writer.state_changed(POST, _GONE, _LIVE)


@on_sqlite
async def test_the_same_notice_is_not_told_twice_in_an_hour(database: Database) -> None:
    await _watches(database)
    made = [await _flicker(database, NOW + passed * _M) for passed in (0, 1, 30, 59)]
    assert made == [2 * 3, 0, 0, 0]

    later = [await _flicker(database, NOW + passed * _M) for passed in (60, 119, 120)]

    assert later == [2 * 3, 0, 2 * 3]
    assert len(await announcements(database)) == 3 * 2 * 3


async def test_one_channel_was_told_and_another_was_not(database: Database) -> None:
    first, _ = await _watches(database)
    await _flicker(database, NOW)
    late = await store_watch(database, a_watch(channel_id=CHANNEL + 2))

    assert await _flicker(database, NOW + _M) == 3

    told = [row.watch_id for row in await announcements(database)]
    assert (told.count(first), told.count(late)) == (3, 3)


async def test_what_is_told_of_an_account_is_not_told_twice_either(database: Database) -> None:
    async def hidden_and_shown(now: datetime) -> int:
        moments = iter([now, now + _M, now + 2 * _M, now + 3 * _M])
        looks = Appearances(database, lambda: next(moments))
        made = [await looks.hidden(7, Missing.DELETED, watch_ids) for _ in range(2)]
        made += [await looks.store(7, [], {}, watch_ids) for _ in range(2)]
        return sum(each.announcements for each in made)

    watch_ids: set[int | None] = set()
    async with database.transaction() as session:
        for channel_id in (CHANNEL, CHANNEL + 1):
            added = await AccountWatches(session).add(
                AccountWatch(
                    guild_id=GUILD,
                    channel_id=channel_id,
                    x_user_id=7,
                    username="ada",
                    created_by=1,
                    created_at=NOW,
                )
            )
            watch_ids.add(added.id)

    assert await hidden_and_shown(NOW) == 2 * 2
    assert await hidden_and_shown(NOW + 10 * _M) == 0
    assert await hidden_and_shown(NOW + 70 * _M) == 2 * 2


@on_sqlite
async def test_watches_that_have_ended_are_told_nothing(database: Database) -> None:
    await store_post(database)
    ended = Watch(
        guild_id=GUILD,
        channel_id=CHANNEL + 2,
        post_id=POST,
        created_by=1,
        created_at=NOW,
        ended_at=NOW,
    )
    ended.unlikes = True
    await store_watch(database, ended)
    async with database.transaction() as session:
        writer = AnnouncementWriter(session, NOW)
        assert await writer.left(POST, [1], count=0) == 0
        assert await writer.state_changed(POST, PostState.LIVE, PostState.DELETED) == 0


_M = timedelta(minutes=1)


@on_sqlite
async def test_where_names_are_not_shown_the_same_likes_are_told_as_growth(
    database: Database,
) -> None:
    """Each once, however they come in: what waits to be sent is added to."""
    await store_post(database)
    named = await store_watch(database, a_watch())
    unnamed_watch = a_watch(channel_id=CHANNEL + 1)
    unnamed_watch.guild_id = GUILD + 1
    unnamed_watch.unlikes = True
    unnamed = await store_watch(database, unnamed_watch)

    async with database.transaction() as session:
        writer = AnnouncementWriter(session, NOW, named={GUILD})
        made = [
            await writer.likes(POST, [1, 2, 3], count=10),
            await writer.likes(POST, [4, 5], count=10),
            await writer.likes(POST, [6], count=9),
            await writer.left(POST, [6], count=8),
            await writer.likers_hidden(POST),
        ]

    assert made == [2, 2, 2, 0, 1]
    rows = await announcements(database)
    assert [row.liker_ids for row in rows if row.watch_id == named] == [[1, 2, 3], [4, 5], [6], []]
    (grown,) = [row for row in rows if row.watch_id == unnamed]
    assert (grown.kind, grown.liker_ids) == (AnnouncementKind.GROWTH, [])
    assert (grown.from_count, grown.to_count) == (3, 9)
