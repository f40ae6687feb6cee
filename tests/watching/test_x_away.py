"""X away for hours, by the clock: what happened meanwhile is told once, and nothing untrue."""

from typing import Any

import pytest

from bot.x.limits import Endpoint
from storage.database import Database
from tests.databases import on_sqlite
from tests.watching.harness import Bot, World, announced, notices

HOURS, STEP_S = 5, 600
ANSWERS = [{"status": 503, "body": "<html>down</html>"}, {"drop": True}]


@on_sqlite
@pytest.mark.parametrize("answer", ANSWERS)
async def test_likes_of_hours_without_x_are_told_once_when_it_is_back(
    world: World, database: Database, bot: Bot, answer: dict[str, Any]
) -> None:
    post = world.post(likes=3)
    await bot.watch(post)
    await bot.round()
    world.fault("* /2/*", times=10**6, **answer)

    people = []
    for _ in range(HOURS * 3600 // STEP_S):
        people += world.likes(post)
        world.sandbox.clock.advance(STEP_S)
        await bot.count()
        await bot.collector.run_once()
    assert await announced(database) == []
    assert bot.health.problem is not None

    world.sandbox.faults.clear()
    await bot.round()
    assert sorted(await announced(database)) == sorted(people)
    assert await notices(database) == []
    assert bot.health.problem is None
    assert (await bot.x.allowance(Endpoint.LIKING_USERS)).remaining > 0
