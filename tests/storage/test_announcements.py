"""Announcements wait, are claimed for one message, and are sent: no two ever have the same one."""

from datetime import datetime

import pytest
from sqlmodel import select

from storage.announcements import Announcements
from storage.database import Database
from storage.models import Announcement, AnnouncementKind, AnnouncementState
from storage.server_figures import Figure
from tests.databases import opened
from tests.storage.rows import (
    CHANNEL,
    DAY,
    GUILD,
    MINUTE,
    NOW,
    SECOND,
    a_watch,
    an_announcement,
    figure,
    store_announcements,
    store_post,
    store_watch,
)

LEASE = 2 * MINUTE
OTHER_CHANNEL = CHANNEL + 1


@pytest.fixture
async def watch(database: Database) -> int:
    await store_post(database)
    return await store_watch(database)


async def _due(database: Database, now: datetime = NOW, limit: int = 100) -> list[int | None]:
    async with database.transaction() as session:
        return [each.row.id for each in await Announcements(session).due(CHANNEL, now, limit)]


async def _claim(database: Database, key: str, now: datetime = NOW) -> list[int | None]:
    async with database.transaction() as session:
        announcements = Announcements(session)
        due = [each.row for each in await announcements.due(CHANNEL, now, 100)]
        await announcements.claim(due, key, now, LEASE)
        return [row.id for row in due]


async def _row(database: Database, announcement_id: int) -> Announcement:
    async with database.reading() as session:
        query = select(Announcement).where(Announcement.id == announcement_id)
        return (await session.exec(query)).one()


async def test_due_are_the_waiting_oldest_first(database: Database, watch: int) -> None:
    ids = await store_announcements(
        database,
        an_announcement(watch),
        an_announcement(watch, not_before=NOW + SECOND),
        an_announcement(watch, not_before=NOW - MINUTE),
    )

    assert await _due(database) == [ids[0], ids[2]]
    assert await _due(database, limit=1) == [ids[0]]
    assert await _due(database, NOW + SECOND) == ids


async def test_what_is_claimed_is_nobody_elses(database: Database, watch: int) -> None:
    [announcement] = await store_announcements(database, an_announcement(watch))

    assert await _claim(database, "key") == [announcement]

    assert await _due(database) == []
    row = await _row(database, announcement)
    assert row.state is AnnouncementState.CLAIMED
    assert row.delivery_key == "key"
    assert row.claimed_until == NOW + LEASE
    assert (row.attempts, row.first_tried_at) == (1, NOW)


async def test_a_claim_that_ran_out_is_due_again_with_its_key(
    database: Database, watch: int
) -> None:
    [announcement] = await store_announcements(database, an_announcement(watch))
    await _claim(database, "key")

    assert await _due(database, NOW + LEASE - SECOND) == []
    assert await _claim(database, "key", NOW + LEASE) == [announcement]

    row = await _row(database, announcement)
    assert (row.attempts, row.first_tried_at) == (2, NOW)
    assert row.delivery_key == "key"


async def test_sent_is_sent_for_good(database: Database, watch: int) -> None:
    ids = await store_announcements(database, an_announcement(watch), an_announcement(watch))
    await _claim(database, "key")
    later = await store_announcements(database, an_announcement(watch))

    async with database.transaction() as session:
        await Announcements(session).mark_sent("key", 77, NOW + SECOND)

    assert await _due(database, NOW + 2 * LEASE) == later
    for announcement in ids:
        row = await _row(database, announcement)
        assert (row.state, row.message_id) == (AnnouncementState.SENT, 77)
        assert (row.sent_at, row.claimed_until) == (NOW + SECOND, None)


