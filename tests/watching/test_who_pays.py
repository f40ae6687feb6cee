"""What polling costs is booked to the servers that watch, and a spent budget ends it for them."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from bot.x.prices import MICRO_USD, Resource
from storage.charges import Charges
from storage.models import Charge, Guild
from tests.watching.harness import GUILD, LIMIT, Bot, World, announced, growths, stored_post

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OTHER = GUILD + 1
BUDGET = 10_000_000
A_DAY = timedelta(days=1)
POST, OWNED, USER = (
    MICRO_USD[resource]
    for resource in (Resource.POST_READ, Resource.OWNED_READ, Resource.USER_READ)
)


async def _tomorrow(world: World, bot: Bot) -> date:
    """Let a day pass, so that nothing is paid yet; return the new one."""
    world.sandbox.clock.advance(A_DAY.total_seconds())
    return bot.now().date()


async def _for_posts(bot: Bot, day: date) -> dict[tuple[int, int], int]:
    """Return the same of watched posts alone."""
    return {key: sum_ for key, sum_ in (await _charged(bot, day)).items() if key[1]}


async def _charged(bot: Bot, day: date) -> dict[tuple[int, int], int]:
    """Return the micro-USD that polling cost on a day, by guild and post."""
    query = select(Charge).where(col(Charge.day) == day)
    found: Counter[tuple[int, int]] = Counter()
    async with bot.database.reading() as session:
        for charge in await session.exec(query):
            assert charge.purpose == "watch"
            found[charge.guild_id, charge.post_id] += charge.micro_usd
    return dict(found)


async def _spend_budget(bot: Bot, guild_id: int) -> None:
    """Give a server a budget, and let its people spend it."""
    row = {"guild_id": guild_id, "purpose": "/likers", "post_id": 0, "resource": "user_read"}
    async with bot.database.transaction() as session:
        session.add(Guild(id=guild_id, budget_micro_usd=BUDGET))
        await Charges(session).add(
            [{**row, "day": bot.now().date(), "count": 1, "micro_usd": BUDGET}]
        )


async def test_counting_is_paid_by_who_watches_once_a_day(world: World, bot: Bot) -> None:
    own = world.post()
    await bot.watch(own)
    await bot.watch(LIMIT, guild_id=OTHER)
    today = await _tomorrow(world, bot)
    for _ in range(9):
        await bot.round()

    assert await _for_posts(bot, today) == {(GUILD, own): OWNED, (OTHER, LIMIT): POST}


async def test_who_watches_the_same_post_shares(world: World, bot: Bot) -> None:
    own = world.post(likes=3)
    for guild_id in (GUILD, OTHER):
        await bot.watch(own, channel_id=guild_id, guild_id=guild_id)
        await bot.watch(LIMIT, channel_id=guild_id, guild_id=guild_id)
    today = await _tomorrow(world, bot)
    world.likes(own)
    for _ in range(5):
        await bot.round()

    # The new liker is read with one that is known.
    own_part = (OWNED + 2 * USER) // 2
    assert await _for_posts(bot, today) == {
        (GUILD, own): own_part,
        (OTHER, own): own_part,
        (GUILD, LIMIT): POST // 2,
        (OTHER, LIMIT): POST // 2,
    }


async def test_reading_likers_is_paid_by_who_watches(world: World, bot: Bot) -> None:
    first, second = world.post(likes=5), world.post(likes=5)
    await bot.watch(first)
    await bot.watch(second, guild_id=OTHER)
    today = await _tomorrow(world, bot)
    world.likes(first, 3)
    world.likes(second)
    await bot.round()

    assert await _for_posts(bot, today) == {
        (GUILD, first): OWNED + 4 * USER,
        (OTHER, second): OWNED + 2 * USER,
    }


async def test_posts_that_come_along_on_a_page_are_shared_by_who_asked_for_it(
    world: World, bot: Bot
) -> None:
    """X gives five posts at least, and charges for all of them."""
    first, *_, last = [world.post() for _ in range(6)][-3:]
    await bot.watch(first)
    await bot.watch(last, guild_id=OTHER)
    today = await _tomorrow(world, bot)
    await bot.round()

    charged = await _charged(bot, today)
    assert charged == {
        (GUILD, first): OWNED,
        (OTHER, last): OWNED,
        (GUILD, 0): 3 * OWNED // 2,
        (OTHER, 0): 3 * OWNED // 2,
    }


async def test_a_spent_budget_ends_polling_for_one_server_and_not_for_another(
    world: World, bot: Bot
) -> None:
    theirs, ours = world.post(likes=1), world.post(likes=1)
    await bot.watch(theirs, guild_id=OTHER)
    await bot.watch(ours)
    today = await _tomorrow(world, bot)
    await _spend_budget(bot, OTHER)
    people = world.likes(ours, 2)
    world.likes(theirs, 2)
    for _ in range(3):
        await bot.round()

    assert await announced(bot.database) == people
    assert (await stored_post(bot.database, theirs)).like_count == 1, "it was not counted"
    async with bot.database.reading() as session:
        polled = select(Charge.guild_id).where(
            col(Charge.day) == today, col(Charge.purpose) == "watch"
        )
        assert set(await session.exec(polled)) == {GUILD}


async def test_counts_by_id_end_as_well(world: World, bot: Bot) -> None:
    await bot.watch(LIMIT, guild_id=OTHER)
    await _tomorrow(world, bot)
    await _spend_budget(bot, OTHER)
    world.likes(LIMIT)
    for _ in range(5):
        await bot.round()

    assert await growths(bot.database) == []


async def test_what_another_can_pay_for_goes_on_for_both_and_is_paid_by_that_one(
    world: World, bot: Bot
) -> None:
    post = world.post(likes=1)
    await bot.watch(post, channel_id=1)
    await bot.watch(post, channel_id=2, guild_id=OTHER)
    today = await _tomorrow(world, bot)
    await _spend_budget(bot, OTHER)
    (person,) = world.likes(post)
    await bot.round()

    assert await announced(bot.database) == [person, person]
    async with bot.database.reading() as session:
        paid = select(Charge.guild_id).where(col(Charge.day) == today, col(Charge.post_id) == post)
        assert set(await session.exec(paid)) == {GUILD}


async def test_nor_does_it_pay_when_another_begins_to_watch(world: World, bot: Bot) -> None:
    post = world.post(likes=1)
    await bot.watch(post)
    today = await _tomorrow(world, bot)
    await _spend_budget(bot, GUILD)
    world.likes(post, 5)

    await bot.watch(post, channel_id=2, guild_id=OTHER)

    async with bot.database.reading() as session:
        paid = select(Charge.guild_id).where(col(Charge.day) == today, col(Charge.post_id) == post)
        assert set(await session.exec(paid)) == {OTHER}
