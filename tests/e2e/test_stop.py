"""SIGTERM ends the process soon and with code 0, whatever is under way."""

import pytest

from tests.e2e.harness import Scene

FOREVER_S = 60


@pytest.mark.parametrize("hanging", ["GET /2/users/:id/tweets", "GET /2/tweets/:id/liking_users"])
async def test_stopped_while_x_hangs(own_scene: Scene, hanging: str) -> None:
    scene = own_scene
    await scene.start_bot()
    post, channel_id = scene.post(), await scene.new_channel()
    await scene.watch(post, channel_id)
    fault = scene.x_fault(hanging, times=99, delay_s=FOREVER_S)
    liker = scene.like(post)
    await scene.wait_for(fault.struck.wait(), "X hangs")

    assert await scene.bot.stop() == 0

    scene.mend()
    await scene.start_bot()
    await scene.announcement(liker, channel_id)
    await scene.all_told(likes=1)


async def test_stopped_while_announcements_are_being_sent(own_scene: Scene) -> None:
    """One message hangs before Discord took it, one after it did."""
    scene = own_scene
    await scene.start_bot()
    before, after = scene.post("Before"), scene.post("After")
    channels = [await scene.new_channel(), await scene.new_channel()]
    for post, channel_id in zip((before, after), channels, strict=True):
        await scene.watch(post, channel_id)
    hang = [
        scene.discord_fault(
            f"POST /channels/{channel_id}/messages", delay_s=FOREVER_S, after=is_after
        )
        for channel_id, is_after in zip(channels, (False, True), strict=True)
    ]
    for _ in range(4):
        scene.like(before)
        scene.like(after)
    for fault in hang:
        await scene.wait_for(fault.struck.wait(), "a message is on its way")

    assert await scene.bot.stop() == 0

    await scene.start_bot()
    await scene.all_told(likes=8)


async def test_stopped_while_a_member_waits_for_an_answer(own_scene: Scene) -> None:
    scene = own_scene
    await scene.start_bot()
    hangs = scene.x_fault("GET /2/tweets", times=99, delay_s=FOREVER_S)
    asked = {"command": "post", "options": {"post": "1354143047324299264"}, "timeout_s": 0.1}
    answer = await scene.discord("POST", "/interactions", asked)
    await scene.wait_for(hangs.struck.wait(), "X is asked for the post")

    assert await scene.bot.stop() == 0
    assert answer["acked_ms"] is not None
    assert scene.bot.log.count("unanswered commands at the end: 1") == 1
