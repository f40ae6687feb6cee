"""Where X allows 15 requests in 15 minutes, they last for all of them."""

from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest

from bot.domain import AccountWatchRequest
from tests.watching.harness import CHANNEL, EVERY, GUILD, MEMBER, TWITTER, Bot, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LIMIT, WINDOW_S = 15, 900
EVERY_S = EVERY.total_seconds()


def _allow(world: World, match: str) -> dict[str, str]:
    """Let X allow 15 of these in a window that begins now; return what it says of them."""
    told = {
        "x-rate-limit-limit": str(LIMIT),
        "x-rate-limit-remaining": str(LIMIT),
        "x-rate-limit-reset": str(int(world.sandbox.clock.time()) + WINDOW_S),
    }
    world.fault(match, times=99, headers=told)
    return told


async def _play(
    bot: Bot, told: dict[str, str], path: str, work: Callable[[], Awaitable[object]]
) -> list[float]:
    """Work at each tick of a window; return when X was asked, in seconds from its begin."""
    at: list[float] = []
    await bot.requests(path)
    for tick in range(int(WINDOW_S / EVERY_S)):
        # What X says of a request is about the time after it.
        told["x-rate-limit-remaining"] = str(LIMIT - len(at) - 1)
        await work()
        at += [tick * EVERY_S for _ in await bot.requests(path)]
        bot.world.sandbox.clock.advance(EVERY_S)
    return at


def _are_spread(at: list[float], least: int = 10) -> None:
    assert least <= len(at) <= 12, "some are left to people"
    waits = [later - earlier for earlier, later in pairwise([0.0, *at, WINDOW_S])]
    assert max(waits) <= 2 * 60
    assert min(waits[2:-1]) >= 45


async def test_posts_are_counted_about_once_a_minute(world: World, bot: Bot) -> None:
    await bot.watch(world.post(author_id=TWITTER))
    told = _allow(world, "GET /2/tweets")
    await bot.probe.run_once()
    bot.world.sandbox.clock.advance(EVERY_S)

    _are_spread(await _play(bot, told, "/2/tweets", bot.probe.run_once))


async def test_so_are_the_accounts_own(world: World, bot: Bot) -> None:
    post = world.post()
    await bot.watch(post)
    told = _allow(world, "GET /2/users/:id/tweets")
    await bot.probe.run_once()
    bot.world.sandbox.clock.advance(EVERY_S)

    _are_spread(await _play(bot, told, "/tweets", bot.probe.run_once))


async def test_so_are_accounts_asked_for_new_posts(world: World, bot: Bot) -> None:
    for name in ("Twitter", "TwitterDev"):
        await bot.account_watches.add(
            AccountWatchRequest(GUILD, CHANNEL, f"@{name}", MEMBER, days=7)
        )
    told = _allow(world, "GET /2/users/:id/tweets")
    await bot.accounts.run_once()
    bot.world.sandbox.clock.advance(EVERY_S)

    # Some were used to add the two, and to ask about both at the first tick.
    _are_spread(await _play(bot, told, "/tweets", bot.accounts.run_once), least=8)
