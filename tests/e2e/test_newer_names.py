"""X answers in the names of its newer file (2.167), or is asked in them too: all works the same."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from sandbox.x.world.seed import TWITTER, TWITTER_DEV
from tests.databases import SqliteFiles
from tests.e2e.harness import GRACE, Scene, address
from tests.e2e.opening import open_scene
from tests.sandbox.x import specification

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEWER = "2.167"
_NO_DIGITS = str.maketrans("", "", "0123456789")
POSTS, LIKERS = "GET /2/tweets", "GET /2/tweets/{id}/liking_users"
ALL_THAT_IS_ASKED = {
    POSTS,
    LIKERS,
    "GET /2/users/{id}/liked_tweets",
    "POST /2/users/{id}/likes",
    "DELETE /2/users/{id}/likes/{tweet_id}",
    "GET /2/users/by/username/{username}",
    "GET /2/users/me",
    "GET /2/usage/tweets",
}


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=[
        pytest.param({"spelling": NEWER}, id="renamed"),
        pytest.param({"spelling": NEWER, "edition": NEWER}, id="older-names-refused"),
    ],
)
async def shared_scene(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_files: SqliteFiles,
) -> AsyncIterator[Scene]:
    """A stage whose X has renamed its fields, and may know the older names no more, with a bot."""
    folder = tmp_path_factory.mktemp("scene")
    async with open_scene(folder, sqlite_files.copy(folder / "likecord.db")) as scene:
        await scene.x("POST", "/settings", request.param)
        await scene.start_bot()
        yield scene


async def test_a_post_with_all_that_was_renamed(scene: Scene) -> None:
    quoted = scene.post("What was said first", author_id=str(TWITTER))
    long = "More than 280 characters, and not cut. " * 10
    post = scene.post(
        long,
        likes=2,
        referenced_tweets=[{"type": "quoted", "id": str(quoted.id)}],
        public_metrics={"retweet_count": 7, "reply_count": 5, "quote_count": 3},
    )

    answer = await scene.command("post", post=address(post), by=GRACE)

    assert answer.text.count("and not cut.") == 10
    assert "2 likes · 7 reposts · 5 replies · 3 quotes" in answer.text
    assert "What was said first" in answer.text
    assert "@TwitterDev" in answer.text


async def test_likers_and_liked_posts(scene: Scene) -> None:
    me = scene.stage.x.world.users[TWITTER_DEV]
    post = scene.post("One of mine")
    likers = [scene.like(post), scene.like(post)]
    scene.like(post, me)

    who = await scene.command("likers", post=address(post))
    what = await scene.command("liked", user="@TwitterDev")

    assert all(f"https://x.com/{liker.username})" in who.text for liker in likers)
    assert "One of mine" in what.text


async def test_like_and_unlike(scene: Scene) -> None:
    await scene.x("POST", "/settings", {"liking": "allowed"})
    post = scene.post()

    liked = await scene.command("like", post=address(post))
    unliked = await scene.command("unlike", post=address(post))

    assert liked.text == "Liked as @TwitterDev."
    assert unliked.text == "Like taken back as @TwitterDev."


async def test_refusals_and_partial_errors(scene: Scene) -> None:
    private = scene.person(protected=True)
    hidden = scene.post(author_id=str(private.id))
    post = scene.post()

    refused = await scene.command("like", post=address(post))
    not_shown = await scene.command("post", post=address(hidden))
    not_there = await scene.command("post", post="1000000000000000000")
    nobody = await scene.command("liked", user="@nobody_of_that")

    assert "X doesn't let bots like on this plan" in refused.text
    assert "X does not show this post" in not_shown.text
    assert "X has no such post" in not_there.text
    assert "X has no user `@nobody_of_that`" in nobody.text


async def test_new_likers_are_announced(scene: Scene) -> None:
    post, channel_id = scene.post(likes=3), await scene.new_channel()
    await scene.watch(post, channel_id)

    liker = scene.like(post)

    assert await scene.announcement(liker, channel_id)
    await scene.all_told(likes=1)


async def test_an_export(scene: Scene) -> None:
    """It asks what is left of X's monthly cap, which the newer names write as text."""
    me = scene.stage.x.world.users[TWITTER_DEV]
    post = scene.post("Worth keeping")
    scene.like(post, me)

    answer = await scene.command("liked", user="@TwitterDev", export="csv")

    asked = [request["path"] for request in await scene.x("GET", "/requests")]
    assert "/2/usage/tweets" in asked
    assert "X answered something" not in answer.text


async def test_what_x_refused_is_not_asked_for_again_and_again(scene: Scene) -> None:
    requests = await scene.x("GET", "/requests")
    refused = [request["path"] for request in requests if request["status"] == 400]

    assert len(refused) == len({path.translate(_NO_DIGITS) for path in refused})


@pytest.mark.skipif(not specification.is_present(), reason=specification.MISSING)
async def test_all_of_it_is_as_xs_file_says(scene: Scene) -> None:
    """The same is seen at the end of every scene; here, that nothing was left out."""
    await scene.x("POST", "/settings", {"liking": "allowed"})
    post = address(scene.post(likes=1))
    for command in ("like", "unlike", "post", "likers"):
        await scene.command(command, post=post)
    await scene.command("liked", user="@TwitterDev", export="json")

    scene.traffic.check()

    assert scene.traffic.endpoints() >= ALL_THAT_IS_ASKED
    assert scene.traffic.spellings() == {NEWER}
