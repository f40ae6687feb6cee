"""X and Discord fail in all the ways they do: nothing is lost, nothing is told twice."""

import time

import pytest

from tests.e2e.harness import GRACE, Scene, address

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANYTHING_OF_X = "* /2/*"
TIMELINE, LIKERS = "GET /2/users/:id/tweets", "GET /2/tweets/:id/liking_users"
MANY = 1000


async def test_x_answers_503_with_a_page(scene: Scene) -> None:
    post, channel_id = scene.post(), await scene.new_channel()
    await scene.watch(post, channel_id)
    page = {"status": 503, "headers": {"Content-Type": "text/html"}, "body": "<html>Over capacity"}
    fault = scene.x_fault(ANYTHING_OF_X, times=MANY, **page)
    liker = scene.like(post)
    await scene.wait_for(fault.struck.wait(), "X is asked")

    asked = await scene.command("post", post=address(post))
    status = await scene.repeat_until("status", "X does not answer right now")
    scene.mend()

    await scene.announcement(liker, channel_id)
    await scene.all_told(likes=1)
    assert asked.text == "X does not answer right now. Try again in a minute."
    assert asked.private
    assert asked.acked_ms < 1000
    assert status.private
    assert "X does not answer" not in (await scene.command("status")).text


async def test_x_drops_connections(scene: Scene) -> None:
    post, channel_id = scene.post(), await scene.new_channel()
    await scene.watch(post, channel_id)
    scene.x_fault(ANYTHING_OF_X, times=4, drop=True)

    liker = scene.like(post)

    await scene.announcement(liker, channel_id)
    await scene.all_told(likes=1)


@pytest.mark.parametrize("match", [TIMELINE, LIKERS])
async def test_x_limits_the_rate_until_a_moment_soon(scene: Scene, match: str) -> None:
    post, channel_id = scene.post(), await scene.new_channel()
    await scene.watch(post, channel_id)
    resets_at = int(time.time()) + 2
    limited = scene.x_fault(
        match,
        status=429,
        headers={"x-rate-limit-reset": str(resets_at)},
        body={"errors": [{"code": 88, "message": "Rate limit exceeded"}]},
    )
    await scene.x("DELETE", "/requests")
    liker = scene.like(post)
    await scene.wait_for(limited.struck.wait(), "X is asked")

    await scene.announcement(liker, channel_id)

    await scene.all_told(likes=1)
    whose = post.author_id if match == TIMELINE else post.id
    path = match.removeprefix("GET ").replace(":id", str(whose))
    asked = [one for one in await scene.x("GET", "/requests") if one["path"] == path]
    refused = next(number for number, one in enumerate(asked) if one["status"] == 429)
    assert all(one["at"] >= resets_at - 0.1 for one in asked[refused + 1 :])


@pytest.mark.parametrize("trouble", ["drop", "invalid_session", "reconnect"])
async def test_the_gateway_goes_away(scene: Scene, trouble: str) -> None:
    post, channel_id = scene.post(), await scene.new_channel()
    await scene.watch(post, channel_id)

    async with scene.reconnecting():
        await scene.discord("POST", "/faults", {"gateway": trouble})
        liker = scene.like(post)

    answer = await scene.command("post", post=address(post), by=GRACE)
    assert "1 like" in answer.text
    await scene.announcement(liker, channel_id)
    await scene.all_told(likes=1)


async def test_discord_fails_before_and_after_it_took_a_message(scene: Scene) -> None:
    """A 500 is tried again by discord.py, a 503 and a lost connection by the bot."""
    post = scene.post("Watched in many channels")
    channels = []
    for failure in ({"status": 500}, {"status": 503}, {"drop": True}):
        for after in (False, True):
            channels.append(await scene.new_channel())
            await scene.watch(post, channels[-1])
            scene.discord_fault(f"POST /channels/{channels[-1]}/messages", after=after, **failure)

    first = scene.like(post)
    for channel_id in channels:
        await scene.announcement(first, channel_id)
    second = scene.like(post)
    for channel_id in channels:
        await scene.announcement(second, channel_id)

    for channel_id in channels:
        told = [message.text for message in await scene.messages(channel_id)]
        assert [first.username in text for text in told] == [True, False]
