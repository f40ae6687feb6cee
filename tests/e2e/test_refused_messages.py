"""Discord refuses a message for what is in it: it is sent plainer, and nothing waits behind it."""

import pytest

from tests.e2e.harness import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def filtered(
    scene: Scene, *, words: tuple[str, ...] = (), links: tuple[str, ...] = ()
) -> None:
    await scene.discord("POST", "/filters", {"words": list(words), "links": list(links)})


async def test_a_blocked_word_of_a_post_is_left_out(scene: Scene) -> None:
    post, channel_id = scene.post("Buy Zlorptokens now"), await scene.new_channel()
    await scene.watch(post, channel_id)
    await filtered(scene, words=("zlorptokens",))
    liker = scene.like(post)
    seen = await scene.announcement(liker, channel_id)
    assert "Zlorptokens" not in seen.text
    await scene.all_told(likes=1)


async def test_of_a_blocked_name_the_count_and_a_link_are_told(scene: Scene) -> None:
    post, channel_id = scene.post("A fine post"), await scene.new_channel()
    await scene.watch(post, channel_id)
    await filtered(scene, words=("grawlix",))
    scene.like(post, scene.person("Grawlix"))
    seen = await scene.message_with("**1 new like**", channel_id)
    assert seen.text == f"**1 new like** on <https://x.com/i/status/{post.id}>"
    scene.score.watched.discard(str(post.id))


async def test_what_is_refused_in_every_form_is_set_aside_and_told(scene: Scene) -> None:
    channel_id = await scene.new_channel()
    harmful, other = scene.post("Harmful"), scene.post("Harmless")
    for post in (harmful, other):
        await scene.watch(post, channel_id)
    scene.score.watched.discard(str(harmful.id))
    await filtered(scene, links=(f"status/{harmful.id}",))
    scene.like(harmful)
    liker = scene.like(other)

    await scene.announcement(liker, channel_id)
    told = await scene.message_with("set it aside", channel_id)
    assert (
        f"Discord refused an announcement of 1 like of mine for <#{channel_id}>, down to the bare "
        "count: a link in it counts as harmful. I have set it aside and go on with the others. "
        "`/post` shows what there is to see."
    ) in told.text
    listed = await scene.command("watch list")
    assert "Discord refused 1 announcement, which I have set aside." in listed.text
    # discord.py waits out the channel's limit before it hands on Discord's answer.
    await scene.bot.says("kind=notice")
    assert "on the way to Discord" not in (await scene.command("status")).text
    await filtered(scene)
    again = scene.like(harmful)
    await scene.announcement(again, channel_id)
