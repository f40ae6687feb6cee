"""Looks for likes that are counted and not listed: after failures, over restarts, within limits."""

import asyncio

import aiohttp
import pytest
from sqlmodel import col, update

from storage.models import ListOrder, Post, PostKind
from tests.databases import on_sqlite
from tests.watching.harness import (
    LIKERS,
    Bot,
    World,
    announced,
    growths,
    stored_likers,
    stored_post,
)

MINUTE = 60.0


# A list that begins with the oldest is read from where it ended.


async def _watched_to_its_end(world: World, bot: Bot) -> tuple[int, list[int]]:
    """Watch a post until it is known where its list grows; return it and who was announced."""
    world.sandbox.world.settings.list_order = "oldest_first"
    post = world.post(likes=150)
    await bot.watch(post)
    people = []
    for _ in range(4):
        people += world.likes(post)
        await bot.round()
        await bot.time_passes(6 * MINUTE, every_s=30)
    row = await stored_post(bot.database, post)
    assert (row.list_order, row.tail_token is None) == (ListOrder.OLDEST_FIRST, False)
    await bot.requests()
    return post, people


@on_sqlite
async def test_the_end_is_read_alone(world: World, bot: Bot) -> None:
    post, people = await _watched_to_its_end(world, bot)
    people += world.likes(post)
    await bot.round()
    await bot.requests()
    people += world.likes(post)
    await bot.round()

    (request,) = await bot.requests()
    assert "pagination_token" in request["query"]
    assert await announced(bot.database) == people


@on_sqlite
async def test_a_place_that_x_does_not_know_any_more_begins_at_the_top_again(
    world: World, bot: Bot
) -> None:
    post, people = await _watched_to_its_end(world, bot)
    async with bot.database.transaction() as session:
        await session.exec(update(Post).where(col(Post.id) == post).values(tail_token="nonsense"))
    people += world.likes(post)
    await bot.round()

    requests = await bot.requests()
    assert [entry["status"] for entry in requests] == [400, 200, 200]
    assert await announced(bot.database) == people
    people += world.likes(post)
    await bot.round()
    assert [entry["status"] for entry in await bot.requests()] == [200], "the new place is known"
    assert await announced(bot.database) == people


@on_sqlite
async def test_many_at_once_are_read_from_the_end_on(world: World, bot: Bot) -> None:
    post, people = await _watched_to_its_end(world, bot)
    people += world.likes(post, 120)
    await bot.round()

    assert await announced(bot.database) == people


# The first reading


@on_sqlite
@pytest.mark.parametrize("likes", [20, 150])
async def test_a_first_reading_that_is_late_tells_what_a_late_list_shows_later(
    world: World, bot: Bot, likes: int
) -> None:
    world.sandbox.world.settings.list_lag_s = 4
    post = world.post(likes=likes)
    world.sandbox.clock.advance(5)
    world.likes(post, 6)
    world.fault(LIKERS, status=503, times=2)
    await bot.watch(post)
    people = world.likes(post, 2)
    world.sandbox.clock.advance(60)
    people += world.likes(post, 3)
    await bot.round()
    await bot.rest(MINUTE)

    assert await announced(bot.database) == people
    assert (await stored_post(bot.database, post)).kind is PostKind.NAMES


async def test_who_is_doubtful_is_settled_after_a_restart(
    world: World, bot: Bot, http: aiohttp.ClientSession
) -> None:
    """Where some were not listed at first, who appears may be of those until they are counted."""
    post = world.post(likes=20)
    world.likes(post, 3, protected=True)
    await bot.watch(post)
    people = world.likes(post, 2)
    await bot.rest(5)
    assert people[0] in await stored_likers(bot.database, post)
    assert (await stored_post(bot.database, post)).doubtful_count == 2
    assert await announced(bot.database) == []

    restarted = Bot(world, bot.database, http)
    await restarted.count()
    await restarted.rest(40)

    assert await announced(bot.database) == people
    row = await stored_post(bot.database, post)
    assert (row.doubtful_count, row.held_back_count) == (0, 3)