async def test_a_message_put_off_keeps_its_key_and_its_announcements(
    database: Database, watch: int
) -> None:
    ids = await store_announcements(database, an_announcement(watch), an_announcement(watch))
    await _claim(database, "key")

    async with database.transaction() as session:
        await Announcements(session).postpone("key", NOW + MINUTE)

    assert await _due(database, NOW + MINUTE - SECOND) == []
    assert await _due(database, NOW + MINUTE) == ids
    async with database.reading() as session:
        found = await Announcements(session).of_delivery("key", lock=False)
    assert [each.row.id for each in found] == ids


async def test_what_was_sent_meanwhile_is_not_put_off(database: Database, watch: int) -> None:
    await store_announcements(database, an_announcement(watch))
    await _claim(database, "key")

    async with database.transaction() as session:
        await Announcements(session).mark_sent("key", 77, NOW)
        await Announcements(session).postpone("key", NOW)

    assert await _due(database, NOW + LEASE) == []


async def test_the_claims_of_a_process_that_is_gone_are_released(
    database: Database, watch: int
) -> None:
    ids = await store_announcements(database, an_announcement(watch), an_announcement(watch))
    await _claim(database, "key")

    async with database.transaction() as session:
        assert await Announcements(session).release_claims() == 2
    async with database.transaction() as session:
        assert await Announcements(session).release_claims() == 0

    assert await _due(database) == ids
    assert (await _row(database, ids[0])).delivery_key == "key"


async def test_while_a_message_is_under_way_its_successors_wait(
    database: Database, watch: int
) -> None:
    first = await store_announcements(database, an_announcement(watch))
    await _claim(database, "key")
    both = first + await store_announcements(database, an_announcement(watch))
    assert await _due(database) == []
    assert await _due(database, NOW + LEASE) == both

    async with database.transaction() as session:
        await Announcements(session).postpone("key", NOW + MINUTE)
    assert await _due(database) == []
    assert await _due(database, NOW + MINUTE) == both

    await _claim(database, "key", NOW + MINUTE)
    async with database.transaction() as session:
        await Announcements(session).mark_sent("key", 77, NOW)
    later = await store_announcements(database, an_announcement(watch))
    assert await _due(database, NOW + MINUTE) == later


async def test_growth_that_nobody_began_to_send_can_be_extended(
    database: Database, watch: int
) -> None:
    other = await store_watch(database, a_watch(channel_id=OTHER_CHANNEL))
    await store_announcements(
        database,
        an_announcement(watch),
        an_announcement(other, channel_id=OTHER_CHANNEL, kind=AnnouncementKind.GROWTH),
    )
    assert await _growth(database, watch) is None

    [growth] = await store_announcements(
        database, an_announcement(watch, kind=AnnouncementKind.GROWTH)
    )
    assert await _growth(database, watch) == growth


async def test_growth_that_was_begun_is_left_alone(database: Database, watch: int) -> None:
    """Its message may be in Discord already: what is added to it would never be seen."""
    await store_announcements(database, an_announcement(watch, kind=AnnouncementKind.GROWTH))
    await _claim(database, "key")
    assert await _growth(database, watch) is None

    async with database.transaction() as session:
        await Announcements(session).postpone("key", NOW + MINUTE)
    assert await _growth(database, watch) is None


async def _growth(database: Database, watch_id: int) -> int | None:
    async with database.transaction() as session:
        found = await Announcements(session).waiting_growth(watch_id)
        return found.id if found else None


async def test_the_last_growth_is_the_latest_of_the_watch(database: Database, watch: int) -> None:
    async def last() -> datetime | None:
        async with database.reading() as session:
            return await Announcements(session).last_growth_at(watch)

    assert await last() is None
    await store_announcements(
        database,
        an_announcement(watch, kind=AnnouncementKind.GROWTH, not_before=NOW + MINUTE),
        an_announcement(watch, kind=AnnouncementKind.GROWTH, not_before=NOW),
        an_announcement(watch, not_before=NOW + 5 * MINUTE),
    )
    assert await last() == NOW + MINUTE


