"""Two of whom each wants what the other has changed: one waits for the other, and none fails."""

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.which_account import Access
from bot.domain import WatchChanges
from bot.domain.when import When
from bot.watching.managing import ManagedWatches
from bot.watching.outbox import CLAIM_LEASE
from storage.announcements import Announcements
from storage.due import Due
from storage.held import HeldAnnouncements
from storage.models import AccountWatch, AnnouncementState, AnnouncementStyle
from tests.at_once import while_another_waits
from tests.databases import on_postgres
from tests.storage.rows import (
    POST,
    a_watch,
    an_announcement,
    store_announcements,
    store_post,
    store_watch,
)
from tests.watching.harness import CHANNEL, GUILD, Bot, announcements
from tests.watching.locks import EARLIER, lock_posts, said_again, watch_account

THERE = CHANNEL + 1
pytestmark = on_postgres


async def test_a_watch_that_moves_while_its_news_are_stored(bot: Bot, database_url: str) -> None:
    await store_post(bot.database)
    watch_id = await store_watch(bot.database)
    changes = WatchChanges(THERE, None, When(), "ours", unlikes=False)

    async def tell(session: AsyncSession) -> None:
        await Announcements(session).add([an_announcement(watch_id)])

    moving = ManagedWatches(bot.database, Access(bot.x), bot.now).edit(GUILD, watch_id, changes)
    moved = await while_another_waits(database_url, lock_posts(POST), moving, tell)

    assert (moved.channel_id, moved.label) == (THERE, "ours")


async def test_what_is_freed_and_claimed_while_its_posts_are_counted(
    bot: Bot, database_url: str
) -> None:
    for post_id in (EARLIER, POST):
        await store_post(bot.database, post_id)
    for post_id in (POST, EARLIER):
        row = an_announcement(await store_watch(bot.database, a_watch(post_id=post_id)))
        row.post_id, row.state = post_id, AnnouncementState.HELD
        await store_announcements(bot.database, row)

    claimed = await while_another_waits(
        database_url, lock_posts(EARLIER), bot.outbox.claim(), lock_posts(POST)
    )

    assert len(claimed) == 1


async def test_a_watch_that_is_removed_while_its_news_are_claimed(
    bot: Bot, database_url: str
) -> None:
    """Whoever claims changes the watch, too: which milestone is told, or which card is its own."""
    await store_post(bot.database)
    watch_id = await store_watch(bot.database)
    await store_announcements(bot.database, an_announcement(watch_id))
    claimed: list[Due] = []

    async def find(session: AsyncSession) -> None:
        claimed.extend(await Announcements(session).due(CHANNEL, bot.now(), 1))

    async def claim(session: AsyncSession) -> None:
        (due,) = claimed
        assert due.watch is not None
        due.watch.reached = 1
        await Announcements(session).claim([due.row], "key", bot.now(), CLAIM_LEASE)

    removing = bot.watches.remove(GUILD, watch_id)
    removed = await while_another_waits(database_url, find, removing, claim)

    assert removed.id == watch_id
    assert not await announcements(bot.database)


async def test_an_account_that_is_watched_no_more_while_what_is_said_of_it_is_claimed(
    bot: Bot, database_url: str
) -> None:
    """Its watches have the moment of the last mention together."""
    await store_post(bot.database)
    account_id = await watch_account(bot)
    watch = a_watch()
    watch.account_watch_id = account_id
    watch_id = await store_watch(bot.database, watch)
    notice = an_announcement(watch_id)
    notice.watch_id, notice.post_id, notice.account_watch_id = None, None, account_id
    await store_announcements(bot.database, notice, an_announcement(watch_id))

    async def claim_the_notice(session: AsyncSession) -> None:
        assert len(await Announcements(session).due(CHANNEL, bot.now(), 1)) == 1

    async def mention(session: AsyncSession) -> None:
        assert await session.get(AccountWatch, account_id, with_for_update=True) is not None

    removing = bot.account_watches.remove(GUILD, account_id)
    removed = await while_another_waits(database_url, claim_the_notice, removing, mention)

    assert removed.id == account_id
    assert not await announcements(bot.database)


