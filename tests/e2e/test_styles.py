"""Each style in the running bot: what arrives, when, and that it goes on after a restart."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.databases import SqliteFiles
from tests.e2e.harness import GRACE, GUILD, READERS, Scene, address
from tests.e2e.opening import open_scene

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_scene(
    tmp_path_factory: pytest.TempPathFactory, sqlite_files: SqliteFiles
) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("scene")
    async with open_scene(folder, sqlite_files.copy(folder / "likecord.db")) as scene:
        await scene.start_bot()
        yield scene


async def test_a_card_is_one_message_that_is_kept_up_to_date_also_after_a_restart(
    scene: Scene,
) -> None:
    channel_id, post = await scene.new_channel(), scene.post("On a card", likes=2)
    await scene.watch(post, channel_id)
    saved = await scene.edit_watch(address(post), channel_id, style=["card"], when="goal 20")
    assert "card: goal 20" in saved.text
    for _ in range(3):
        scene.like(post)
        await scene.all_told()
    await scene.bot.stop()
    await scene.start_bot()
    liker = scene.like(post, scene.person("Mei Tanaka"))
    await scene.announcement(liker, channel_id)
    await scene.all_told()

    (card,) = await scene.messages(channel_id)
    assert card.text.startswith("### 6 likes\n**[Mei Tanaka]")
    assert "6 of 20" in card.text
    assert "+4 since <t:" in card.text
    assert sum(picture.endswith("/chart.png") for picture in card.pictures) == 1


async def test_milestones_come_when_they_are_reached(scene: Scene) -> None:
    channel_id, post = await scene.new_channel(), scene.post("Round", likes=3)
    await scene.watch(post, channel_id)
    await scene.edit_watch(address(post), channel_id, style=["milestones"], when="5; goal 7")
    scene.like(post)
    await scene.counted()
    await scene.counted()
    assert await scene.messages(channel_id) == []
    scene.like(post)
    await scene.message_with("### 5 likes", channel_id)
    for _ in range(2):
        scene.like(post)
    reached = await scene.message_with("### The goal is reached: 7 likes", channel_id)
    assert "7 of 7" in reached.text
    await scene.all_told()
    assert len(await scene.messages(channel_id)) == 2


async def test_what_a_digest_holds_is_told_when_the_style_changes(scene: Scene) -> None:
    channel_id, post = await scene.new_channel(), scene.post("Daily")
    await scene.watch(post, channel_id)
    await scene.edit_watch(address(post), channel_id, style=["digest"], when="04:00")
    for _ in range(7):
        scene.like(post)
    await scene.counted()
    await scene.counted()
    assert await scene.messages(channel_id) == []
    await scene.edit_watch(address(post), channel_id, style=["feed"])
    await scene.all_told(likes=7)
    (told,) = await scene.messages(channel_id)
    assert "and **2 more** liked" in told.text


async def test_a_paused_watch_says_nothing_and_goes_on_from_then(scene: Scene) -> None:
    channel_id, post = await scene.new_channel(), scene.post("Paused")
    await scene.watch(post, channel_id)
    await scene.edit_watch(address(post), channel_id, label="My launch")
    scene.score.watched.discard(str(post.id))
    paused = await scene.command("watch pause", watch="my launch")
    assert "Paused: My launch" in paused.text
    quiet = scene.like(post)
    shown = await scene.command("watch show", watch=address(post))
    assert "**paused <t:" in shown.text
    read = scene.x_fault("GET /2/tweets/:id/liking_users")
    await scene.command("watch resume", watch="My launch")
    # Its list is read once more, silently.
    await scene.wait_for(read.struck.wait(), "the list is read")
    await scene.counted()
    await scene.counted()
    liker = scene.like(post)
    await scene.announcement(liker, channel_id)
    assert not any(quiet.username in seen.text for seen in await scene.messages(channel_id))


async def test_a_test_announcement_is_marked_as_one(scene: Scene) -> None:
    channel_id, post = await scene.new_channel(), scene.post("Tested")
    await scene.watch(post, channel_id)
    await scene.command("watch test", watch=f"<#{channel_id}>")
    (sent,) = await scene.messages(channel_id)
    assert sent.text.startswith("**This is a test.**")


async def test_whom_a_watch_names_whom_it_mentions_and_in_which_words(scene: Scene) -> None:
    channel_id, post = await scene.new_channel(), scene.post("In our words")
    await scene.watch(post, channel_id)
    meant = {"watch": address(post), "where": channel_id}
    before = await scene.command("watch show", **meant)
    words = await scene.command("watch words", text="{names} love {post}", **meant)
    refused = await scene.command("watch words", text="no field", **meant)
    filtered = await scene.command("watch filter", verified="true", **meant)
    mentioned = await scene.command("watch mention", role=READERS, **meant)
    everyone = await scene.command("watch mention", role=GUILD, **meant)
    of_account = await scene.command("watch posts", **meant)
    unnamed = scene.like(post)
    verified = scene.person("Vera", verified=True, verified_type="blue")
    scene.like(post, verified)
    told = await scene.announcement(verified, channel_id)
    await scene.all_told()
    cleared = [
        await scene.command(f"watch {command}", **meant)
        for command in ("words", "filter", "mention")
    ]

    assert "Nothing has been announced yet." in before.text
    assert "A new like looks like this" in words.text
    assert refused.text.startswith("I can't use that text.")
    assert "names only likers who are verified" in filtered.text
    assert f"mentions <@&{READERS}>" in mentioned.text
    assert "I never mention everyone" in everyone.text
    assert "`/watch account` adds one." in of_account.text
    assert "**1 more** love [In our words](" in told.text
    assert unnamed.username not in told.text
    assert told.raw["mention_roles"] == [READERS]
    usual, everybody, nobody = (answer.text for answer in cleared)
    assert "In our words" in usual
    assert "names only" not in everybody
    assert "mentions" not in nobody


async def test_like_below_an_announcement_leads_to_x_or_likes(scene: Scene) -> None:
    channel_id, post = await scene.new_channel(), scene.post("Likeable")
    await scene.watch(post, channel_id)
    told = await scene.announcement(scene.like(post), channel_id)
    answer = await scene.press(told, "Like", by=GRACE)
    assert answer.private
    assert "You haven't linked an X account here." in answer.text
    assert set(told.buttons) == {"Open on X", "Like", "Reply", "Repost", "Everyone who liked"}


async def test_a_new_post_of_an_account_is_announced_and_then_its_likes(scene: Scene) -> None:
    channel_id = await scene.new_channel()
    added = await scene.command("watch account", user="TwitterDev", channel=channel_id)
    if "Start watching" in added.message.buttons:
        await scene.press(added, "Start watching")
    chosen = await scene.command("watch posts", watch="@TwitterDev", words="launch", threads="true")
    assert "**Announced when they appear** yes" in chosen.text
    scene.post("Nothing that anybody wants to know")
    post = scene.post("The LAUNCH is today")
    told = await scene.message_with("The LAUNCH is today", channel_id)
    assert "](https://x.com/TwitterDev)** (" in told.text
    assert set(told.buttons) >= {"Open on X", "Like", "Everyone who liked"}
    liker = scene.like(post)
    threads = scene.stage.discord.world.guild(int(GUILD)).threads

    async def opened() -> bool:
        return int(told.id) in threads

    await scene.until(opened, "the thread of the new post")
    in_thread = await scene.announcement(liker, told.id)
    assert "liked a post by [@TwitterDev]" in in_thread.text
    texts = [seen.text for seen in await scene.messages(channel_id)]
    assert not any("Nothing that anybody" in text for text in texts)


async def test_in_a_forum_each_watch_has_a_post_of_its_own(scene: Scene) -> None:
    forum = await scene.new_channel(kind="forum", tags=["Launch", "Feed"])
    tags = {tag.name: tag.id for tag in scene.stage.discord.world.channel(int(forum)).tags}
    first, second = scene.post("First in the forum"), scene.post("Second in the forum")
    for post in (first, second):
        # Answers to commands are shown in a channel that has messages.
        answer = await scene.command("watch add", post=address(post), channel=forum)
        if "Start watching" in answer.message.buttons:
            answer = await scene.press(answer, "Start watching")
        assert answer.text.startswith("### Watching"), answer.text
        scene.score.watched.add(str(post.id))
    await scene.edit_watch(address(second), forum, label="Launch")
    for _ in range(2):
        for post in (first, second):
            scene.like(post)
        await scene.all_told()

    threads = scene.stage.discord.world.guild(int(GUILD)).threads
    mine = {thread.name: thread for thread in threads.values() if thread.parent_id == int(forum)}
    assert {name: set(thread.applied) for name, thread in mine.items()} == {
        "First in the forum": {tags["Feed"]},  # as its style
        "Second in the forum": {tags["Feed"], tags["Launch"]},
    }
    for thread in mine.values():
        messages = await scene.messages(str(thread.id))
        assert messages[0].id == str(thread.id)
        assert sum(seen.text.count("**[Person ") for seen in messages) == 2


async def test_what_is_told_in_an_announcement_channel_is_published(scene: Scene) -> None:
    channel_id, post = await scene.new_channel(kind="news"), scene.post("News")
    await scene.watch(post, channel_id)
    await scene.edit_watch(address(post), channel_id, also=["publish"])
    told = await scene.announcement(scene.like(post), channel_id)

    async def is_published() -> bool:
        (seen,) = await scene.messages(channel_id)
        return bool(seen.raw["flags"] & 1)

    await scene.until(is_published, "the message is published")
    assert told.channel_id == channel_id
