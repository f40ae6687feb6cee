"""X is asked in the names of its newer file (2.167) or refuses: everything works all the same."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from sandbox.x.world.seed import TWITTER, TWITTER_DEV
from tests.e2e.harness import GRACE, Scene, address
from tests.e2e.opening import open_scene

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEWER = "2.167"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    """A stage whose X knows the older names no more, with a bot; its requests are looked at."""
    async with open_scene(tmp_path_factory.mktemp("scene")) as scene:
        await scene.x("POST", "/settings", {"spelling": NEWER, "edition": NEWER})
        await scene.start_bot()
        yield scene


async def test_a_post_with_all_that_was_renamed(scene: Scene) -> None:
    quoted = scene.post("What was said first", author_id=str(TWITTER))
    long = "More than 280 characters, and not cut. " * 10
    post = scene.post(
        long,
        likes=2,
        referenced_tweets=[{"type": "quoted", "id": str(quoted.id)}],
        public_metrics={"retweet_count": 7},
    )

    answer = await scene.command("post", post=address(post), by=GRACE)

    assert answer.text.count("and not cut.") == 10
    assert "2 likes · 7 reposts" in answer.text
    assert "What was said first" in answer.text
    assert "@TwitterDev" in answer.text


async def test_who_likes_what(scene: Scene) -> None:
    me = scene.stage.x.world.users[TWITTER_DEV]
    post = scene.post("One of mine")
    liker = scene.like(post)
    scene.like(post, me)

    who = await scene.command("likers", post=address(post))
    what = await scene.command("liked", user="@TwitterDev")

    assert f"https://x.com/{liker.username})" in who.text
    assert "One of mine" in what.text


async def test_liking(scene: Scene) -> None:
    await scene.x("POST", "/settings", {"liking": "allowed"})
    post = scene.post()

    liked = await scene.command("like", post=address(post))
    unliked = await scene.command("unlike", post=address(post))

    assert liked.text == "@TwitterDev likes this post now. X confirmed it."
    assert unliked.text == "@TwitterDev does not like this post now. X confirmed it."


async def test_new_likers_are_announced(scene: Scene) -> None:
    post, channel_id = scene.post(likes=3), await scene.new_channel()
    await scene.watch(post, channel_id)

    liker = scene.like(post)

    assert await scene.announcement(liker, channel_id)
    await scene.all_told(likes=1)


async def test_what_x_refused_is_not_asked_for_again_and_again(scene: Scene) -> None:
    requests = await scene.x("GET", "/requests")
    refused = [request["path"] for request in requests if request["status"] == 400]

    assert len(refused) == len({path.translate(_NO_DIGITS) for path in refused})


_NO_DIGITS = str.maketrans("", "", "0123456789")
