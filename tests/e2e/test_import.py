"""Many posts are watched at once: the price first, then how far it is, then what was left out."""

import pytest

from sandbox.x.world.seed import TWITTER
from tests.e2e.harness import GRACE, LIKES, NotOfferedError, Scene, address
from tests.e2e.seen import Answer, Seen

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def done(scene: Scene, answer: Answer) -> Seen:
    """Wait for the end of an import, which is told in the message of its answer."""

    async def look() -> Seen | None:
        path = f"/sandbox/channels/{answer.channel_id}/messages?as={answer.user_id}"
        async with scene.http.get(path) as response:
            seen = [Seen(message) for message in await response.json()]
        message = next(one for one in seen if one.id == answer.message.id)
        return message if " added in " in message.text else None

    return await scene.until(look, "the import is done")


async def test_the_price_comes_first_and_what_is_left_out_has_its_reason(scene: Scene) -> None:
    channel_id = await scene.new_channel()
    posts = [scene.post(f"No. {number}") for number in range(5)]
    there = scene.post("Watched there already")
    gone = scene.post("About to go")
    others = scene.post(author_id=str(TWITTER))
    scene.stage.x.world.delete_post(gone)
    await scene.command("watch add", post=address(there), channel=channel_id)
    links = " ".join(f"<{address(post)}>" for post in (*posts, there, gone, others))

    asked = await scene.command("watch import", links=links, channel=channel_id)
    before = await scene.command("watch list")
    begun = await scene.press(asked, "Start watching")
    end = await done(scene, begun)

    assert asked.text.startswith(f"### Watch 7 posts in <#{channel_id}>?")
    assert "Estimated cost: about $" in asked.text
    assert "1 post left out: watched there already." in asked.text
    assert "No. 3" not in before.text
    assert end.text.startswith(f"### 6 watches added in <#{channel_id}>")
    assert "**1 post left out:** X has no such post" in end.text
    assert str(gone.id) in end.text
    liker = scene.like(posts[3])
    assert await scene.announcement(liker, channel_id)


async def test_too_many_are_left_out_beforehand(scene: Scene) -> None:
    links = " ".join(f"x.com/i/status/{number}" for number in range(1, 300))

    asked = await scene.command("watch import", links=links, channel=LIKES)
    left = await scene.press(asked, "Cancel")

    assert asked.text.startswith("### Watch 200 posts")
    assert "99 posts left out: I take 200 at a time." in asked.text
    assert left.text == "Cancelled. No watch was added."


async def test_a_text_without_posts_and_a_member(scene: Scene) -> None:
    empty = await scene.command("watch import", links="nothing", channel=LIKES)
    none = await scene.command("watch import", channel=LIKES)
    post = scene.post("From a file")
    lines = f"{post.id}\n{address(post)}\n"
    attached = {"filename": "links.txt", "content": lines}
    filed = await scene.command("watch import", channel=LIKES, file=attached)
    too_large = await scene.command(
        "watch import", channel=LIKES, file={"filename": "a.txt", "content": "x" * 300_000}
    )

    assert empty.text.startswith("I can't find an X post in that.")
    assert none.text == empty.text
    assert filed.text.startswith("### Watch 1 post in")
    assert too_large.text.startswith("I can't read that file.")
    with pytest.raises(NotOfferedError):
        await scene.command("watch import", links="x.com/i/status/20", by=GRACE)


async def test_an_import_that_is_not_known_any_more(scene: Scene) -> None:
    post = scene.post()
    asked = await scene.command("watch import", links=address(post), channel=LIKES)
    begun = await scene.press(asked, "Start watching")
    await done(scene, begun)
    nothing = await scene.command("watch import", links=address(post), channel=LIKES)

    assert nothing.text == "Nothing to add: that post is watched there already."
