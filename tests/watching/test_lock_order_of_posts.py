"""Several who lock posts: one waits for the other, and none fails."""

import pytest
from sqlmodel import delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import domain as value
from bot.accounts.consents import ConsentService
from bot.accounts.which_account import Access
from bot.domain import AccountWatchRequest, WatchChanges, WatchRef
from bot.domain.troubles import DeliveryTrouble
from bot.domain.when import When
from bot.watching.begin_watch import Begun, begin_watch
from bot.watching.managing import ManagedWatches
from storage.announcements import Announcements
from storage.erasing import Erasing
from storage.models import Post, PostKind, ShutChannel, Watch, XAccount
from storage.shut_channels import ShutChannels
from storage.users import Users
from tests.at_once import while_another_waits
from tests.databases import on_postgres
from tests.storage.rows import (
    POST,
    a_watch,
    an_announcement,
    store_post,
    store_users,
    store_watch,
    user_row,
)
from tests.watching.harness import CHANNEL, DEV, EVERY, GUILD, MEMBER, Bot, World, stored_post
from tests.watching.locks import EARLIER, lock_posts, said_again, watch_account

THERE = CHANNEL + 1
pytestmark = on_postgres


async def _watch_both(bot: Bot, **of_watch: object) -> None:
    """Watch two posts of an author, the later one stored first."""
    await store_users(bot.database, DEV)
    for post_id in (POST, EARLIER):
        await store_post(bot.database, post_id, author_id=DEV, kind=PostKind.NAMES)
    for post_id in (EARLIER, POST):
        watch = a_watch(post_id=post_id)
        watch.sqlmodel_update(of_watch)
        await store_watch(bot.database, watch)


async def test_an_account_whose_posts_are_told_of_again_while_they_are_counted(
    bot: Bot, database_url: str
) -> None:
    account_id = await watch_account(bot)
    await _watch_both(bot, account_watch_id=account_id, resting_since=bot.now())

    resuming = ManagedWatches(bot.database, Access(bot.x), bot.now).resume(
        GUILD, WatchRef(account_id, account=True)
    )
    resumed = await while_another_waits(
        database_url, lock_posts(EARLIER), resuming, lock_posts(POST)
    )

    assert resumed.resting_since is None


async def test_an_account_that_serves_a_server_no_more_while_its_posts_are_counted(
    bot: Bot, database_url: str
) -> None:
    await _watch_both(bot)
    async with bot.database.transaction() as session:
        row = XAccount(x_user_id=DEV, username="dev", owner_id=MEMBER, created_at=bot.now())
        session.add(row)

    withdrawing = ConsentService(bot.database, bot.now).withdraw(MEMBER, GUILD)
    await while_another_waits(database_url, lock_posts(EARLIER), withdrawing, lock_posts(POST))

    for post_id in (EARLIER, POST):
        assert (await stored_post(bot.database, post_id)).kind is PostKind.PENDING


