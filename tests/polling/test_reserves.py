"""However much there is to count, some of X's requests for posts are left to people."""

import pytest

from bot.errors import RateLimited
from bot.polling import coverage
from bot.x.limits import Endpoint
from tests.polling.harness import TWITTER, Bot, World, stored_post

LEFT = 5


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_counting_leaves_requests_for_posts_to_people(world: World, bot: Bot) -> None:
    post = world.post(author_id=TWITTER, likes=1)
    await bot.watch(post)
    allowance = await bot.x.allowance(Endpoint.POSTS)
    await bot.leave(coverage.reserve(allowance), Endpoint.POSTS)
    await bot.requests()

    world.likes(post)
    world.sandbox.clock.advance(300)
    await bot.round()
    while_others_used_it_up = await bot.requests("/2/tweets")
    await bot.x.post(post)
    world.sandbox.clock.advance(900)
    await bot.round()

    assert 0 < coverage.reserve(allowance) < allowance.limit / LEFT
    assert while_others_used_it_up == []
    assert (await stored_post(bot.database, post)).like_count == 2


async def test_a_person_has_the_last_of_them(bot: Bot) -> None:
    await bot.leave(1, Endpoint.POSTS)
    with pytest.raises(RateLimited):
        await bot.x.counts([20], keep=1)
    await bot.x.counts([20])
