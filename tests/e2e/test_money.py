"""What X costs: the bot's books against X's own, and what happens when a budget runs out."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from sandbox.x.world.seed import TWITTER
from storage.charges import Charges
from tests.e2e.at_x import sees
from tests.e2e.harness import LIKES, Scene, address
from tests.e2e.opening import add_guild, open_scene
from tests.e2e.state import opened

BEGINNING, END = date(2000, 1, 1), date(3000, 1, 1)


async def _booked_usd(scene: Scene) -> Decimal:
    async with opened(scene.database_url) as database, database.reading() as session:
        return Decimal(await Charges(session).spent(BEGINNING, END)) / 1_000_000


@pytest.fixture
async def everywhere(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Scene]:
    """A scene whose bot has its commands in every server."""
    async with open_scene(tmp_path, sqlite_url, DISCORD_GUILD_ID="") as scene:
        yield scene


async def test_the_books_of_a_stopped_bot_are_those_of_x(everywhere: Scene) -> None:
    scene = everywhere
    _, elsewhere = add_guild(scene.stage)
    await scene.x("POST", "/settings", {"liking": "allowed"})
    await scene.start_bot()
    mine, other = scene.post(likes=7), scene.post(likes=3)
    theirs = scene.post(author_id=str(TWITTER), likes=5)

    for post, channel in ((mine, LIKES), (theirs, LIKES), (other, elsewhere)):
        await scene.watch(post, channel)
    for post in (mine, mine, other):
        scene.like(post)
    await scene.command("likers", post=address(mine))
    await scene.command("likers", post=address(other), where=elsewhere)
    await scene.command("liked", user="TwitterDev")
    await scene.command("post", post=address(theirs))
    await scene.command("like", post=address(theirs))
    await scene.command("unlike", post=address(theirs))
    await scene.all_told(likes=3)
    assert await scene.bot.stop() == 0

    charged = await scene.x("GET", "/charges")
    assert await _booked_usd(scene) == Decimal(charged["total_usd"])
    paid = {kind for kind, line in charged["by_resource"].items() if line["count"]}
    assert paid == {"post_read", "user_read", "owned_read", "like", "unlike"}


async def test_a_servers_budget_warns_at_80_percent_and_then_look_ups_stop_and_likes_go_on(
    own_scene: Scene,
) -> None:
    scene = own_scene
    await scene.x("POST", "/settings", {"liking": "allowed"})
    await scene.start_bot()
    await scene.command("config budget", usd="0.30")
    watched, crowded = scene.post(), scene.post(likes=20)
    await scene.watch(watched, LIKES)
    await scene.command("likers", post=address(crowded))

    likers = [scene.like(watched) for _ in range(3)]
    warning = await scene.message_with("of its budget of $0.30", LIKES)
    for liker in likers:
        await scene.announcement(liker, LIKES)
    usage = await scene.command("usage")
    another = scene.post(likes=60)
    asked = await scene.command("likers", post=address(another), export="csv")
    await scene.press(asked, "Agree and export")
    ended = await sees(scene, asked, "budget for X is nearly spent")
    refused = await scene.command("post", post=address(scene.post("Small")))
    liked = await scene.command("like", post=address(scene.post()))

    assert "I look for new likes less often" in warning.text
    assert "of $0.30, which is 8" in usage.text
    assert "it may end before all is read" in asked.text
    for answer in (ended, refused):
        assert "what is left is kept for watches and likes" in answer.text
        assert "`/config budget`" in answer.text
    assert "Liked as @TwitterDev." in liked.text


async def test_a_budget_that_is_spent_is_told_once_and_goes_on_when_it_is_raised(
    own_scene: Scene,
) -> None:
    scene = own_scene
    await scene.start_bot()
    watched = scene.post()
    await scene.watch(watched, LIKES)
    await scene.command("likers", post=address(scene.post(likes=20)))

    lowered = await scene.command("config budget", usd="0.01")
    told = await scene.message_with("budget for X is spent", LIKES)
    waiting = scene.like(watched)
    status, usage = await scene.command("status"), await scene.command("usage")
    raised = await scene.command("config budget", usd="50")
    await scene.announcement(waiting, LIKES)

    assert "Budget set to $0.01 a month. $0.2" in lowered.text
    assert "so far.\n**Paused: this month's budget is spent.** Raise it to resume" in lowered.text
    assert "`/config budget`" in told.text
    for answer in (status, usage):
        assert "**Paused: this month's budget is spent.**" in answer.text
        assert "no budget" not in answer.text
        assert "00%" not in answer.text
        assert "It will be less" not in answer.text
    assert "Budget set to $50.00 a month. $0.2" in raised.text
    assert "Paused" not in raised.text
    assert [each for each in await scene.messages(LIKES) if "is spent" in each.text] == [told]


async def test_the_bots_own_budget_is_told_of_in_every_server(
    tmp_path: Path, sqlite_url: str
) -> None:
    # It pays for a count that is under way when people look up what spends it.
    async with open_scene(tmp_path, sqlite_url, MONTHLY_BUDGET_USD="0.256") as scene:
        await scene.start_bot()
        watched = scene.post()
        await scene.watch(watched, LIKES)
        await scene.command("likers", post=address(scene.post(likes=25)))

        told = await scene.message_with("my budget for X is spent", LIKES)
        status, usage = await scene.command("status"), await scene.command("usage")

        assert "person who runs me" in told.text
        for answer in (status, usage):
            assert "**Paused: my budget for this month is spent.**" in answer.text
