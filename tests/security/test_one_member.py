"""One member cannot use up for everybody what X allows, or what it may cost."""

import asyncio

import pytest

from bot.chat.answers.pace import LOOKUPS
from tests.e2e.harness import ADA, LINUS, Scene, address

TOO_MUCH = "You looked up a lot just now. Try again <t:"


@pytest.mark.parametrize("command", ["post", "likers"])
async def test_a_member_looks_up_as_fast_as_they_can(own_scene: Scene, command: str) -> None:
    scene = own_scene
    await scene.start_bot()
    posts = [scene.post(f"Number {number}") for number in range(LOOKUPS + 3)]

    answers = [await scene.command(command, post=address(post), by=LINUS) for post in posts]
    answers += [await scene.command(other, by=LINUS) for other in ("top posts", "top likers")]
    by_a_manager = await asyncio.gather(
        *(scene.command(command, post=address(post), by=ADA) for post in posts)
    )

    assert not any(TOO_MUCH in answer.text for answer in answers[:LOOKUPS])
    assert all(TOO_MUCH in answer.text and answer.private for answer in answers[LOOKUPS:])
    assert not any(TOO_MUCH in str(answer.raw) for answer in by_a_manager)


async def test_a_member_presses_a_button_as_fast_as_they_can(own_scene: Scene) -> None:
    scene = own_scene
    await scene.start_bot()
    shown = await scene.command("post", post=address(scene.post(likes=1)), by=ADA)
    button = shown.messages[0]

    answers = [
        await scene.press(button, "Everyone who liked", by=LINUS) for _ in range(LOOKUPS + 2)
    ]

    assert [TOO_MUCH in answer.text for answer in answers] == [False] * LOOKUPS + [True] * 2
