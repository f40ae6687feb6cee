"""A removal is taken back with all that it took, for a minute."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bot.domain.errors import RemovalOver
from bot.watching.removed import UNDONE_WITHIN, RemovedJustNow
from storage.database import Database
from storage.models import Announcement, AnnouncementState, Watch
from storage.removed_watches import RemovedWatches
from storage.watches import Watches
from tests.storage.rows import (
    GUILD,
    NOW,
    a_watch,
    an_announcement,
    store_announcements,
    store_post,
    store_watch,
)


class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


async def _remove(database: Database, removed: RemovedJustNow, watch_id: int) -> None:
    async with database.transaction() as session:
        row = await Watches(session).get(GUILD, watch_id)
        assert row is not None
        snapshot = await RemovedWatches(session).snapshot(row)
        await Watches(session).remove(row)
    removed.note(GUILD, watch_id, snapshot)


async def _rows(database: Database) -> tuple[list[Watch], list[Announcement]]:
    async with database.reading() as session:
        watches = list(await session.exec(select(Watch)))
        return watches, list(await session.exec(select(Announcement)))


async def test_the_watch_and_what_waited_are_back_and_nothing_that_was_sent(
    sqlite: Database,
) -> None:
    database, removed = sqlite, RemovedJustNow(sqlite, Clock())
    await store_post(database)
    watch_id = await store_watch(database, a_watch(unlikes=True))
    sent = an_announcement(watch_id, likers=[1])
    sent.state = AnnouncementState.SENT
    await store_announcements(database, sent, an_announcement(watch_id, likers=[2]))
    await _remove(database, removed, watch_id)
    watches, (outlived,) = await _rows(database)
    assert (watches, outlived.watch_id, outlived.liker_ids) == ([], None, [1])

    await removed.restore(GUILD, watch_id)

    (watch,), told = await _rows(database)
    assert (watch.id, watch.unlikes, watch.created_at) == (watch_id, True, NOW)
    assert [(each.watch_id, each.liker_ids, each.state) for each in told] == [
        (watch_id, [1], AnnouncementState.SENT),
        (watch_id, [2], AnnouncementState.WAITING),
    ]


async def test_it_is_over_after_a_minute_and_done_once(sqlite: Database) -> None:
    clock = Clock()
    database, removed = sqlite, RemovedJustNow(sqlite, clock)
    await store_post(database)
    watch_id = await store_watch(database)
    await _remove(database, removed, watch_id)

    clock.now = NOW + UNDONE_WITHIN + timedelta(seconds=1)
    with pytest.raises(RemovalOver):
        await removed.restore(GUILD, watch_id)
    clock.now = NOW
    with pytest.raises(RemovalOver):
        await removed.restore(GUILD, watch_id)
    assert await _rows(database) == ([], [])


async def test_what_was_added_anew_meanwhile_stays(sqlite: Database) -> None:
    database, removed = sqlite, RemovedJustNow(sqlite, Clock())
    await store_post(database)
    watch_id = await store_watch(database)
    await _remove(database, removed, watch_id)
    await store_watch(database, a_watch(unlikes=True))

    await removed.restore(GUILD, watch_id)

    (watch,), _ = await _rows(database)
    assert watch.unlikes
