"""A 403 that is not about private likes: the likes wait, and the watch goes on with names."""

from typing import Any

import pytest

from bot.domain.errors import AccountSuspended, NotInPlan
from storage.models import PostKind
from tests.watching.harness import LIKERS, TWITTER, Bot, World, announced, growths, stored_post

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TYPES = "https://api.twitter.com/2/problems"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"type": f"{TYPES}/client-forbidden", "reason": "client-not-enrolled"}, NotInPlan),
        ({"errors": [{"code": 326, "message": "locked"}]}, AccountSuspended),
    ],
)
async def test_names_are_told_when_it_is_over(
    world: World, bot: Bot, body: dict[str, Any], error: type[NotInPlan | AccountSuspended]
) -> None:
    post = world.post(likes=30)
    await bot.watch(post)
    world.fault(LIKERS, times=99, status=403, body=body)
    people = world.likes(post, 2)
    await bot.round()
    assert await announced(bot.database) == []
    assert str(error()) in (bot.health.problem or "")

    world.sandbox.faults.clear()
    await bot.abilities.try_again()
    await bot.round()

    assert await announced(bot.database) == people
    assert (await stored_post(bot.database, post)).kind == PostKind.NAMES
    assert bot.health.problem is None


async def test_likers_that_are_private_are_counted(world: World, bot: Bot) -> None:
    """X may forbid them in place of an empty list."""
    body = {"type": f"{TYPES}/not-authorized-for-resource", "title": "Authorization Error"}
    post = world.post(TWITTER, likes=30)
    await bot.watch(post)
    world.fault(LIKERS, times=99, status=403, body=body)
    world.likes(post, 2)
    await bot.round()

    assert (await stored_post(bot.database, post)).kind == PostKind.COUNTS
    assert await growths(bot.database) == [(30, 32)]