async def test_what_is_held_by_one_while_another_claims(bot: Bot, database_url: str) -> None:
    await store_post(bot.database)
    for channel_id in (THERE, CHANNEL):
        watch = a_watch(channel_id=channel_id)
        watch.style = AnnouncementStyle.MILESTONES
        row = an_announcement(
            await store_watch(bot.database, watch), channel_id=channel_id, counts=(0, 3)
        )
        await store_announcements(bot.database, row)

    async def claim_here(session: AsyncSession) -> None:
        waiting = Announcements(session)
        assert await waiting.lock_channels_due(bot.now(), 2) == [THERE, CHANNEL]
        assert len(await waiting.due(CHANNEL, bot.now(), 1)) == 1

    async def claim_there(session: AsyncSession) -> None:
        assert not await Announcements(session).due(THERE, bot.now(), 1)

    assert not await while_another_waits(database_url, claim_here, bot.outbox.claim(), claim_there)


async def _store_what_is_held_here_and_freed_there(bot: Bot) -> int:
    """Store what waits of a watch that tells of milestones, and of the returned one, at once."""
    await store_post(bot.database)
    ids = []
    for channel_id, style, state in (
        (THERE, None, AnnouncementState.HELD),
        (CHANNEL, AnnouncementStyle.MILESTONES, AnnouncementState.WAITING),
    ):
        watch = a_watch(channel_id=channel_id)
        watch.style = style
        ids.append(await store_watch(bot.database, watch))
        row = an_announcement(ids[-1], channel_id=channel_id, counts=(0, 3))
        row.state = state
        await store_announcements(bot.database, row)
    return ids[0]


async def test_what_is_held_and_freed_while_another_who_has_freed_it_claims(
    bot: Bot, database_url: str
) -> None:
    freed = await _store_what_is_held_here_and_freed_there(bot)

    claimed = []

    async def free_there(session: AsyncSession) -> None:
        held = HeldAnnouncements(session)
        assert len(await held.news()) == 2
        await held.free([freed])

    async def claim() -> None:
        claimed.append(await bot.outbox.claim())

    async def claim_here(session: AsyncSession) -> None:
        assert claimed == [()]  # it has waited for nothing
        waiting = Announcements(session)
        assert await waiting.lock_channels_due(bot.now(), 2) == [THERE, CHANNEL]
        assert len(await waiting.due(CHANNEL, bot.now(), 1)) == 1

    await while_another_waits(database_url, free_there, claim(), claim_here)


async def test_a_watch_that_is_told_of_in_a_thread_while_its_likes_wait_for_its_channel(
    bot: Bot, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    await store_post(bot.database)
    watch_id = await store_watch(bot.database)
    await store_announcements(bot.database, an_announcement(watch_id))
    (delivery,) = await bot.outbox.claim()
    held = an_announcement(watch_id)
    held.state = AnnouncementState.HELD
    (held_id,) = await store_announcements(bot.database, held)

    async def find_what_waits(session: AsyncSession) -> None:
        assert await Announcements(session).last_waiting([watch_id])

    async def tell(session: AsyncSession) -> None:
        await Announcements(session).add([an_announcement(watch_id)])

    opening = bot.outbox.tell_in_thread(delivery, THERE)
    await while_another_waits(database_url, find_what_waits, opening, tell)

    moved = {row.id: row.channel_id for row in await announcements(bot.database)}
    assert moved[held_id] == THERE
    assert not said_again(caplog)


async def test_what_waits_in_two_channels_is_added_to_while_it_is_claimed(
    bot: Bot, database_url: str
) -> None:
    """Whoever claims goes from channel to channel, and not in the order of the announcements."""
    await store_post(bot.database)
    ids = [await store_watch(bot.database, a_watch(channel_id=each)) for each in (CHANNEL, THERE)]
    rows = (
        an_announcement(watch_id, channel_id=each)
        for watch_id, each in zip(ids, (CHANNEL, THERE), strict=True)
    )
    await store_announcements(bot.database, *rows)

    async def claim_there(session: AsyncSession) -> None:
        assert len(await Announcements(session).due(THERE, bot.now(), 1)) == 1

    async def add_to_both() -> set[int]:
        async with bot.database.transaction() as session:
            return set(await Announcements(session).last_waiting(ids))

    async def claim_here(session: AsyncSession) -> None:
        assert len(await Announcements(session).due(CHANNEL, bot.now(), 1)) == 1

    adding = add_to_both()
    assert await while_another_waits(database_url, claim_there, adding, claim_here) == {ids[0]}
