"""A channel that cannot be announced in: nothing is asked of X for it, and nothing is lost."""

from typing import Any

import pytest

from bot.domain import AccountWatchRequest, WatchKind, WatchRequest
from bot.domain.troubles import DeliveryTrouble
from bot.run.housekeeping import Housekeeping
from bot.watching.announcements import AnnouncementWriter
from bot.watching.shut_channels import ShutChannelService
from storage.database import Database
from storage.models import Post
from storage.watched_posts import WatchedPost
from tests.databases import on_sqlite
from tests.watching.harness import (
    CHANNEL,
    DEV,
    GUILD,
    MEMBER,
    TWITTER,
    Bot,
    World,
    announced,
    announcements,
    growths,
    stored_post,
)

THERE, ELSEWHERE = CHANNEL + 1, GUILD + 1
CANNOT_SEND = DeliveryTrouble.CANNOT_SEND


@pytest.fixture
def channels(bot: Bot) -> ShutChannelService:
    return ShutChannelService(bot.database, bot.now)


async def charges(bot: Bot) -> Any:
    async with bot.http.get(f"{bot.world.url}/sandbox/charges") as response:
        return (await response.json())["total_usd"]


async def test_nothing_is_asked_of_x_for_it_until_it_is_mended(
    world: World, bot: Bot, channels: ShutChannelService
) -> None:
    post = world.post()
    watch = await bot.watch(post)
    await bot.round()
    await channels.found({CHANNEL: CANNOT_SEND})
    (listed,) = await bot.watches.list(GUILD)
    assert listed.trouble is CANNOT_SEND
    assert await channels.watched(GUILD) == {CHANNEL: CANNOT_SEND}

    spent = await charges(bot)
    await bot.requests()
    people = world.likes(post, 40)
    for _ in range(10):
        await bot.round()
    assert await bot.requests("") == []
    assert await charges(bot) == spent
    assert await announced(bot.database) == []

    await channels.found({CHANNEL: None})
    await bot.round()
    await bot.time_passes(60)
    assert await announced(bot.database, watch) == people
    assert [row.liker_count for row in await announcements(bot.database)] == [40]
    (listed,) = await bot.watches.list(GUILD)
    assert listed.trouble is None


@on_sqlite
async def test_what_others_see_meanwhile_waits_together(
    world: World, bot: Bot, channels: ShutChannelService
) -> None:
    post = world.post()
    here = await bot.watch(post)
    there = await bot.watch(post, channel_id=THERE, guild_id=ELSEWHERE)
    await channels.found({CHANNEL: CANNOT_SEND})
    people = []
    for _ in range(4):
        people += world.likes(post, 8)
        await bot.round()
    assert await announced(bot.database, there) == people
    assert await announced(bot.database, here) == people
    rows = await announcements(bot.database)
    assert [row.liker_count for row in rows if row.watch_id == here] == [32]
    assert [row.liker_count for row in rows if row.watch_id == there] == [8, 8, 8, 8]

    await channels.found({CHANNEL: None})
    people += world.likes(post)
    await bot.round()
    assert await announced(bot.database, here) == people


@on_sqlite
async def test_what_has_been_begun_is_not_added_to(
    world: World, bot: Bot, channels: ShutChannelService
) -> None:
    post = world.post()
    await bot.watch(post)
    await bot.watch(post, channel_id=THERE)
    first = world.likes(post)
    await bot.round()
    for delivery in await bot.outbox.claim():
        if delivery.channel_id == CHANNEL:
            await bot.outbox.postpone(delivery, bot.now(), CANNOT_SEND)
    second = world.likes(post)
    await bot.round()
    rows = [row for row in await announcements(bot.database) if row.channel_id == CHANNEL]
    assert [row.liker_ids for row in rows] == [first, second]
    assert await channels.watched(GUILD) == {CHANNEL: CANNOT_SEND, THERE: None}


@on_sqlite
async def test_likes_that_are_taken_back_meanwhile_stay_in_order(
    world: World, bot: Bot, channels: ShutChannelService
) -> None:
    post = world.post()
    await bot.new_watches.add(WatchRequest(GUILD, CHANNEL, str(post), MEMBER, unlikes=True))
    await channels.found({CHANNEL: CANNOT_SEND})
    people = [world.person().id for _ in range(2)]
    async with bot.database.transaction() as session:
        writer = AnnouncementWriter(session, bot.now())
        await writer.likes(post, people[:1], 1)
        await writer.left(post, people[:1], 0)
        await writer.likes(post, people[:1], 1)
        await writer.likes(post, people, 2)
    assert [(row.kind, row.liker_ids) for row in await announcements(bot.database)] == [
        ("likes", people[:1]),
        ("left", people[:1]),
        ("likes", people[:1]),
        ("likes", people),
    ]


