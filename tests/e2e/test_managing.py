"""/watch, /config, /status and /usage."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from sandbox.x.world.seed import TWITTER
from tests.e2e.harness import LIKES, LINUS, READERS, Scene, address

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def empty_scene(scene: Scene) -> AsyncIterator[Scene]:
    """The shared scene with no watch and no setting, before and after."""
    yield scene
    for value in (await scene.autocomplete("watch remove", "watch")).values():
        await scene.command("watch remove", watch=value)
    await scene.command("config channel")
    await scene.command("config like-role")


async def test_a_watch_is_added_listed_and_removed(empty_scene: Scene) -> None:
    scene = empty_scene
    post, other = scene.post("Our *first* post", likes=2), scene.post("Our second one")

    added = await scene.command("watch add", post=address(post), channel=LIKES)
    again = await scene.command("watch add", post=str(post.id), channel=LIKES)
    liked_by_nobody = await scene.command("watch add", post=address(other), channel=LIKES)
    listed = await scene.command("watch list")
    choices = await scene.autocomplete("watch remove", "watch", "FIRST")
    (label,) = choices
    removed = await scene.command("watch remove", watch=choices[label])
    left = await scene.command("watch list")

    assert f"Watching [a post]({post_url(post.id)}) by [@TwitterDev]" in added.text
    assert "I'll announce each new like, by name." in added.text
    assert (
        "The 2 likes it already has won't be announced. Estimated cost: about $0.04 today"
        in added.text
    )
    assert "No likes yet." in liked_by_nobody.text
    assert "Already watching" in again.text
    assert "0 likes announced since" in again.text
    assert "2 likes now" in again.text
    assert "2 posts watched here" in listed.text
    assert "Our \\*first\\* post" in listed.text
    assert label == "#likes · @TwitterDev: Our *first* post"
    assert "No longer watching" in removed.text
    assert "1 post watched here" in left.text
    assert "first" not in left.text
    answers = (added, again, listed, removed, left)
    assert all(answer.private for answer in answers)


async def test_a_watch_says_beforehand_when_x_hides_the_names(empty_scene: Scene) -> None:
    post = empty_scene.post(author_id=str(TWITTER), likes=3)

    added = await empty_scene.command("watch add", post=address(post), channel=LIKES)

    assert "I'll announce how its like count grows, without names" in added.text


async def test_a_long_list_is_turned_page_by_page(empty_scene: Scene) -> None:
    scene = empty_scene
    for number in range(9):
        await scene.command("watch add", post=str(scene.post(f"No. {number}").id), channel=LIKES)

    first = await scene.command("watch list")
    second = await scene.press(first, "Next")

    assert re.findall(r"No\. (\d)", first.text) == list("8765432")
    assert re.findall(r"No\. (\d)", second.text) == list("10")
    assert second.private


async def test_the_settings_are_changed_shown_and_cleared(empty_scene: Scene) -> None:
    scene = empty_scene
    channel = await scene.command("config channel", channel=LIKES)
    role = await scene.command("config like-role", role=READERS)
    budget = await scene.command("config budget", usd="12.50")
    asks = await scene.command("config ask-above", usd="0")
    size = await scene.command("config page-size", size="25")
    shown = await scene.command("config show")
    for command in ("channel", "like-role", "budget", "ask-above", "page-size"):
        await scene.command(f"config {command}")
    cleared = await scene.command("config show")

    assert "Saved. **Announcements**" in channel.text
    assert f"**Announcements** <#{LIKES}>" in shown.text
    assert f"managers and <@&{READERS}>, with the bot's account" in role.text
    assert f"managers and <@&{READERS}>, with the bot's account" in shown.text
    assert re.fullmatch(r"Budget set to \$12\.50 a month\. \$0\.\d+ spent so far\.", budget.text)
    assert "**Budget for X** $12.50 a month" in shown.text
    assert "**I ask before a watch** of any price" in asks.text
    assert "**I ask before a watch** of any price" in shown.text
    assert "at most 25 people or posts" in size.text
    assert "at most 25 people or posts" in shown.text
    assert "at most" not in cleared.text
    assert "**Announcements** no channel yet" in cleared.text
    assert "**Budget for X** none" in cleared.text
    assert "more than $1.00" in cleared.text
    answers = (channel, role, budget, asks, size, shown, cleared)
    assert all(answer.private for answer in answers)


async def test_the_other_settings_are_changed_refused_and_cleared(empty_scene: Scene) -> None:
    scene = empty_scene
    begun = await scene.command("config show")
    quiet = {"begin": "22:00", "end": "7:00", "time-zone": "Europe/Berlin"}
    asked: dict[str, tuple[dict[str, str], str]] = {
        "style": ({"style": "card"}, "**Style** card: one message, kept up to date"),
        "language": ({"language": "de"}, "**Language** Deutsch"),
        "lookup-role": ({"role": READERS}, f"**Who can look up** managers and <@&{READERS}>"),
        "member-budget": ({"usd": "0.25"}, "**A member may cost** $0.25 a day (UTC)"),
        "quiet-hours": (quiet, "**Quiet hours** 22:00 to 07:00, Europe/Berlin"),
    }
    saved = {
        command: await scene.command(f"config {command}", **options)
        for command, (options, _) in asked.items()
    }
    half = await scene.command("config quiet-hours", begin="22:00")
    looking_up = await scene.command("post", post=address(scene.post()), by=LINUS)
    shown = await scene.command("config show")
    await scene.command("config style", style="feed")
    for command in ("language", "lookup-role", "member-budget", "quiet-hours"):
        await scene.command(f"config {command}")
    cleared = await scene.command("config show")

    for command, (_, said) in asked.items():
        assert saved[command].text.startswith(f"Saved. {said}")
        assert said in shown.text
    assert half.text.startswith("I can't read these quiet hours.")
    assert f"needs the role <@&{READERS}> here" in looking_up.text
    assert cleared.text == begun.text
    answers = (*saved.values(), half, looking_up, shown, cleared)
    assert all(answer.private for answer in answers)


async def test_all_that_is_stored_goes_when_a_manager_confirms_it(empty_scene: Scene) -> None:
    scene = empty_scene
    await scene.command("config channel", channel=LIKES)
    await scene.command("watch add", post=address(scene.post()))

    asked = await scene.command("config delete-data")
    before = await scene.command("watch list")
    deleted = await scene.press(asked, "Delete it all")
    again = await scene.press(await scene.command("config delete-data"), "Delete it all")

    assert asked.text.startswith("### Delete everything stored about this server?")
    assert "1 post watched here" in before.text
    assert deleted.text.startswith("Everything stored about this server is deleted.")
    assert again.text == deleted.text
    assert (await scene.command("watch list")).text.startswith("Nothing is watched yet.")
    assert "**Announcements** no channel yet" in (await scene.command("config show")).text


async def test_a_watch_without_a_channel_goes_to_the_configured_one(empty_scene: Scene) -> None:
    scene = empty_scene
    channel_id = await scene.new_channel()
    await scene.command("config channel", channel=channel_id)
    post = scene.post()

    await scene.command("watch add", post=address(post))
    liker = scene.like(post)

    assert await scene.announcement(liker, channel_id)


async def test_status_tells_account_watches_and_money(empty_scene: Scene) -> None:
    scene = empty_scene
    empty = await scene.command("status")
    await scene.command("watch add", post=address(scene.post()), channel=LIKES)

    answer = await scene.command("status")

    assert "Nothing is watched yet. Start with `/watch add`." in empty.text
    assert "[@TwitterDev](https://x.com/TwitterDev)" in answer.text
    assert "1 watch" in answer.text
    assert re.search(r"\*\*Spent at X\*\* \$\d+\.\d+ today", answer.text)
    assert "requests left" in answer.text
    assert answer.private


async def test_usage_tells_what_it_went_for_with_a_picture(empty_scene: Scene) -> None:
    scene = empty_scene
    post = scene.post()
    scene.like(post)
    await scene.command("watch add", post=address(post), channel=LIKES)

    answer = await scene.command("usage")

    assert re.search(r"\*\*Today\*\* \$0\.\d\d", answer.text)
    assert f"TwitterDev/status/{post.id}" in answer.text
    assert re.search(r"\$0\.\d\d All watches", answer.text)
    assert [url.rpartition("/")[2] for url in answer.message.pictures] == ["usage.png"]
    assert answer.private


def post_url(post_id: int) -> str:
    return f"https://x.com/TwitterDev/status/{post_id}"
