"""X is asked in its newer names, in which a page of posts does not tell what they refer to."""

import pytest

from bot.domain import AccountWatchRequest
from tests.watching.harness import (
    CHANNEL,
    DEV,
    EVERY,
    GUILD,
    MEMBER,
    TWITTER,
    Bot,
    World,
    announced,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def newer(world: World) -> None:
    settings = world.sandbox.world.settings
    settings.edition = settings.spelling = "2.167"


async def _watch(bot: Bot) -> None:
    await bot.account_watches.add(
        AccountWatchRequest(GUILD, CHANNEL, "@TwitterDev", MEMBER, days=7, reposts=True)
    )


async def _look(bot: Bot) -> list[int]:
    bot.world.sandbox.clock.advance(EVERY.total_seconds())
    await bot.accounts.run_once()
    await bot.round()
    return [watch.post.id for watch in await bot.watches.list(GUILD)]


async def test_of_a_repost_the_original_is_watched(world: World, bot: Bot) -> None:
    original = world.post(author_id=TWITTER)
    await _watch(bot)
    world.repost(original, author_id=DEV)

    assert await _look(bot) == [original]


async def test_a_post_of_ones_own_is_watched_from_its_first_like_on(world: World, bot: Bot) -> None:
    await _watch(bot)
    post = world.post()
    people = world.likes(post, 2)

    assert await _look(bot) == [post]
    assert await announced(bot.database) == people