@on_sqlite
async def test_growth_adds_up(world: World, bot: Bot, channels: ShutChannelService) -> None:
    world.sandbox.world.settings.likers = "author_only"
    post = world.post(author_id=783214)
    await bot.watch(post)
    world.likes(post, 2)
    await bot.round()
    await bot.time_passes(300)
    await bot.round()
    kind = (await bot.watches.list(GUILD))[0].kind
    assert kind is WatchKind.COUNTS
    before = await growths(bot.database)
    await channels.found({CHANNEL: DeliveryTrouble.CHANNEL_DELETED})
    world.likes(post, 5)
    await bot.round()
    assert await growths(bot.database) == before


@on_sqlite
async def test_who_watches_the_post_anew_is_told_nothing_old(
    world: World, bot: Bot, channels: ShutChannelService
) -> None:
    """What is stored of it is from when somebody's channel was shut; the one that asks pays."""
    post = world.post()
    here = await bot.watch(post)
    await channels.found({CHANNEL: CANNOT_SEND})
    meanwhile = world.likes(post, 3)
    there = await bot.watch(post, channel_id=THERE, guild_id=ELSEWHERE)
    assert await announced(bot.database, there) == []
    assert await announced(bot.database, here) == meanwhile
    after = world.likes(post)
    await bot.round()
    assert await announced(bot.database, there) == after
    assert await announced(bot.database, here) == [*meanwhile, *after]
    async with bot.database.reading() as session:
        assert await session.get(Post, post) is not None


@on_sqlite
async def test_an_account_is_not_asked_about_either(
    world: World, bot: Bot, channels: ShutChannelService
) -> None:
    request = AccountWatchRequest(GUILD, CHANNEL, "TwitterDev", MEMBER, 7)
    await bot.account_watches.add(request)
    await channels.found({CHANNEL: CANNOT_SEND})
    (listed,) = await bot.account_watches.list(GUILD)
    assert listed.trouble is CANNOT_SEND
    await bot.requests()
    world.sandbox.clock.advance(60)
    post = world.post()
    await bot.accounts.run_once()
    assert await bot.requests("") == []

    await channels.found({CHANNEL: None})
    world.sandbox.clock.advance(60)
    await bot.accounts.run_once()
    assert [watch.post.id for watch in await bot.watches.list(GUILD)] == [post]


@on_sqlite
async def test_what_was_put_off_is_due_when_it_is_mended(
    world: World, bot: Bot, channels: ShutChannelService
) -> None:
    post = world.post()
    await bot.watch(post)
    world.likes(post)
    await bot.round()
    (delivery,) = await bot.outbox.claim()
    later = bot.now().replace(year=bot.now().year + 1)
    await bot.outbox.postpone(delivery, later, DeliveryTrouble.THREAD_LOCKED)
    assert await channels.watched(GUILD) == {CHANNEL: DeliveryTrouble.THREAD_LOCKED}
    assert await bot.outbox.claim() == ()

    await channels.found({CHANNEL: None})
    (again,) = await bot.outbox.claim()
    assert again.key == delivery.key


@on_sqlite
async def test_a_channel_in_which_nothing_is_announced_is_not_kept(
    world: World, bot: Bot, channels: ShutChannelService, database: Database
) -> None:
    post = world.post()
    watch = await bot.watch(post)
    await channels.found({THERE: DeliveryTrouble.CHANNEL_DELETED, CHANNEL: CANNOT_SEND})
    await bot.watch(world.post(), channel_id=THERE)
    assert await channels.watched(GUILD) == {CHANNEL: CANNOT_SEND, THERE: None}

    await bot.watches.remove(GUILD, watch)
    await Housekeeping(database, bot.now).tidy()
    await channels.found({})
    again = await bot.watch(post)
    assert [one.trouble for one in await bot.watches.list(GUILD) if one.id == again] == [None]


@on_sqlite
async def test_whoever_chooses_a_shut_channel_opens_it(
    world: World, bot: Bot, channels: ShutChannelService
) -> None:
    """What it takes is looked at before a channel is accepted."""
    await bot.watch(world.post())
    await channels.found({CHANNEL: CANNOT_SEND})
    await bot.watch(world.post())
    assert await channels.watched(GUILD) == {CHANNEL: None}


async def test_names_are_there_at_once_when_a_channel_opens_in_whose_server_they_are_shown(
    world: World, bot: Bot, channels: ShutChannelService
) -> None:
    """Meanwhile the post was followed by its count, for a server that sees no names."""
    own, others = world.post(DEV), world.post(TWITTER)
    for post in (own, others):
        await bot.watch(post)
    await bot.identity.username()
    await channels.found({CHANNEL: CANNOT_SEND})
    for post in (own, others):
        await bot.collector._readings.nobody_reads(
            WatchedPost(await stored_post(bot.database, post), (ELSEWHERE,))
        )
    await channels.found({CHANNEL: None})
    await bot.requests()
    await bot.round()
    people = world.likes(own, 2)
    await bot.round()

    assert await announced(bot.database) == people
    asked = {entry["path"].split("/")[-2] for entry in await bot.requests()}
    # X hides the likers of others' posts anyway: a channel that opens and shuts asks for none.
    assert asked == {str(own)}
