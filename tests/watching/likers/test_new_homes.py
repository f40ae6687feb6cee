"""A server that has just become the operator's own: its names are not held back until later."""

from bot.accounts.audience import Audience
from bot.money.home_guilds import HomeGuilds
from storage.guilds import Guilds
from tests.databases import on_sqlite
from tests.watching.harness import GUILD, Bot, World, announced, growths


@on_sqlite
async def test_who_likes_just_after_a_server_has_become_home_is_named(
    world: World, bot: Bot
) -> None:
    bot.access.audience = Audience(bot.database, HomeGuilds())
    async with bot.database.transaction() as session:
        await Guilds(session).set_owned({GUILD + 1: True})
    await bot.watch(world.post(likes=3), guild_id=GUILD + 1)
    await bot.collect()
    async with bot.database.transaction() as session:
        await Guilds(session).set_owned({GUILD: True, GUILD + 1: True})
    post = world.post(likes=3)
    await bot.watch(post)

    people = world.likes(post, 1)
    await bot.count()
    await bot.collect()

    assert await announced(bot.database) == people
    assert await growths(bot.database) == []
