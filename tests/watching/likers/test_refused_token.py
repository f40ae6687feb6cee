"""X takes the bot's own token back while it runs: told once, and nothing is lost."""

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import CredentialRefused
from bot.x.limits import Endpoint
from tests.watching.harness import Bot, World, announced

AN_HOUR_S = 3600


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_it_is_told_once_by_each_part_and_by_status_until_it_is_over(
    world: World, bot: Bot
) -> None:
    post = world.post(likes=3)
    await bot.watch(post)
    people = world.likes(post)
    await bot.count()
    for endpoint in (Endpoint.POSTS, Endpoint.USER_POSTS, Endpoint.LIKING_USERS):
        world.fault(endpoint, status=401, times=100)

    with capture_logs() as logs:
        for _ in range(3):
            world.sandbox.clock.advance(AN_HOUR_S)  # so that whatever rests is due again
            await bot.round()
    told = [(entry["event"], entry["part"]) for entry in logs]
    problem = bot.health.problem
    world.sandbox.faults.clear()
    world.sandbox.clock.advance(AN_HOUR_S)
    with capture_logs() as after:
        await bot.round()

    assert sorted(told) == [("trouble", "collect"), ("trouble", "probe")]
    assert problem == str(CredentialRefused())
    assert [entry["event"] for entry in after] == ["works again", "works again"]
    assert bot.health.problem is None
    assert await announced(bot.database) == people