async def test_a_guilds_sums_are_its_own(database: Database, watch: int) -> None:
    foreign = await store_watch(database, a_watch(guild_id=GUILD + 1, channel_id=9))
    await store_announcements(
        database,
        an_announcement(watch, likers=[1, 2, 3]),
        an_announcement(watch, kind=AnnouncementKind.GROWTH, likers=[], counts=(7, 28)),
        an_announcement(watch, kind=AnnouncementKind.NOTICE, likers=[], counts=(0, 9)),
        an_announcement(foreign, likers=[4]),
    )
    await _claim(database, "key")
    async with database.transaction() as session:
        await Announcements(session).mark_sent("key", 77, NOW)
    await store_announcements(database, an_announcement(watch, likers=[5]))

    assert await figure(database, Figure.WAITING) == 1
    assert await figure(database, Figure.WAITING, GUILD + 1) == 0
    assert await figure(database, Figure.ANNOUNCED) == 24
    assert await figure(database, Figure.ANNOUNCED, now=NOW + DAY) == 0
    assert await figure(database, Figure.ANNOUNCED, 404) == 0


async def test_likers_are_kept_in_their_order(database: Database, watch: int) -> None:
    likers = [2**63 - 1, 3, 783214]

    async with database.transaction() as session:
        await Announcements(session).add([an_announcement(watch, likers=likers)])

    async with database.reading() as session:
        row = (await session.exec(select(Announcement))).one()
        assert (row.liker_ids, row.liker_count) == (likers, 3)


async def test_a_channel_is_claimed_in_by_one_process_at_a_time(postgres_url: str) -> None:
    async with opened(postgres_url) as database, opened(postgres_url) as other:
        await store_post(database)
        watch = await store_watch(database)
        channels = [CHANNEL, OTHER_CHANNEL, 3]
        await store_announcements(
            database, *(an_announcement(watch, channel_id=channel) for channel in channels)
        )
        async with database.transaction() as first, other.transaction() as second:
            assert await Announcements(first).lock_channels_due(NOW, 2) == [CHANNEL, OTHER_CHANNEL]
            assert await Announcements(second).lock_channels_due(NOW, 9) == [3]
        async with database.transaction() as third:
            assert await Announcements(third).lock_channels_due(NOW, 9) == channels


async def test_channels_are_due_the_longest_waiting_first(database: Database, watch: int) -> None:
    await store_announcements(
        database,
        *(
            an_announcement(watch, channel_id=channel, not_before=not_before)
            for channel, not_before in ((3, NOW + SECOND), (2, NOW), (1, NOW), (2, NOW), (1, NOW))
        ),
    )
    async with database.reading() as session:
        announcements = Announcements(session)
        assert await announcements.lock_channels_due(NOW, 9) == [2, 1]
        assert await announcements.lock_channels_due(NOW + SECOND, 9) == [3, 2, 1]
        assert await announcements.lock_channels_due(NOW + SECOND, 1) == [3]


async def test_a_busy_channel_is_not_due(database: Database, watch: int) -> None:
    await store_announcements(database, an_announcement(watch))
    await _claim(database, "key")
    await store_announcements(
        database, an_announcement(watch), an_announcement(watch, channel_id=OTHER_CHANNEL)
    )
    async with database.reading() as session:
        announcements = Announcements(session)
        assert await announcements.lock_channels_due(NOW, 9) == [OTHER_CHANNEL]
        assert await announcements.lock_channels_due(NOW + LEASE, 9) == [CHANNEL, OTHER_CHANNEL]


async def test_growth_that_another_process_is_sending_is_passed_over(postgres_url: str) -> None:
    async with opened(postgres_url) as database, opened(postgres_url) as other:
        await store_post(database)
        watch = await store_watch(database)
        await store_announcements(database, an_announcement(watch, kind=AnnouncementKind.GROWTH))

        async with other.transaction() as sending, database.transaction() as session:
            assert len(await Announcements(sending).due(CHANNEL, NOW, 1)) == 1
            assert await Announcements(session).waiting_growth(watch) is None
