"""A removal is taken back with all that it took, for a minute."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from bot.domain.errors import RemovalOver
from bot.services.forgetting import ForgettingService
from bot.watching.removed import UNDONE_WITHIN, RemovedJustNow
from storage.account_watches import AccountWatches
from storage.database import Database
from storage.models import AccountWatch, Announcement, AnnouncementState, Watch
from storage.new_announcements import about_account
from storage.removed_watches import RemovedWatches
from storage.watches import Watches
from tests.storage.rows import (
    CHANNEL,
    GUILD,
    MEMBER,
    NOW,
    a_watch,
    an_announcement,
    store_announcements,
    store_post,
    store_users,
    store_watch,
)

AUTHOR = 783214


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


async def _store_account(database: Database) -> AccountWatch:
    watch = AccountWatch(
        guild_id=GUILD,
        channel_id=CHANNEL,
        x_user_id=AUTHOR,
        username="ada",
        created_by=MEMBER,
        created_at=NOW,
    )
    async with database.transaction() as session:
        return await AccountWatches(session).add(watch)


async def _remove_account(database: Database, removed: RemovedJustNow, watch: AccountWatch) -> None:
    async with database.transaction() as session:
        row = await AccountWatches(session).get(GUILD, watch.id or 0)
        assert row is not None
        snapshot = await RemovedWatches(session).snapshot(row)
        await AccountWatches(session).remove(row)
    removed.note(GUILD, watch.id or 0, snapshot)


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


async def test_what_could_not_be_stored_can_be_asked_for_again(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk I/O error"))

    database, removed = sqlite, RemovedJustNow(sqlite, Clock())
    await store_post(database)
    watch_id = await store_watch(database)
    await _remove(database, removed, watch_id)
    with monkeypatch.context() as broken:
        broken.setattr(RemovedWatches, "restore", breaks)
        with pytest.raises(OperationalError):
            await removed.restore(GUILD, watch_id)

    await removed.restore(GUILD, watch_id)

    assert [watch.id for watch in (await _rows(database))[0]] == [watch_id]


async def test_what_was_added_anew_meanwhile_stays(sqlite: Database) -> None:
    database, removed = sqlite, RemovedJustNow(sqlite, Clock())
    await store_post(database)
    watch_id = await store_watch(database)
    await _remove(database, removed, watch_id)
    await store_watch(database, a_watch(unlikes=True))

    await removed.restore(GUILD, watch_id)

    (watch,), _ = await _rows(database)
    assert watch.unlikes


async def test_what_waited_is_told_though_another_has_its_number_by_now(sqlite: Database) -> None:
    database, removed = sqlite, RemovedJustNow(sqlite, Clock())
    await store_post(database)
    watch_id = await store_watch(database)
    await store_watch(database, a_watch(channel_id=CHANNEL + 1))
    (number,) = await store_announcements(database, an_announcement(watch_id, likers=[1]))
    await _remove(database, removed, watch_id)
    (taken,) = await store_announcements(database, an_announcement(watch_id + 1, likers=[2]))
    assert taken == number

    await removed.restore(GUILD, watch_id)

    _, told = await _rows(database)
    assert [each.liker_ids for each in told] == [[2], [1]]


async def test_what_waited_of_an_account_that_was_added_anew_is_not_told(sqlite: Database) -> None:
    database, removed = sqlite, RemovedJustNow(sqlite, Clock())
    watch = await _store_account(database)
    await store_announcements(database, about_account(watch, "account_shown", {}, NOW))
    await _remove_account(database, removed, watch)
    await _store_account(database)

    await removed.restore(GUILD, watch.id or 0)

    assert (await _rows(database))[1] == []


async def test_a_notice_of_an_account_is_back_with_it(sqlite: Database) -> None:
    database, removed = sqlite, RemovedJustNow(sqlite, Clock())
    watch = await _store_account(database)
    await store_announcements(database, about_account(watch, "account_shown", {}, NOW))
    await _remove_account(database, removed, watch)

    await removed.restore(GUILD, watch.id or 0)

    (told,) = (await _rows(database))[1]
    assert (told.account_watch_id, told.notice) == (watch.id, "account_shown")


async def test_what_was_forgotten_meanwhile_does_not_come_back(sqlite: Database) -> None:
    database, removed = sqlite, RemovedJustNow(sqlite, Clock())
    forgetting = ForgettingService(database, Clock())
    await store_users(database, AUTHOR)
    await store_post(database, author_id=AUTHOR)
    watch_id, account = await store_watch(database), await _store_account(database)
    await store_announcements(database, an_announcement(watch_id))
    await _remove(database, removed, watch_id)
    account_id = (account.id or 0) + 1000
    async with database.transaction() as session:
        row = await AccountWatches(session).get(GUILD, account.id or 0)
        assert row is not None
        removed.note(GUILD, account_id, await RemovedWatches(session).snapshot(row))
    await forgetting.user(AUTHOR)

    for each in (watch_id, account_id):
        await removed.restore(GUILD, each)

    assert await _rows(database) == ([], [])
    async with database.reading() as session:
        assert await AccountWatches(session).count(GUILD) == 0
