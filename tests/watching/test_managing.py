"""A watch is paused and resumed, and changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import Watch, WatchChanges, WatchRef
from bot.domain.errors import OnlyForPosts, UnknownWatch, WatchedThereAlready
from bot.domain.styles import WatchStyle
from bot.domain.when import When
from bot.watching.managing import ManagedWatches
from storage import models
from storage.account_watches import AccountWatches
from storage.models import AccountWatch
from tests.databases import on_sqlite
from tests.watching.harness import (
    CHANNEL,
    GUILD,
    TWITTER,
    Bot,
    World,
    announced,
    growths,
    stored_post,
)

CHANGES = WatchChanges(CHANNEL, None, When(), None, unlikes=False)


@pytest.fixture
def managed(bot: Bot) -> ManagedWatches:
    return ManagedWatches(bot.database, bot.access, bot.now)


async def _go_on(bot: Bot) -> None:
    for _ in range(4):
        await bot.round()


@on_sqlite
async def test_nothing_is_asked_of_x_for_a_paused_watch_and_what_came_stays_silent(
    world: World, bot: Bot, managed: ManagedWatches
) -> None:
    post = world.post(likes=2)
    ref = WatchRef(await bot.watch(post))
    before = world.likes(post)
    await bot.round()
    paused = await managed.pause(GUILD, ref)
    assert paused.resting_since is not None
    await bot.requests("")
    world.likes(post, 3)
    await _go_on(bot)
    await managed.resume(GUILD, ref)
    assert await bot.requests("") == []
    await _go_on(bot)
    after = world.likes(post, 2)
    await _go_on(bot)
    assert await announced(bot.database) == [*before, *after]


async def test_of_a_post_whose_likers_are_hidden_the_growth_meanwhile_stays_silent(
    world: World, bot: Bot, managed: ManagedWatches
) -> None:
    post = world.post(TWITTER, likes=2)
    ref = WatchRef(await bot.watch(post))
    await managed.pause(GUILD, ref)
    world.likes(post, 3)
    await managed.resume(GUILD, ref)
    await _go_on(bot)
    world.likes(post, 1)
    await _go_on(bot)
    assert await growths(bot.database) == [(5, 6)]


@on_sqlite
async def test_who_watches_the_same_post_is_told_as_ever(
    world: World, bot: Bot, managed: ManagedWatches
) -> None:
    post = world.post()
    paused = await bot.watch(post)
    other = await bot.watch(post, CHANNEL + 1)
    await managed.pause(GUILD, WatchRef(paused))
    people = world.likes(post, 2)
    await _go_on(bot)
    await managed.resume(GUILD, WatchRef(paused))
    assert not (await stored_post(bot.database, post)).begins_anew
    people += world.likes(post, 1)
    await _go_on(bot)

    assert await announced(bot.database, other) == people
    assert await announced(bot.database, paused) == people[2:]


@on_sqlite
async def test_watch_add_resumes_a_paused_watch(
    world: World, bot: Bot, managed: ManagedWatches
) -> None:
    post = world.post(likes=1)
    ref = WatchRef(await bot.watch(post))
    await managed.pause(GUILD, ref)
    world.likes(post, 2)
    assert await bot.watch(post) == ref.id
    assert (await managed.get(GUILD, ref)).resting_since is None
    after = world.likes(post)
    await _go_on(bot)
    assert await announced(bot.database) == after


async def _account(bot: Bot, label: str | None = None) -> int:
    watch = AccountWatch(
        guild_id=GUILD,
        channel_id=CHANNEL + 7,
        x_user_id=TWITTER,
        username="Twitter",
        created_by=1,
        created_at=bot.now(),
        label=label,
    )
    async with bot.database.transaction() as session:
        return (await AccountWatches(session).add(watch)).id or 0


async def test_an_account_is_paused_with_the_posts_that_it_found(
    world: World, bot: Bot, managed: ManagedWatches
) -> None:
    await bot.watch(world.post(TWITTER))  # so that the account is known
    account = await _account(bot)
    found = await bot.watch(world.post(TWITTER), CHANNEL + 7)
    async with bot.database.transaction() as session:
        row = await session.get_one(models.Watch, found)
        row.account_watch_id = account
    ref = WatchRef(account, account=True)
    assert (await managed.pause(GUILD, ref)).resting_since is not None
    assert (await managed.get(GUILD, WatchRef(found))).resting_since is not None
    async with bot.database.reading() as session:
        assert await AccountWatches(session).active() == []

    await managed.resume(GUILD, ref)
    assert (await managed.get(GUILD, WatchRef(found))).resting_since is None
    async with bot.database.reading() as session:
        (active,) = await AccountWatches(session).active()
    assert active.since_id > 0, "what appeared meanwhile is not watched"


async def test_what_waits_is_told_in_the_new_channel_and_style(
    world: World, bot: Bot, managed: ManagedWatches
) -> None:
    post = world.post()
    watch = await bot.watch(post)
    await bot.watch(world.post(), CHANNEL + 1)
    world.likes(post, 3)
    await bot.round()
    there = replace(
        CHANGES, channel_id=CHANNEL + 1, style=WatchStyle.DIGEST, when=When(digest_minute=60)
    )
    changed = await managed.edit(GUILD, watch, there)
    assert (changed.channel_id, changed.style, changed.when) == (
        CHANNEL + 1,
        WatchStyle.DIGEST,
        When(digest_minute=60),
    )
    assert await bot.outbox.claim() == ()
    world.sandbox.clock.advance(timedelta(days=1).total_seconds())
    (delivery,) = await bot.outbox.claim()
    assert (delivery.channel_id, delivery.announcements[0].told) == (CHANNEL + 1, 3)
    await bot.outbox.sent(delivery, 7)

    history = await managed.history(GUILD, WatchRef(watch))
    assert [each.likes for each in history.last] == [3]
    assert (history.waiting, history.watch.id) == (0, watch)


@on_sqlite
async def test_what_cannot_be_changed_so_is_said(
    world: World, bot: Bot, managed: ManagedWatches
) -> None:
    post = world.post()
    watch = await bot.watch(post)
    await bot.watch(post, CHANNEL + 1)
    with pytest.raises(WatchedThereAlready):
        await managed.edit(GUILD, watch, replace(CHANGES, channel_id=CHANNEL + 1))
    with pytest.raises(UnknownWatch):
        await managed.edit(GUILD + 1, watch, CHANGES)
    await bot.watch(world.post(TWITTER))
    with pytest.raises(OnlyForPosts):
        await managed.history(GUILD, WatchRef(await _account(bot), account=True))
    assert isinstance(await managed.get(GUILD, WatchRef(watch)), Watch)
