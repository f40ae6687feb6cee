"""Charts of likes, and who and what stands out; of what was told in the server alone."""

from io import BytesIO

import pytest
from PIL import Image

from sandbox.x.world.seed import TWITTER
from tests.e2e.harness import GRACE, LINUS, Scene, address

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_is_empty_says_so(scene: Scene) -> None:
    posts = await scene.command("top posts", by=GRACE)
    likers = await scene.command("top likers", by=GRACE)

    assert posts.text == (
        "No watched post gained likes in the last 7 days. Choose a longer `period` to see more."
    )
    assert likers.text.startswith("I announced nobody by name in the last 7 days.")


async def test_a_post_that_nobody_has_liked_yet_is_drawn_as_one(scene: Scene) -> None:
    post = scene.post("Quiet")
    await scene.command("watch add", post=address(post), channel=await scene.new_channel())

    beside = address(scene.post("Not watched"))
    chart = await scene.command(
        "chart post", post=address(post), compare=beside, period="day", by=LINUS
    )

    assert "1 post is left out: not watched here." in chart.text
    assert "0 likes, 0 new" in chart.text
    assert [url.rpartition("/")[2] for url in chart.message.pictures] == ["likes.png"]


async def test_likes_are_drawn_and_compared_and_named(scene: Scene) -> None:
    channel_id = await scene.new_channel()
    ours, other = scene.post("Apples", likes=8), scene.post("Pears")
    theirs = scene.post("Plums", author_id=str(TWITTER))
    for post in (ours, other):
        await scene.watch(post, channel_id)
    await scene.command("watch add", post=address(theirs), channel=channel_id)
    keen = scene.person("Keen")
    for post in (ours, other):
        await scene.announcement(scene.like(post, keen), channel_id)
        scene.like(post)
    for _ in range(2):
        scene.like(ours)
    await scene.all_told(6)

    chart = await scene.command(
        "chart post", post=address(ours), compare=f"{address(other)} {address(theirs)}", by=LINUS
    )
    top = await scene.command("top posts", by=LINUS)
    likers = await scene.command("top likers", period="day", by=LINUS)

    assert "12 likes, 4 new" in chart.text
    assert "2 likes, 2 new" in chart.text
    (gallery,) = [
        part for part in chart.message.raw["components"][0]["components"] if part.get("items")
    ]
    assert "Apples: from 8 to 12 likes" in gallery["items"][0]["description"]
    async with scene.http.get(chart.message.pictures[0]) as response:
        assert Image.open(BytesIO(await response.read())).size == (1200, 675)
    assert top.text.index("4 new likes") < top.text.index("2 new likes")
    assert f"1. **[Keen](https://x.com/{keen.username})** liked 2 posts" in likers.text
    assert not any(answer.private for answer in (chart, top, likers))


async def test_what_cannot_be_drawn_is_refused(scene: Scene) -> None:
    unknown = await scene.command("chart post", post=address(scene.post()))
    nonsense = await scene.command("chart post", post="nonsense")
    many = " ".join(f"x.com/i/status/{number}" for number in range(1, 6))
    too_many = await scene.command("chart post", post="99", compare=many)

    assert unknown.text.startswith("This post isn't watched here")
    assert nonsense.text.startswith("I can't find an X post in that.")
    assert too_many.text == "A chart compares five posts at most. Leave some out."
    assert all(answer.private for answer in (unknown, nonsense, too_many))
