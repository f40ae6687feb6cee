"""Several processes at one outbox: none gets what another has, and order holds."""

import asyncio

import pytest

from bot.watching.outbox import Outbox
from storage.announcements import Announcements
from storage.database import Database
from tests.databases import on_postgres, opened
from tests.outboxes import OTHER, Stand, all_ids, ids
from tests.patience import GUARD_S
from tests.storage.rows import CHANNEL, MINUTE, NOW

# Longer than a claim lasts.
LONG = 3 * MINUTE


@pytest.fixture
async def stand(database: Database) -> Stand:
    return await Stand(database).open()


async def test_a_new_start_takes_up_what_was_begun(sqlite: Database) -> None:
    stand = await Stand(sqlite).open()
    added = await stand.add(1)
    lost = await stand.claim()
    assert lost is not None
    assert await stand.outbox.recover() == 1
    found = await stand.claim()

    assert found is not None
    assert (found.key, ids(found), found.first_tried_at) == (lost.key, added, NOW)


@on_postgres
async def test_a_new_start_leaves_alone_what_other_processes_have_begun(stand: Stand) -> None:
    await stand.add(1)
    await stand.claim()
    assert await stand.outbox.recover() == 0
    assert await stand.claim() is None
    stand.time += LONG

    assert await stand.claim() is not None


async def test_workers_never_get_the_same_announcement(stand: Stand) -> None:
    added = await stand.add(*[1] * 40)
    more = await stand.add(*[1] * 40, channel=OTHER)
    workers = [Outbox(stand.database, stand.now) for _ in range(4)]
    sent: list[int] = []

    async def work(worker: Outbox) -> None:
        while len(sent) < len(added) + len(more):
            for delivery in await worker.claim():
                sent.extend(ids(delivery))
                await worker.sent(delivery, 1)

    async with asyncio.timeout(GUARD_S):
        await asyncio.gather(*(work(worker) for worker in workers))

    assert sorted(sent) == sorted(added + more)
    assert [one for one in sent if one in added] == added
    assert [one for one in sent if one in more] == more


@on_postgres
async def test_where_another_process_is_claiming_nobody_else_does(
    stand: Stand, database_url: str
) -> None:
    """It has looked and written nothing yet: its lock is all that can be seen."""
    added = await stand.add(1, 1)
    async with opened(database_url) as another, another.transaction() as session:
        assert await Announcements(session).lock_channels_due(NOW, 9) == [CHANNEL]
        later = await stand.add(1)
        there = await stand.add(1, channel=OTHER)
        claimed = await stand.outbox.claim()
        assert all_ids(claimed) == there

    assert await stand.send_all() == [added + later]
