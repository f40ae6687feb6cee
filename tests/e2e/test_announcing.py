"""A new like is announced once, by name, in every channel that watches the post."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from sandbox.x.world.seed import TWITTER
from tests.databases import SqliteFiles
from tests.e2e.harness import Scene
from tests.e2e.opening import add_guild, open_scene

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_scene(
    tmp_path_factory: pytest.TempPathFactory, sqlite_files: SqliteFiles
) -> AsyncIterator[Scene]:
    """A bot in two servers, which has its commands everywhere."""
    folder = tmp_path_factory.mktemp("scene")
    url = sqlite_files.copy(folder / "likecord.db")
    async with open_scene(folder, url, DISCORD_GUILD_ID="") as scene:
        add_guild(scene.stage)
        await scene.start_bot()
        yield scene


async def test_a_like_is_announced_in_each_channel_of_each_server(scene: Scene) -> None:
    elsewhere = "1100000000000000111"
    here, there = await scene.new_channel(), await scene.new_channel()
    post = scene.post("What everybody watches", likes=3)
    channels = (here, there, elsewhere)
    for channel_id in channels:
        await scene.watch(post, channel_id)

    liker = scene.like(post, scene.person("Mei Tanaka"))
    seen = [await scene.announcement(liker, channel_id) for channel_id in channels]

    for message in seen:
        assert f"[Mei Tanaka](https://x.com/{liker.username})" in message.text
        assert " liked a post by [@TwitterDev](https://x.com/TwitterDev)\n" in message.text
        assert "What everybody watches" in message.text
        assert "-# 4 likes" in message.text
        assert any("/sandbox/media/" in picture for picture in message.pictures)
    assert [len(await scene.messages(channel_id)) for channel_id in channels] == [1, 1, 1]


async def test_the_button_under_an_announcement_tells_who_likes_the_post(scene: Scene) -> None:
    channel_id = await scene.new_channel()
    post = scene.post()
    await scene.watch(post, channel_id)
    liker = scene.like(post)

    answer = await scene.press(await scene.announcement(liker, channel_id), "Everyone who liked")

    assert answer.private
    assert liker.username in answer.text


async def test_who_liked_before_the_watch_is_not_announced(scene: Scene) -> None:
    channel_id = await scene.new_channel()
    post = scene.post(likes=7)
    await scene.watch(post, channel_id)
    await scene.counted()

    liker = scene.like(post)
    await scene.announcement(liker, channel_id)

    (message,) = await scene.messages(channel_id)
    assert message.text.count("**[Person ") == 1


async def test_a_burst_is_announced_whole(scene: Scene) -> None:
    channel_id = await scene.new_channel()
    post = scene.post(likes=10)
    await scene.watch(post, channel_id)

    for _ in range(60):
        scene.like(post)
    await scene.all_told(likes=60)

    messages = await scene.messages(channel_id)
    assert len(messages) < 8
    burst = next(seen for seen in messages if "more**" in seen.text)
    label = next(label for label in burst.buttons if label.endswith("more"))
    await scene.bot.stop()
    await scene.start_bot()
    listed = await scene.press(burst, label)
    assert listed.private
    # All of them, whom the message named or not, twenty a page.
    told = int(label.split()[1].replace(",", "")) + burst.text.count("https://x.com/person_")
    assert listed.text.count("https://x.com/person_") == min(20, told)
    assert f"{told} likes" in listed.text


async def test_an_unlike_is_silent_and_a_like_given_again_is_too(scene: Scene) -> None:
    channel_id = await scene.new_channel()
    post = scene.post(likes=2)
    await scene.watch(post, channel_id)
    fickle = scene.like(post)
    await scene.announcement(fickle, channel_id)

    scene.unlike(post, fickle)
    # The first of two readings of the count may have been under way.
    await scene.counted()
    await scene.counted()
    scene.like(post, fickle)
    other = scene.like(post)
    await scene.announcement(other, channel_id)

    messages = await scene.messages(channel_id)
    assert len(messages) == 2
    assert fickle.username not in messages[1].text


async def test_a_removed_watch_is_silent(scene: Scene) -> None:
    removed, kept = await scene.new_channel(), await scene.new_channel()
    post = scene.post("Gone soon")
    await scene.watch(post, removed)
    await scene.watch(post, kept)
    choices = await scene.autocomplete("watch remove", "watch", str(post.id))
    name = scene.stage.discord.world.channel(int(removed)).name
    await scene.command("watch remove", watch=choices[f"#{name} · @TwitterDev: Gone soon"])

    liker = scene.like(post)
    await scene.announcement(liker, kept)

    assert await scene.messages(removed) == []


async def test_awkward_names_change_nothing_but_the_name(scene: Scene) -> None:
    channel_id = await scene.new_channel()
    post = scene.post("Read `this` @everyone <@80351110224678912>")
    await scene.watch(post, channel_id)
    names = (
        "@everyone",
        "@here **bold**",
        "<@80351110224678912>",
        "<@&1100000000000000003>",
        "[click](https://example.org)",
        "||`code`||",
        "\u202eesrever",
        "محمد العربي",
        "Z̷̢̛̛̛̛̛̛̛̛a̸l̴g̵o̶",
        "# heading",
        "\u3164",
    )

    likers = [scene.like(post, scene.person(name)) for name in names]
    await scene.all_told(likes=len(names))

    messages = await scene.messages(channel_id)
    for message in tuple(messages):
        for label in message.buttons:
            if label.endswith("more"):
                messages += (await scene.press(message, label)).messages
    text = "\n".join(message.text for message in messages)
    assert all(f"](https://x.com/{liker.username})" in text for liker in likers)
    for message in messages:
        assert message.raw["mention_everyone"] is False
        assert message.raw["mentions"] == []
        assert message.raw["mention_roles"] == []
    assert not re.search(r"@everyone|@here|\u202e|\u3164", text)
    assert not re.search(r"(?<!\\)(<@|\[click\]|\*\*bold|\|\||`)", text)
    assert "\u2068محمد العربي\u2069" in text


async def test_growth_is_told_where_x_hides_the_names(scene: Scene) -> None:
    channel_id = await scene.new_channel()
    post = scene.post("Of another account", likes=3, author_id=str(TWITTER))
    await scene.command("watch add", post=str(post.id), channel=channel_id)

    liker = scene.like(post)
    message = await scene.message_with("new like", channel_id)

    assert "**1 new like** on a post by [@Twitter](https://x.com/Twitter)\n" in message.text
    assert "3 → 4 likes" in message.text
    assert "X only shows likers" not in message.text, "that was said when the watch began"
    assert liker.username not in message.text
    assert len(await scene.messages(channel_id)) == 1


async def test_names_go_on_past_the_hundredth(scene: Scene) -> None:
    channel_id = await scene.new_channel()
    post = scene.post(likes=98)
    await scene.watch(post, channel_id)

    for _ in range(5):
        liker = scene.like(post)
        assert liker.username in (await scene.announcement(liker, channel_id)).text

    assert len(await scene.messages(channel_id)) == 5


async def test_a_channel_that_is_closed_to_the_bot_is_told_to_the_admins(scene: Scene) -> None:
    closed, open_ = await scene.new_channel(), await scene.new_channel()
    post = scene.post()
    await scene.watch(post, closed)
    await scene.watch(post, open_)
    await scene.discord("PATCH", f"/channels/{closed}", {"deny": ["SEND_MESSAGES"]})

    liker = scene.like(post)
    await scene.announcement(liker, open_)

    trouble = f"I can't post in <#{closed}>. Give me the permission “Send Messages”"
    await scene.repeat_until("watch list", trouble)
    assert await scene.messages(closed) == []
