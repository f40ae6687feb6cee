"""/post and /liked with all that X shows, from X's JSON to Discord's components."""

import json

import pytest

from sandbox.x.world.seed import TWITTER, TWITTER_DEV
from tests.e2e.harness import ADA, GENERAL, GRACE, Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")

PINNED = 1354143047324299264


async def test_a_post_with_everything(scene: Scene) -> None:
    first = scene.post("Helo", author_id=str(TWITTER))
    post = scene.post(
        "Hello @TwitterDev & all of #X",
        author_id=str(TWITTER),
        edit_of=str(first.id),
        media=[{"type": "video", "duration_ms": 61_000}],
        place={"id": "p", "full_name": "Oslo, Norway", "country": "Norway"},
        poll={"options": ["Yes", "No"], "votes": [3, 1]},
        possibly_sensitive=True,
        referenced_tweets=[{"type": "quoted", "id": str(PINNED)}],
    )

    answer = await scene.command("post", post=str(post.id), by=GRACE)

    text = answer.message.text
    mention, tag = "[@TwitterDev](https://x.com/TwitterDev)", "[#X](https://x.com/hashtag/X)"
    assert f"Hello {mention} & all of {tag}" in text
    assert "75% **Yes** · 3 votes" in text
    assert "Video 1:01, 0 views · marked as possibly sensitive" in text
    assert "Oslo, Norway" in text
    assert f"Edited once: versions [1](https://x.com/i/status/{first.id}), 2 (this one)" in text
    assert f"[Quoted post](https://x.com/TwitterDev/status/{PINNED})" in text
    assert "Academics are one of the biggest groups" in text
    assert '"spoiler": true' in json.dumps(answer.message.raw)


async def test_whoever_runs_the_server_is_told_what_the_author_is(scene: Scene) -> None:
    post = scene.post("Mine", public_metrics={"impression_count": 4_321})

    await scene.command("post", post=str(post.id), by=ADA)

    async def private_word() -> str | None:
        path = f"/sandbox/channels/{GENERAL}/messages"
        async with scene.http.get(path, params={"as": ADA}) as response:
            words = [json.dumps(message) for message in await response.json()]
        return next((word for word in words if "Author-only numbers" in word), None)

    word = await scene.until(private_word, "what X tells the author alone")
    assert "**Total** 4,321 views" in word
    told_to_all = [seen.text for seen in await scene.messages(GENERAL)]
    assert not any("Author-only numbers" in text for text in told_to_all)


async def test_who_somebody_is_and_what_they_pinned(scene: Scene) -> None:
    dev = scene.stage.x.world.users[TWITTER_DEV]
    dev.is_identity_verified = dev.parody = True
    scene.like(scene.post("Liked words"), dev)

    answer = await scene.command("liked", user="TwitterDev", by=GRACE)
    dev.is_identity_verified = dev.parody = False

    text = answer.message.text
    assert "verified organisation · ID verified · parody" in text
    assert f"/sandbox/media/banner/{TWITTER_DEV}.png" in json.dumps(answer.message.raw)
    assert "affiliated with [X](https://x.com/Twitter)" in text
    assert "News & help: [docs.x.com/](https://docs.x.com/)" in text
    assert f"[Pinned post](https://x.com/TwitterDev/status/{PINNED})" in text
