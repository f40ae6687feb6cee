"""Everything as a file, X's answers as they came, and the commands on a message."""

import csv
import io
import json
from typing import Any

import pytest

from sandbox.x.world.seed import TWITTER, TWITTER_DEV
from tests.e2e.harness import ADA, GENERAL, GRACE, LIKES, Scene, address
from tests.e2e.seen import Answer, Seen

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _exported(scene: Scene, by: str = ADA) -> Seen:
    """Wait until a member's export is there."""

    async def look() -> Seen | None:
        path = f"/sandbox/channels/{GENERAL}/messages?as={by}"
        async with scene.http.get(path) as response:
            seen = [Seen(message) for message in await response.json()]
        return next((one for one in reversed(seen) if "### Exported" in one.text), None)

    return await scene.until(look, "an export is there")


async def _agreed(scene: Scene, asked: Answer, *, by: str = ADA) -> Answer:
    """Agree to X's terms, which the bot asks of each member once."""
    if "By exporting you agree to X's" in asked.text:
        await scene.press(asked, "Agree and export", by=by)
    return asked


async def _files(scene: Scene, seen: Seen) -> dict[str, str]:
    files = {}
    for part in seen.raw["components"]:
        if part["type"] == 13:
            url = str(part["file"]["url"])
            async with scene.http.get(url[url.index("/sandbox/") :]) as response:
                files[url.rpartition("/")[2]] = await response.text()
    return files


async def _on_message(scene: Scene, command: str, content: str, *, by: str = ADA) -> Any:
    written = {"user_id": GRACE, "content": content}
    message = await scene.discord("POST", f"/channels/{GENERAL}/messages", written)
    asked = {"command": command, "target_id": message["id"]}
    return await scene._interact(asked, by=by, where=GENERAL)


async def test_likers_are_exported_whole(scene: Scene) -> None:
    post = scene.post(likes=43)
    scene.like(post, scene.person(protected=True))

    begun = await _agreed(scene, await scene.command("likers", post=address(post), export="csv"))
    done = await _exported(scene)

    assert begun.private
    assert begun.acked_ms < 1000
    (name,) = files = await _files(scene, done)
    assert name == f"likers-of-{post.id}.csv"
    rows = list(csv.DictReader(io.StringIO(files[name], newline="")))
    assert len({row["user_id"] for row in rows}) == 43
    assert "X showed 43 of 44 likes." in done.text


async def test_what_the_account_likes_is_exported_from_the_button_below(scene: Scene) -> None:
    me = scene.stage.x.world.users[TWITTER_DEV]
    posts = [scene.post(f"Post {number}", author_id=str(TWITTER)) for number in range(7)]
    for post in posts:
        scene.like(post, me)
    page = await scene.command("liked", user="@TwitterDev", by=GRACE)

    begun = await _agreed(scene, await scene.press(page, "Export JSON", by=GRACE), by=GRACE)
    done = await _exported(scene, GRACE)

    assert begun.private
    (name,) = files = await _files(scene, done)
    assert name == "liked-by-TwitterDev.json"
    exported = [row["post_id"] for row in json.loads(files[name])]
    assert exported[:7] == [str(post.id) for post in reversed(posts)]


async def test_fields_gives_xs_answers_as_they_came(scene: Scene) -> None:
    post = scene.post("Bread & butter", likes=2)

    answer = await scene.command("likers", post=address(post), fields="true")

    files = await _files(scene, answer.message)
    assert list(files) == ["1-tweets.json", f"2-tweets-{post.id}-liking_users.json"]
    shown, likers = (json.loads(text) for text in files.values())
    assert shown["data"][0]["text"] == "Bread &amp; butter"
    assert len(likers["data"]) == 2


async def test_a_right_click_shows_the_likers_of_the_post_in_the_message(scene: Scene) -> None:
    post = scene.post()
    liker = scene.like(post)

    answer = await _on_message(scene, "Who liked this?", f"See {address(post)}?s=20", by=GRACE)

    assert answer.private
    assert answer.acked_ms < 1000
    assert liker.username in answer.text


async def test_a_right_click_likes_the_post_in_the_message(scene: Scene) -> None:
    await scene.x("POST", "/settings", {"liking": "allowed"})
    post = scene.post()

    refused = await _on_message(scene, "Like", f"What of {address(post)}", by=GRACE)
    answer = await _on_message(scene, "Like", f"How about <{address(post)}>?")

    assert refused.private
    assert refused.text.startswith("Only managers of this server can like")
    assert answer.private
    assert answer.text == "Liked as @TwitterDev."
    assert list(post.likes) == [TWITTER_DEV]


async def test_a_right_click_watches_one_of_several_posts(scene: Scene) -> None:
    first, second = scene.post("First"), scene.post("Second")
    await scene.command("config channel", channel=LIKES)

    asked = await _on_message(scene, "Watch likes", f"{address(first)} {address(second)}")
    chosen = {
        "message_id": asked.message.id,
        "custom_id": "posts:watch",
        "values": [str(second.id)],
    }
    added = await scene._interact({"component": chosen}, by=ADA, where=GENERAL)

    assert "Which post should I watch?" in asked.text
    assert added.text.startswith("### Watching")
    scene.score.watched.add(str(second.id))
    liker = scene.like(second)
    assert await scene.announcement(liker, LIKES)
    await scene.command("config channel")
    for value in (await scene.autocomplete("watch remove", "watch")).values():
        await scene.command("watch remove", watch=value)


async def test_a_right_click_on_a_message_without_links_says_so(scene: Scene) -> None:
    answer = await _on_message(scene, "Like", "Good morning")
    assert answer.text == (
        "I can't find a link to an X post in this message. Use this on one that has a link."
    )
