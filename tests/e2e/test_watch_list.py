"""The list of watches is sorted, searched and managed, and a removal is undone."""

import re

import pytest

from tests.e2e.harness import GRACE, LIKES, NotOfferedError, Scene, address
from tests.e2e.touching import choose, fill

pytestmark = pytest.mark.asyncio(loop_scope="module")


def custom_id(answer: object, beginning: str) -> str:
    found = re.search(rf"{beginning}:[^'\"]*", str(getattr(answer, "raw", "")))
    assert found is not None
    return found[0]


async def test_nothing_is_watched_yet_and_a_member_is_not_offered_the_list(scene: Scene) -> None:
    empty = await scene.command("watch list")

    assert empty.text == "Nothing is watched yet. Start with `/watch add`."
    with pytest.raises(NotOfferedError):
        await scene.command("watch list", by=GRACE)


async def test_a_list_is_sorted_searched_and_managed(scene: Scene) -> None:
    channel_id = await scene.new_channel()
    loved = scene.post("Apples and pears", likes=5)
    posts = [loved, *(scene.post(f"No. {number}") for number in range(8))]
    for post in posts:
        await scene.command("watch add", post=address(post), channel=channel_id)
    listed = await scene.command("watch list")
    by_likes = await choose(scene, listed, custom_id(listed, "watch-sort"), ["likes"])
    asked = await scene.press(by_likes, "Search")
    found = await fill(scene, asked, {"query": "pears"})
    nothing = await fill(scene, await scene.press(found, "Search"), {"query": "plums"})
    everything = await scene.press(nothing, "Show all")
    manage = custom_id(everything, "watch-manage")
    options = re.findall(r"'value': '(\d+)'", str(everything.raw))
    one = await choose(scene, everything, manage, [options[0]])
    removed = await scene.press(one, "Stop watching")
    without = await scene.command("watch list")
    undone = await scene.press(removed, "Undo")
    again = await scene.command("watch list")

    assert "Apples" not in listed.text
    assert by_likes.text.index("Apples") < by_likes.text.index("No. ")
    assert "No. " not in found.text
    assert "Searched for “pears”" in found.text
    assert "Nothing fits that." in nothing.text
    assert everything.text == by_likes.text
    assert "Apples" in one.text
    assert "No longer watching" in removed.text
    assert "8 posts watched here" in without.text
    assert undone.text == "Undone. The watch goes on."
    assert "9 posts watched here" in again.text
    liker = scene.like(loved)
    assert await scene.announcement(liker, channel_id)


async def test_a_watch_is_meant_by_its_link_its_id_its_label_or_its_channel(scene: Scene) -> None:
    one, other, third = (scene.post(f"Meant by {what}") for what in ("link", "id", "label"))
    channel_id = await scene.new_channel()
    name = next(
        channel["name"]
        for guild in (await scene.discord("GET", "/world"))["guilds"]
        for channel in guild["channels"]
        if channel["id"] == channel_id
    )
    alone = scene.post("Alone in its channel")
    for post in (one, other, third):
        await scene.command("watch add", post=address(post), channel=LIKES)
    await scene.command("watch add", post=address(alone), channel=channel_id)

    offered = await scene.autocomplete("watch remove", "watch", f"({address(one)})")
    several = await scene.command("watch remove", watch="Meant by")
    answers = [
        await scene.command("watch remove", watch=meant)
        for meant in (address(one), str(other.id), "@TwitterDev: Meant by label", f"#{name}")
    ]
    unknown = await scene.command("watch remove", watch=address(one))

    assert len(offered) == 1
    assert several.text == "3 watches fit that. Pick one from the list as you type."
    assert all("No longer watching" in answer.text for answer in answers)
    assert unknown.text == "I can't find that watch. Pick one from the list as you type."
