"""What a server that is not served gets of the bot's own X account: nothing, from one bot."""

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest
import pytest_asyncio

from sandbox.x.world.seed import TWITTER_DEV
from tests.databases import SqliteFiles
from tests.e2e.harness import GRACE, LIKES, Scene, address
from tests.e2e.opening import open_scene
from tests.security.strangers import NOT_SERVED, asked_of_x, strangers

pytestmark = pytest.mark.asyncio(loop_scope="module")
LIKES_OF_AN_ATTACK = 50


class Guest(NamedTuple):
    """A scene, and the channel of a server in it that is not the operator's."""

    scene: Scene
    there: str


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_guest(
    tmp_path_factory: pytest.TempPathFactory, sqlite_files: SqliteFiles
) -> AsyncIterator[Guest]:
    folder = tmp_path_factory.mktemp("scene")
    async with open_scene(folder, sqlite_files.copy(folder / "likecord.db")) as scene:
        yield Guest(scene, await strangers(scene, MONTHLY_BUDGET_USD="5"))


@pytest_asyncio.fixture(loop_scope="module")
async def guest(shared_guest: Guest) -> Guest:
    """The shared one, where X lets apps like and was asked nothing yet."""
    scene, _ = shared_guest
    await scene.refresh()
    await scene.x("POST", "/settings", {"liking": "allowed"})
    await scene.x("DELETE", "/requests")
    return shared_guest


async def test_it_likes_with_the_bots_account(guest: Guest) -> None:
    scene, there = guest
    posts = [scene.post() for _ in range(LIKES_OF_AN_ATTACK)]

    answers = await asyncio.gather(
        *(scene.command("like", post=address(post), by=GRACE, where=there) for post in posts)
    )
    await scene.command("unlike", post=address(posts[0]), by=GRACE, where=there)

    assert {answer.text for answer in answers} == {NOT_SERVED}
    assert not any(TWITTER_DEV in post.likes for post in posts)
    assert "/likes" not in str(await scene.x("GET", "/requests"))


@pytest.mark.parametrize(
    "command",
    [
        {"command": "likers"},
        {"command": "likers", "export": "csv"},
        {"command": "post"},
        {"command": "post", "fields": "true"},
        {"command": "watch add"},
    ],
    ids=lambda command: " ".join(command.values()),
)
async def test_it_reads_what_x_shows_the_account_alone(
    guest: Guest, command: dict[str, str]
) -> None:
    """Its private likers, its author-only figures, its money."""
    scene, there = guest
    post = scene.post("Ours", likes=3, public_metrics={"impression_count": 4_321})
    if command["command"] == "watch add":
        command = {**command, "channel": there}

    answer = await scene.command(**command, post=address(post), by=GRACE, where=there)

    assert answer.text == NOT_SERVED
    assert await asked_of_x(scene, post) == []


async def test_it_reads_what_the_account_likes(guest: Guest) -> None:
    scene, there = guest
    for export in ({}, {"export": "json"}):
        answer = await scene.command("liked", user="TwitterDev", by=GRACE, where=there, **export)
        assert answer.text == NOT_SERVED
    watch = await scene.command(
        "watch account", user="TwitterDev", channel=there, by=GRACE, where=there
    )
    assert watch.text == NOT_SERVED
    assert "TwitterDev" not in str(await scene.x("GET", "/requests"))


async def test_what_its_operator_is_charged_is_not_shown_there(guest: Guest) -> None:
    scene, there = guest
    await scene.command("post", post=address(scene.post()))

    status = await scene.command("status", by=GRACE, where=there)
    usage = await scene.command("usage", by=GRACE, where=there)

    assert "**Home** no" in status.text
    assert not any(word in status.text for word in ("TwitterDev", "$", "requests left"))
    assert "whole bot" not in usage.text
    assert "**Home** yes" in (await scene.command("status")).text


async def test_a_right_click_tells_what_the_account_has_seen(guest: Guest) -> None:
    scene, there = guest
    posts = [scene.post("For us alone"), scene.post("Another")]
    for post in posts:
        await scene.watch(post, LIKES)
    words = " ".join(address(post) for post in posts)
    written = await scene.discord(
        "POST", f"/channels/{there}/messages", {"user_id": GRACE, "content": words}
    )

    asked = await scene._interact(
        {"command": "Who liked this?", "target_id": written["id"]}, by=GRACE, where=there
    )

    assert "For us alone" not in str(asked.raw)
    assert str(posts[0].id) in str(asked.raw)
