"""Two of whom each wants what the other has changed: one waits for the other, and none fails."""

from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import domain as value
from bot.accounts.consents import ConsentService
from bot.accounts.which_account import Access
from bot.domain import AccountWatchRequest, WatchChanges, WatchRef
from bot.domain.troubles import DeliveryTrouble
from bot.domain.when import When
from bot.services.guild_data import GuildDataService
from bot.watching.begin_watch import Begun, begin_watch
from bot.watching.managing import ManagedWatches
from bot.watching.outbox import CLAIM_LEASE
from storage.announcements import Announcements
from storage.due import Due
from storage.guild_data import GuildData
from storage.guilds import Guilds
from storage.models import (
    AccountWatch,
    AnnouncementState,
    AnnouncementStyle,
    Post,
    PostKind,
    ShutChannel,
    Watch,
    XAccount,
)
from storage.posts import Posts
from storage.shut_channels import ShutChannels
from storage.users import Users
from tests.at_once import while_another_waits
from tests.databases import on_postgres
from tests.storage.rows import (
    POST,
    a_watch,
    an_announcement,
    store_announcements,
    store_post,
    store_users,
    store_watch,
    user_row,
)
from tests.watching.harness import (
    CHANNEL,
    DEV,
    EVERY,
    GUILD,
    MEMBER,
    Bot,
    World,
    announcements,
    stored_post,
)

THERE = CHANNEL + 1
EARLIER = POST - 1
pytestmark = on_postgres


def _lock(*post_ids: int) -> Callable[[AsyncSession], Awaitable[None]]:
    async def lock(session: AsyncSession) -> None:
        for post_id in post_ids:
            await Posts(session).lock_with_watches(post_id)

    return lock


def _said_again(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what had to be written again: PostgreSQL had ended it the first time."""
    return [each.message for each in caplog.records if each.name == "storage.until_stored"]


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
    account_id = await _watch_account(bot)
    await _watch_both(bot, account_watch_id=account_id, resting_since=bot.now())

    resuming = ManagedWatches(bot.database, Access(bot.x), bot.now).resume(
        GUILD, WatchRef(account_id, account=True)
    )
    resumed = await while_another_waits(database_url, _lock(EARLIER), resuming, _lock(POST))

    assert resumed.resting_since is None


async def test_an_account_that_serves_a_server_no_more_while_its_posts_are_counted(
    bot: Bot, database_url: str
) -> None:
    await _watch_both(bot)
    async with bot.database.transaction() as session:
        row = XAccount(x_user_id=DEV, username="dev", owner_id=MEMBER, created_at=bot.now())
        session.add(row)

    withdrawing = ConsentService(bot.database, bot.now).withdraw(MEMBER, GUILD)
    await while_another_waits(database_url, _lock(EARLIER), withdrawing, _lock(POST))

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

    await while_another_waits(database_url, _lock(liked), bot.count(), _lock(same))

    for post_id, likes in ((liked, 1), (same, 0)):
        post = await stored_post(bot.database, post_id)
        assert post.probed_at is not None
        assert (post.like_count, post.probed_at > begins_at) == (likes, True)
    assert not _said_again(caplog)


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
    begun = await while_another_waits(database_url, _lock(first), appearing, _lock(second))

    assert begun.watches == 2


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
    assert not _said_again(caplog)


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
    moved = await while_another_waits(database_url, _lock(EARLIER, POST), moving, tell)

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

    again = await while_another_waits(database_url, open_it, bot.watch(post), _lock(post))

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

    begun = await while_another_waits(database_url, _lock(POST), begin(), save_author)

    stored = await stored_post(bot.database, POST)
    assert (begun.is_new, stored.text, stored.author_id) == (True, "Hello", DEV)


async def test_a_server_that_the_bot_is_back_in_while_it_is_deleted(
    bot: Bot, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    await store_post(bot.database)
    await store_watch(bot.database)
    await bot.watches.left(GUILD)

    async def find(session: AsyncSession) -> None:
        assert await GuildData(session).has_left(GUILD)

    async def delete_all(session: AsyncSession) -> None:
        await GuildData(session).rest(GUILD, bot.now().date())

    await while_another_waits(database_url, find, bot.watches.joined(GUILD), delete_all)
    assert not _said_again(caplog)


async def test_a_server_that_is_deleted_while_it_is_warned_of_its_budget(
    bot: Bot, database_url: str
) -> None:
    await store_post(bot.database)
    watch_id = await store_watch(bot.database)
    month = bot.now().date().replace(day=1)
    async with bot.database.transaction() as session:
        await Guilds(session).lock(GUILD)

    async def note(session: AsyncSession) -> None:
        assert await Guilds(session).warn(GUILD, month)

    async def tell(session: AsyncSession) -> None:
        await Announcements(session).add([an_announcement(watch_id)])

    deleting = GuildDataService(bot.database, bot.now).delete(GUILD)
    await while_another_waits(database_url, note, deleting, tell)

    async with bot.database.reading() as session:
        assert not list(await session.exec(select(Watch)))
