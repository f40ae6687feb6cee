import pytest

from tests.watching.harness import Bot, World


@pytest.fixture
async def post(world: World, bot: Bot) -> int:
    """A post with 30 likes that is watched; what X was asked until then is forgotten."""
    post_id = world.post(likes=30)
    await bot.watch(post_id)
    await bot.requests()
    return post_id