async def test_who_was_doubtful_and_is_old_stays_old_after_a_restart(
    world: World, bot: Bot, http: aiohttp.ClientSession
) -> None:
    world.sandbox.world.settings.list_lag_s = 4
    post = world.post(likes=20)
    world.sandbox.clock.advance(5)
    world.likes(post, 3)
    await bot.watch(post)
    await bot.rest(20)
    assert (await stored_post(bot.database, post)).doubtful_count == 3

    restarted = Bot(world, bot.database, http)
    for _ in range(6):
        await restarted.round()
    world.likes(post, protected=True)
    for _ in range(30):
        await restarted.round()
    assert await announced(bot.database) == []
    people = world.likes(post)
    await restarted.round()
    await restarted.rest(20)

    assert await announced(bot.database) == people


# Several processes, and the limits of X


@pytest.mark.parametrize("lag", ["list_lag_s", "count_lag_s"])
async def test_two_processes_on_one_database_announce_everybody_once(
    world: World, bot: Bot, http: aiohttp.ClientSession, lag: str
) -> None:
    setattr(world.sandbox.world.settings, lag, 4)
    post = world.post(likes=20)
    world.sandbox.clock.advance(10)
    await bot.watch(post)
    other = Bot(world, bot.database, http)
    people = []
    for _ in range(8):
        people += world.likes(post, 3)
        await asyncio.gather(bot.round(), other.round())
    for _ in range(4):
        await asyncio.gather(bot.rest(20), other.rest(20))
        await asyncio.gather(bot.round(), other.round())

    assert sorted(await announced(bot.database)) == sorted(people)
    assert await growths(bot.database) == []
    assert (await stored_post(bot.database, post)).kind is PostKind.NAMES


@on_sqlite
async def test_looks_stay_within_what_x_allows_and_leave_room_for_people(
    world: World, bot: Bot
) -> None:
    posts = [world.post(likes=2) for _ in range(12)]
    for channel_id, post in enumerate(posts, start=1):
        await bot.watch(post, channel_id=channel_id)
    await bot.leave(40)
    await bot.requests()
    for post in posts:
        world.likes(post, protected=True)
    ends_at = bot.now().timestamp() + 890
    asked = []
    for _ in range(40):
        await bot.round()
        asked += [entry for entry in await bot.requests() if entry["at"] < ends_at]

    assert {entry["status"] for entry in asked} == {200}
    assert len(asked) < 40
    people = [world.likes(post)[0] for post in posts]
    world.sandbox.clock.advance(900)
    for _ in range(30):
        await bot.round()
    assert sorted(await announced(bot.database)) == sorted(people)


@on_sqlite
async def test_a_look_waits_for_likes_that_are_new(world: World, bot: Bot) -> None:
    hidden, fresh = world.post(likes=5), world.post(likes=5)
    for channel_id, post in enumerate((hidden, fresh), start=1):
        await bot.watch(post, channel_id=channel_id)
    world.likes(hidden, protected=True)
    await bot.round()
    people = world.likes(fresh, 3)
    await bot.count()
    await bot.requests()
    await bot.collect()

    first, *_ = await bot.requests()
    assert str(fresh) in first["path"]
    assert await announced(bot.database) == people


@on_sqlite
@pytest.mark.parametrize("likes", [16, 40], ids=["to_the_end_of_a_page", "over_pages"])
async def test_who_is_listed_late_stands_below_all_who_liked_since(
    world: World, bot: Bot, likes: int
) -> None:
    """Before they are called hidden, the list is read past all of these."""
    post = world.post(likes=5)
    await bot.watch(post)
    people = world.likes(post, 8, protected=True)
    await bot.round()
    late = [world.sandbox.world.users[user_id] for user_id in people]
    for _ in range(6):
        people += world.likes(post, likes)
        await bot.round()
        await bot.time_passes(15, every_s=15)
    assert (await stored_post(bot.database, post)).hidden_count == 0
    for each in late:
        each.protected = False
    await bot.time_passes(10 * MINUTE, every_s=15)

    assert set(await announced(bot.database)) == set(people)
