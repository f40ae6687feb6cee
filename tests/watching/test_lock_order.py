"""Two of whom each wants what the other has changed: one waits for the other, and none fails."""

from collections.abc import Awaitable, Callable

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.which_account import Access
from bot.domain import AccountWatchRequest, WatchChanges
from bot.domain.when import When
from bot.watching.managing import ManagedWatches
from bot.watching.outbox import CLAIM_LEASE
from storage.announcements import Announcements
from storage.due import Due
from storage.models import AccountWatch, AnnouncementState
from storage.posts import Posts
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
from tests.watching.harness import CHANNEL, GUILD, MEMBER, Bot, announcements

THERE = CHANNEL + 1
EARLIER = POST - 1
pytestmark = on_postgres


def _lock(*post_ids: int) -> Callable[[AsyncSession], Awaitable[None]]:
    async def lock(session: AsyncSession) -> None:
        for post_id in post_ids:
            await Posts(session).lock_with_watches(post_id)

    return lock


async def _watch_account(bot: Bot) -> int:
    request = AccountWatchRequest(GUILD, CHANNEL, "@Twitter", MEMBER, days=7)
    return (await bot.account_watches.add(request)).watch.id


async def test_a_watch_that_moves_while_its_news_are_stored(bot: Bot, database_url: str) -> None:
    await store_post(bot.database)
    watch_id = await store_watch(bot.database)
    changes = WatchChanges(THERE, None, When(), "ours", unlikes=False)

    async def tell(session: AsyncSession) -> None:
        await Announcements(session).add([an_announcement(watch_id)])

    moving = ManagedWatches(bot.database, Access(bot.x), bot.now).edit(GUILD, watch_id, changes)
    moved = await while_another_waits(database_url, _lock(POST), moving, tell)

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
        database_url, _lock(EARLIER), bot.outbox.claim(), _lock(POST)
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
    account_id = await _watch_account(bot)
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
