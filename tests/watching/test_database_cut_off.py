"""A database that restarts while an answer of X's is stored: it is stored all the same.

What was read was paid for, with money and with one of few requests.
"""

from decimal import Decimal

import pytest

from storage.guild_data import GuildData
from storage.watches import Watches
from tests.cut_off import cut_off_at
from tests.databases import on_postgres
from tests.watching.harness import GUILD, Bot, World, announced

pytestmark = on_postgres


@pytest.mark.parametrize("statement", ["INSERT INTO charge", "INSERT INTO post_like"])
async def test_a_reading(world: World, bot: Bot, statement: str) -> None:
    post = world.post(likes=1)
    await bot.watch(post)
    people = world.likes(post, 2)
    await bot.count()
    await bot.requests()
    with cut_off_at(bot.database, statement) as lost:
        await bot.read(post)
    assert len(lost) == 1

    assert await announced(bot.database) == people
    assert len(await bot.requests()) == 1
    async with bot.http.get(f"{world.url}/sandbox/charges") as response:
        charged = await response.json()
    assert (await bot.ledger.spent())[1] == Decimal(charged["total_usd"])


async def test_a_count(world: World, bot: Bot) -> None:
    post = world.post()
    await bot.watch(post)
    people = world.likes(post)
    with cut_off_at(bot.database, "UPDATE post ") as lost:
        await bot.count()
    assert len(lost) == 1
    await bot.collector.run_once()
    assert await announced(bot.database) == people


async def test_which_servers_the_bot_is_in(world: World, bot: Bot) -> None:
    """Discord says so once, when it is connected."""
    await bot.watch(world.post())
    await bot.watches.left(GUILD)
    with cut_off_at(bot.database, "UPDATE account_watch") as lost:
        await bot.watches.present_in([GUILD])
    assert len(lost) == 1

    async with bot.database.reading() as session:
        (watch,) = await Watches(session).of_guild(GUILD)
        assert watch.paused_at is None
        assert not await GuildData(session).left_before(bot.now())
