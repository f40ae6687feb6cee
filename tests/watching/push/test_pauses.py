"""What is liked while a watch is paused is not told afterwards, by whichever way it comes."""

import pytest

from bot.domain import User
from bot.domain.push import PushEvent, PushKind
from bot.domain.watches import WatchRef
from bot.watching.managing import ManagedWatches
from tests.watching.harness import CHANNEL, DEV, GUILD, World, announced
from tests.watching.push.harness import PushBot


@pytest.fixture
def managed(bot: PushBot) -> ManagedWatches:
    bot.coverage.subscribed([DEV])
    bot.coverage.opened("stream")
    return ManagedWatches(bot.database, bot.access, bot.now)


def like(world: World, bot: PushBot, post_id: int) -> PushEvent:
    """Let somebody like a post; return the event, which is on its way."""
    (user_id,) = world.likes(post_id, 1)
    liker = User(user_id, f"person{user_id}", "Ada")
    return PushEvent(
        PushKind.LIKE,
        key=f"{user_id:032x}",
        account_id=DEV,
        post_id=post_id,
        liker=liker,
        at=bot.now(),
    )


async def test_an_event_of_a_pause_that_comes_after_it(
    world: World, bot: PushBot, managed: ManagedWatches
) -> None:
    """Another channel's watch goes on, so that the post is known all the time."""
    post = world.post(likes=3)
    goes_on, ref = await bot.watch(post), WatchRef(await bot.watch(post, CHANNEL + 1))
    await bot.round()
    await managed.pause(GUILD, ref)
    world.sandbox.clock.advance(60)
    event = like(world, bot, post)
    world.sandbox.clock.advance(60)
    await managed.resume(GUILD, ref)
    bot.inbox.offer(event)
    await bot.push.run_once()
    after = like(world, bot, post)
    bot.inbox.offer(after)
    await bot.push.run_once()
    assert event.liker is not None
    assert after.liker is not None
    assert await announced(bot.database, goes_on) == [event.liker.id, after.liker.id]
    assert await announced(bot.database, ref.id) == [after.liker.id]


@pytest.mark.parametrize("is_read_before", [True, False])
async def test_an_event_of_a_pause_where_nobody_else_watches(
    world: World, bot: PushBot, managed: ManagedWatches, *, is_read_before: bool
) -> None:
    post = world.post(likes=3)
    ref = WatchRef(await bot.watch(post))
    await bot.round()
    await managed.pause(GUILD, ref)
    world.sandbox.clock.advance(60)
    event = like(world, bot, post)
    world.sandbox.clock.advance(60)
    await managed.resume(GUILD, ref)
    for comes in (not is_read_before, is_read_before):
        if comes:
            bot.inbox.offer(event)
            await bot.push.run_once()
        await bot.wait(16)
        await bot.time_passes(30)
        await bot.push.read_next()
    after = like(world, bot, post)
    bot.inbox.offer(after)
    await bot.push.run_once()
    assert after.liker is not None
    assert await announced(bot.database) == [after.liker.id]
