"""Two of whom each wants what the other has changed: one waits for the other, and none fails."""

from collections.abc import Awaitable, Callable

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.which_account import Access
from bot.domain import WatchChanges
from bot.domain.when import When
from bot.watching.managing import ManagedWatches
from storage.announcements import Announcements
from storage.models import AnnouncementState
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
from tests.watching.harness import CHANNEL, GUILD, Bot

THERE = CHANNEL + 1
EARLIER = POST - 1
pytestmark = on_postgres


def _lock(*post_ids: int) -> Callable[[AsyncSession], Awaitable[None]]:
    async def lock(session: AsyncSession) -> None:
        for post_id in post_ids:
            await Posts(session).lock_with_watches(post_id)

    return lock


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
