"""/help shows what this member may do, with commands that can be tapped."""

import re

import pytest

from tests.e2e.harness import GRACE, STAFF, Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")

TAPPED = re.compile(r"</([a-z -]+):(\d+)>")


def tapped(answer: object) -> dict[str, str]:
    return dict(TAPPED.findall(str(getattr(answer, "raw", ""))))


async def test_a_member_sees_one_page_of_what_they_may_do(scene: Scene) -> None:
    answer = await scene.command("help", by=GRACE)

    assert answer.private
    named = tapped(answer)
    assert {"like", "likers", "post", "account link", "forget-me", "help"} <= set(named)
    assert not {"watch add", "config show", "status", "audit"} & set(named)
    assert "**Like**, **Who liked this?**" in answer.text
    assert "Watch likes" not in answer.text
    assert "Next" not in answer.message.buttons


async def test_a_manager_turns_three_pages_at_most(scene: Scene) -> None:
    first = await scene.command("help")
    second = await scene.press(first, "Next")
    third = await scene.press(second, "Next")
    back = await scene.press(third, "Previous")

    assert "Page 1 of 3" in first.text
    assert "**Watch likes**" in first.text
    assert {"watch add", "watch account", "watch list"} <= set(tapped(second))
    assert {"config channel", "status", "usage", "audit"} <= set(tapped(third))
    assert "Next" not in third.message.buttons
    assert back.text == second.text


async def test_commands_that_can_be_tapped_have_their_ids(scene: Scene) -> None:
    listed = await scene.discord("GET", "/commands")
    ids = {command["name"]: command["id"] for command in listed}
    answer = await scene.command("watch list", where=STAFF)
    named = tapped(answer)

    assert "watch add" in named
    assert all(ids[name.split()[0]] == command_id for name, command_id in named.items())
