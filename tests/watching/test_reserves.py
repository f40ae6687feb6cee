"""However much there is to count and to read, some of X's requests are left to people."""

import pytest

from bot.domain.errors import RateLimited
from bot.x.limits import Endpoint
from tests.databases import on_sqlite
from tests.watching.harness import TWITTER, Bot, World, announced, stored_post

A_WINDOW_S = 900
LEFT = 5


@on_sqlite
async def test_reading_leaves_requests_for_likers_to_people(world: World, bot: Bot) -> None:
    post = world.post(likes=1)
    await bot.watch(post)
    people = world.likes(post, 9)
    await bot.count()
    await bot.leave(LEFT)
    await bot.requests()

    world.sandbox.clock.advance(A_WINDOW_S / 3)  # longer than readings are apart
    await bot.round()
    of_the_reserve = await bot.requests()
    likers = await bot.x.likes.liking_users(post)
    world.sandbox.clock.advance(A_WINDOW_S)
    await bot.round()

    assert of_the_reserve == []
    assert len(likers.users) == 10
    assert await announced(bot.database) == people


@on_sqlite
async def test_counting_leaves_requests_for_posts_to_people(world: World, bot: Bot) -> None:
    post = world.post(author_id=TWITTER, likes=1)
    await bot.watch(post)
    await bot.leave(LEFT, Endpoint.POSTS)
    await bot.requests()

    world.likes(post)
    world.sandbox.clock.advance(A_WINDOW_S / 3)
    await bot.round()
    of_the_reserve = await bot.requests("/2/tweets")
    await bot.x.post(post)
    world.sandbox.clock.advance(A_WINDOW_S)
    await bot.round()

    assert of_the_reserve == []
    assert (await stored_post(bot.database, post)).like_count == 2


@on_sqlite
async def test_a_person_has_the_last_of_them(bot: Bot) -> None:
    await bot.leave(1, Endpoint.POSTS)
    with pytest.raises(RateLimited):
        await bot.x.counts([20], keep=1)
    await bot.x.counts([20])
