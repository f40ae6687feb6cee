"""The machine's clock is set while the bot runs, or while it is away."""

from pathlib import Path

import pytest

from sandbox.x.world.rows import User
from tests.e2e.forked import SET_CLOCK
from tests.e2e.harness import Scene

SEND = "POST /channels/:id/messages"
# More than a like takes to be announced, and less than the clock is set back by.
SOON_S = 40.0


async def _announced(scene: Scene, liker: User, channel_id: str) -> None:
    profile = f"https://x.com/{liker.username})"

    async def look() -> bool:
        return any(profile in message.text for message in await scene.messages(channel_id))

    await scene.until(look, f"{liker.username} in channel {channel_id}", within_s=SOON_S)


def _set(clock: Path, by_s: int) -> None:
    """Set the clock at once: a bot that reads the file never finds it half written."""
    written = clock.with_suffix(".new")
    written.write_text(str(by_s))
    written.replace(clock)


@pytest.mark.parametrize("by_s", [-150, 150])
async def test_likes_are_announced_as_ever(own_scene: Scene, tmp_path: Path, by_s: int) -> None:
    """Set back by 150 seconds it said nothing for 165, and nothing said why."""
    scene, clock = own_scene, tmp_path / "clock"
    _set(clock, 0)
    await scene.start_bot(**{SET_CLOCK: str(clock)})
    post, channel_id = scene.post(), await scene.new_channel()
    await scene.watch(post, channel_id)
    await _announced(scene, scene.like(post), channel_id)

    _set(clock, by_s)
    await _announced(scene, scene.like(post), channel_id)

    assert scene.bot.log.count("the clock of this machine was set") == 1
    assert f"by_s={by_s}" in scene.bot.log
    assert scene.bot.log.count("part=clock") == 1
    way = "behind" if by_s < 0 else "ahead"
    assert f"minutes off ({way})" in (await scene.command("status")).text
    await scene.all_told(likes=2)


async def test_what_was_begun_before_the_clock_was_set_right_is_sent(
    own_scene: Scene, tmp_path: Path
) -> None:
    scene, clock = own_scene, tmp_path / "clock"
    _set(clock, 240)
    await scene.start_bot(**{SET_CLOCK: str(clock)})
    post, channel_id = scene.post(), await scene.new_channel()
    await scene.watch(post, channel_id)
    answer_is_lost = scene.discord_fault(SEND, after=True, delay_s=1e6)
    first = scene.like(post)
    await scene.wait_for(answer_is_lost.struck.wait(), "the message is there")
    await scene.bot.kill()
    scene.mend()

    _set(clock, 0)
    await scene.start_bot(**{SET_CLOCK: str(clock)})
    await _announced(scene, scene.like(post), channel_id)
    await _announced(scene, first, channel_id)

    assert "a clock was set back: stored times lay too far ahead" in scene.bot.log
    await scene.all_told(likes=2)
