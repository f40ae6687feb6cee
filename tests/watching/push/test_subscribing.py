"""What X is to push is kept equal to what is watched."""

from typing import Any

import pytest

from bot.domain.errors import XUnavailable
from storage.models import Guild
from tests.watching.harness import DEV, GUILD, TWITTER, World
from tests.watching.push.harness import PushBot

KINDS = {"like.create", "oauth.revoke", "post.delete"}


@pytest.fixture
async def watch(world: World, bot: PushBot) -> int:
    return await bot.watch(world.post(likes=3))


def kinds(world: World, user_id: int = DEV) -> set[str]:
    return {one.event_type for one in world.sandbox.hub.subscriptions if one.user_id == user_id}


async def calls(bot: PushBot) -> list[tuple[str, int]]:
    found = await bot.requests("/activity/subscriptions")
    return [(each["method"], each["status"]) for each in found]


async def test_made_while_something_is_watched_and_deleted_after(
    world: World, bot: PushBot, watch: int
) -> None:
    await bot.subscribing.run_once()
    assert kinds(world) == KINDS
    assert {one.tag for one in world.sandbox.hub.subscriptions} == {f"likecord:{DEV}"}
    await bot.watches.remove(GUILD, watch)
    await bot.subscribing.run_once()
    assert kinds(world) == set()
    assert bot.coverage.accounts == {}


@pytest.mark.usefixtures("watch")
async def test_listed_at_start_and_hourly(bot: PushBot) -> None:
    await bot.subscribing.run_once()
    await calls(bot)
    await bot.subscribing.run_once()
    assert await calls(bot) == []
    bot.world.sandbox.clock.advance(3_601)
    await bot.subscribing.run_once()
    assert await calls(bot) == [("GET", 200)]


@pytest.mark.parametrize("shape", ["subscription", "object", "list", "instance"])
@pytest.mark.usefixtures("watch")
async def test_whatever_a_create_answers(world: World, bot: PushBot, shape: Any) -> None:
    traps = world.sandbox.world.settings.push_traps
    traps.create_shape, traps.numbers, traps.page_size = shape, True, 1
    await bot.subscribing.run_once()
    assert set(bot.coverage.accounts) == {DEV}


@pytest.mark.usefixtures("watch")
async def test_one_that_is_there_is_adopted(world: World, bot: PushBot) -> None:
    theirs = world.sandbox.hub.subscriptions.add("like.create", DEV, tag="somebody else's")
    await bot.subscribing.run_once()
    assert set(bot.coverage.accounts) == {DEV}
    assert theirs in list(world.sandbox.hub.subscriptions)


@pytest.mark.usefixtures("watch")
async def test_one_that_tells_the_wrong_way_is_made_anew(world: World, bot: PushBot) -> None:
    world.sandbox.hub.subscriptions.add(
        "like.create", DEV, direction="outbound", tag=f"likecord:{DEV}"
    )
    await bot.subscribing.run_once()
    found = world.sandbox.hub.subscriptions.find("like.create", DEV)
    assert found is not None
    assert found.direction == "inbound"


async def test_what_others_subscribed_to_is_left_alone(
    world: World, bot: PushBot, watch: int
) -> None:
    world.sandbox.hub.subscriptions.add("post.create", TWITTER, tag="theirs")
    await bot.subscribing.run_once()
    await bot.watches.remove(GUILD, watch)
    await bot.subscribing.run_once()
    assert kinds(world, TWITTER) == {"post.create"}


@pytest.mark.usefixtures("watch")
async def test_a_refusal_is_remembered_for_a_day(world: World, bot: PushBot) -> None:
    world.sandbox.world.settings.push_traps.oauth1 = "refused"
    await bot.subscribing.run_once()
    assert bot.subscribing.refuses(DEV)
    await calls(bot)
    for _ in range(3):
        bot.world.sandbox.clock.advance(60)
        await bot.subscribing.run_once()
    assert await calls(bot) == []
    world.sandbox.world.settings.push_traps.oauth1 = "allowed"
    bot.world.sandbox.clock.advance(25 * 3_600)
    await bot.subscribing.run_once()
    assert set(bot.coverage.accounts) == {DEV}


async def test_posts_of_others_are_not_subscribed_to(world: World, bot: PushBot) -> None:
    await bot.watch(world.post(TWITTER, likes=3))
    await bot.subscribing.run_once()
    assert list(world.sandbox.hub.subscriptions) == []


@pytest.mark.usefixtures("watch")
async def test_a_budget_that_is_spent_ends_it_and_money_begins_it_again(
    world: World, bot: PushBot
) -> None:
    await bot.subscribing.run_once()
    async with bot.database.transaction() as session:
        session.add(Guild(id=GUILD, budget_micro_usd=1))
    await bot.subscribing.run_once()
    assert kinds(world) == set()
    async with bot.database.transaction() as session:
        guild = await session.get(Guild, GUILD)
        assert guild is not None
        guild.budget_micro_usd = None
    await bot.probe.run_once()
    await bot.subscribing.run_once()
    assert kinds(world) == KINDS


@pytest.mark.usefixtures("watch")
async def test_an_x_that_is_away_changes_nothing(world: World, bot: PushBot) -> None:
    await bot.subscribing.run_once()
    world.sandbox.world.settings.push = "off"
    bot.subscribing.look_anew()
    with pytest.raises(XUnavailable):
        await bot.subscribing.run_once()
    assert set(bot.coverage.accounts) == {DEV}


@pytest.mark.usefixtures("watch")
async def test_the_whole_bots_budget_ends_it_too(world: World, bot: PushBot) -> None:
    await bot.subscribing.run_once()
    bot.budgets._budget = 1  # micro-USD
    await bot.subscribing.run_once()
    assert kinds(world) == set()