async def test_posts_that_are_counted_while_another_changes_several(
    world: World, bot: Bot, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    liked, same = world.post(), world.post()
    for post_id in (liked, same):
        await bot.watch(post_id)
    async with bot.database.transaction() as session:
        (await session.get_one(Post, same)).heat = 0
    world.likes(liked)
    begins_at = bot.now()

    await while_another_waits(database_url, lock_posts(liked), bot.count(), lock_posts(same))

    for post_id, likes in ((liked, 1), (same, 0)):
        post = await stored_post(bot.database, post_id)
        assert post.probed_at is not None
        assert (post.like_count, post.probed_at > begins_at) == (likes, True)
    assert not said_again(caplog)


async def test_reposts_that_appear_while_what_they_repost_is_counted(
    world: World, bot: Bot, database_url: str
) -> None:
    first, second = world.post(), world.post()
    for post_id in (first, second):
        await bot.watch(post_id, THERE)
    await bot.account_watches.add(
        AccountWatchRequest(GUILD, CHANNEL, "@Twitter", MEMBER, days=7, reposts=True)
    )
    world.sandbox.clock.advance(EVERY.total_seconds())
    for post_id in (second, first):
        world.repost(post_id)

    appearing = bot.accounts.run_once()
    begun = await while_another_waits(
        database_url, lock_posts(first), appearing, lock_posts(second)
    )

    assert begun.watches == 2


async def test_a_watch_that_moves_into_a_channel_that_was_shut_while_its_news_are_stored(
    bot: Bot, database_url: str
) -> None:
    """Posts that are watched there are looked at anew, for names that nobody could read."""
    await store_users(bot.database, DEV)
    await store_post(bot.database, author_id=DEV, kind=PostKind.COUNTS)
    watch_id = await store_watch(bot.database)
    await store_post(bot.database, EARLIER, author_id=DEV, kind=PostKind.COUNTS)
    await store_watch(bot.database, a_watch(post_id=EARLIER, channel_id=THERE))
    async with bot.database.transaction() as session:
        session.add(XAccount(x_user_id=DEV, username="dev", owner_id=MEMBER, created_at=bot.now()))
        await ShutChannels(session).shut(THERE, DeliveryTrouble.CANNOT_SEND, bot.now())
    changes = WatchChanges(THERE, None, When(), None, unlikes=False)

    async def tell(session: AsyncSession) -> None:
        await Announcements(session).add([an_announcement(watch_id)])

    moving = ManagedWatches(bot.database, Access(bot.x), bot.now).edit(GUILD, watch_id, changes)
    moved = await while_another_waits(database_url, lock_posts(EARLIER, POST), moving, tell)

    assert moved.channel_id == THERE
    assert (await stored_post(bot.database, EARLIER)).kind is PostKind.PENDING


async def test_a_post_that_is_watched_in_a_channel_that_is_found_open_just_now(
    world: World, bot: Bot, database_url: str
) -> None:
    post = world.post()
    await bot.watch(post)
    async with bot.database.transaction() as session:
        await ShutChannels(session).shut(CHANNEL, DeliveryTrouble.CANNOT_SEND, bot.now())

    async def open_it(session: AsyncSession) -> None:
        await session.exec(delete(ShutChannel))

    again = await while_another_waits(database_url, open_it, bot.watch(post), lock_posts(post))

    async with bot.database.reading() as session:
        assert list(await session.exec(select(Watch.id))) == [again]
        assert not list(await session.exec(select(ShutChannel)))


async def test_an_author_who_likes_a_post_that_is_being_watched_anew(
    bot: Bot, database_url: str
) -> None:
    """Who stores likes has the post, and its likers next."""
    await store_users(bot.database, DEV)
    await store_post(bot.database, author_id=DEV)
    await store_watch(bot.database)
    post = value.Post(POST, "Hello", author=value.User(DEV, "TwitterDev", "Developers"))

    async def begin() -> Begun:
        async with bot.database.transaction() as session:
            return await begin_watch(session, post, a_watch(channel_id=THERE), bot.now())

    async def save_author(session: AsyncSession) -> None:
        await Users(session).save([user_row(DEV)])

    begun = await while_another_waits(database_url, lock_posts(POST), begin(), save_author)

    stored = await stored_post(bot.database, POST)
    assert (begun.is_new, stored.text, stored.author_id) == (True, "Hello", DEV)


async def test_posts_that_nobody_watches_any_more_while_they_are_changed(
    bot: Bot, database_url: str
) -> None:
    for post_id in (POST, EARLIER):
        await store_post(bot.database, post_id)

    async def note() -> None:
        async with bot.database.transaction() as session:
            await Erasing(session).note_watched(bot.now())

    await while_another_waits(database_url, lock_posts(EARLIER), note(), lock_posts(POST))

    assert (await stored_post(bot.database, POST)).unwatched_since is not None
