"""What X does not take of what it is to push is asked again: soon at first, then rarely."""

import contextlib
from typing import Any

import pytest

from bot.domain.errors import XError, XNotFound, XUnavailable
from tests.watching.harness import DEV, GUILD, World
from tests.watching.push.harness import PushBot

LIST, MAKE, DELETE = (f"{method} /2/activity/subscriptions" for method in ("GET", "POST", "DELETE"))


@pytest.fixture
async def watch(world: World, bot: PushBot) -> int:
    return await bot.watch(world.post(likes=3))


async def for_minutes(bot: PushBot, minutes: int) -> None:
    """Let the job run every five seconds."""
    for _ in range(minutes * 12):
        with contextlib.suppress(XError):
            await bot.subscribing.run_once()
        bot.world.sandbox.clock.advance(5)


async def asked(bot: PushBot, method: str) -> int:
    found = await bot.requests("/activity/subscriptions")
    return sum(each["method"] == method for each in found)


@pytest.mark.usefixtures("watch")
async def test_an_x_without_push_is_asked_every_five_minutes_in_the_end(
    world: World, bot: PushBot
) -> None:
    world.fault(LIST, status=404, times=1_000)
    await for_minutes(bot, 30)
    assert isinstance(bot.subscribing.trouble, XNotFound)
    assert await asked(bot, "GET") <= 6 + 30 / 5
    world.sandbox.faults.clear()
    await for_minutes(bot, 6)
    assert set(bot.coverage.accounts) == {DEV}
    assert bot.subscribing.trouble is None


@pytest.mark.usefixtures("watch")
async def test_what_x_cannot_make_now_is_a_trouble_and_made_later(
    world: World, bot: PushBot
) -> None:
    world.fault(MAKE, status=503, times=10_000)
    await for_minutes(bot, 10)
    assert isinstance(bot.subscribing.trouble, XUnavailable)
    assert await asked(bot, "GET") <= 8
    world.sandbox.faults.clear()
    await for_minutes(bot, 6)
    assert set(bot.coverage.accounts) == {DEV}


@pytest.mark.usefixtures("watch")
async def test_what_is_to_be_pushed_since_does_not_wait(world: World, bot: PushBot) -> None:
    world.fault(LIST, status=404, times=1)
    with pytest.raises(XNotFound):
        await bot.subscribing.run_once()
    await bot.subscribing.run_once()
    assert bot.coverage.accounts == {}
    bot.budgets._budget = 1  # micro-USD
    await bot.subscribing.run_once()
    assert bot.subscribing.trouble is None


@pytest.mark.parametrize("status", [404, 403, 503])
async def test_what_x_does_not_delete_keeps_nothing_from_being_made(
    world: World, bot: PushBot, watch: int, status: int
) -> None:
    subscriptions = world.sandbox.hub.subscriptions
    subscriptions.add("post.create", DEV, tag="likecord:12345")
    wrong: Any = subscriptions.add("like.create", 12345, tag="likecord:12345")
    world.fault(DELETE, status=status, times=1_000)
    await bot.subscribing.run_once()
    assert set(bot.coverage.accounts) == {DEV}
    assert (bot.subscribing.trouble is None) == (status == 404)
    world.sandbox.faults.clear()
    await bot.watches.remove(GUILD, watch)
    await bot.subscribing.run_once()
    assert wrong not in list(subscriptions)


@pytest.mark.usefixtures("watch")
async def test_a_list_that_is_late_once_is_no_refusal(world: World, bot: PushBot) -> None:
    world.fault(LIST, status=200, body={"meta": {"total_subscriptions": 0}}, times=1)
    world.fault(LIST, status=200, body={"data": None, "meta": {}}, times=1)
    await bot.subscribing.run_once()
    assert bot.coverage.accounts == {}
    assert not bot.subscribing.refuses(DEV)
    await bot.subscribing.run_once()
    assert set(bot.coverage.accounts) == {DEV}
