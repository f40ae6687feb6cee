"""A member's account subscribes in the way that X wants: as it was linked in the browser."""

import pytest
from structlog.testing import capture_logs

from tests.linking import TOKEN_CALL, Party, X
from tests.watching.harness import TWITTER, World
from tests.watching.push.harness import PushBot

TWO_HOURS = 7_200


@pytest.fixture
async def party(world: World, bot: PushBot) -> Party:
    """Somebody whose post is watched, and whom nothing is linked of yet."""
    party = Party(X(world.sandbox, world.url, bot.http), bot.database)
    bot.access = bot.subscribing._access = party.access
    await bot.watch(world.post(TWITTER, likes=3))
    world.sandbox.world.settings.push_traps.oauth1 = "refused"
    return party


async def asked_as(bot: PushBot) -> list[tuple[str, int]]:
    """Return as what X was asked to push since the last call, and what it said."""
    found = await bot.requests("/activity/subscriptions")
    return [(each["auth"], each["status"]) for each in found if each["method"] == "POST"]


async def test_linked_in_both_ways_it_asks_as_in_the_browser(bot: PushBot, party: Party) -> None:
    await party.link_by_pin()
    await party.link_in_browser()
    await bot.subscribing.run_once()
    assert set(bot.coverage.accounts) == {TWITTER}
    assert await asked_as(bot) == [("oauth2", 200)] * 3


async def test_a_refused_pin_does_not_keep_the_browser_waiting(bot: PushBot, party: Party) -> None:
    await party.link_by_pin()
    await bot.subscribing.run_once()
    assert bot.subscribing.refuses(TWITTER)
    await party.link_in_browser()
    await bot.subscribing.run_once()
    assert set(bot.coverage.accounts) == {TWITTER}


async def test_a_browser_that_x_refuses_leaves_the_pin(
    world: World, bot: PushBot, party: Party
) -> None:
    """What the browser was given is used up: the PIN's token is tried, and still reads."""
    await party.link_by_pin()
    await party.link_in_browser()
    world.sandbox.world.settings.push_traps.oauth1 = "allowed"
    world.sandbox.clock.advance(TWO_HOURS)
    world.fault(f"POST {TOKEN_CALL}", times=9, status=400, body={"error": "invalid_grant"})
    await bot.subscribing.run_once()
    assert await asked_as(bot) == [], "one refusal is not enough"
    world.sandbox.clock.advance(60)
    with capture_logs() as logs:
        await bot.subscribing.run_once()
    assert await asked_as(bot) == [("oauth1", 200)] * 3
    assert set(bot.coverage.accounts) == {TWITTER}
    assert [entry for entry in logs if entry["log_level"] == "warning"] == []
    assert await party.tokens.token(TWITTER) is not None
