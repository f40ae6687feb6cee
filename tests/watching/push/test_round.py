"""A pushed like: stored and announced at once, and never a second time by polling."""

from tests.watching.harness import World, announced, stored_likers
from tests.watching.push.harness import PushBot


async def test_a_like_is_announced_without_a_reading(world: World, bot: PushBot) -> None:
    post = world.post(likes=3)
    await bot.watch(post)
    async with bot.streaming():
        await bot.settle()
        await bot.requests()
        likers = world.likes(post, 2)
        told = await bot.hear(2)
        assert told.announcements == 1
        assert await announced(bot.database) == likers
        await bot.wait(15 * 60)
        assert await bot.requests() == []
    assert await announced(bot.database) == likers
    assert len(await stored_likers(bot.database, post)) == 5
