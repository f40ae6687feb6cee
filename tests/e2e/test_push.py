"""Likes that X pushes, from the event to the message; and what happens when it stops."""

import pytest
import pytest_asyncio

from sandbox.x.activity.subscriptions import Subscription
from sandbox.x.world.seed import TWITTER_DEV
from tests.e2e.harness import GENERAL, Scene

pytestmark = pytest.mark.timeout(120)

PUSHES = {"PUSH": "auto"}
TRAPS = {"oauth1": "allowed", "keep_alive_s": 0.5}


@pytest_asyncio.fixture
async def pushing(own_scene: Scene) -> Scene:
    """A bot whose own account X lets subscribe."""
    await own_scene.x("POST", "/settings", {"push_traps": TRAPS})
    await own_scene.start_bot(**PUSHES)
    return own_scene


async def subscribed(scene: Scene, user_id: int = TWITTER_DEV) -> Subscription:
    """Wait until the bot reads the stream, and is told of an account's likes."""

    async def look() -> Subscription | None:
        await scene.command("status")
        hub = scene.stage.x.hub
        return hub.subscriptions.find("like.create", user_id) if hub.connections else None

    return await scene.until(look, "X pushes", within_s=50)


async def test_a_like_is_told_as_it_is_pushed(pushing: Scene) -> None:
    scene, post = pushing, pushing.post(likes=3)
    await scene.watch(post, GENERAL)
    assert (await subscribed(scene)).tag == f"likecord:{TWITTER_DEV}"
    await scene.repeat_until("status", "X pushes those of 1 account")
    await scene.counted()
    await scene.x("DELETE", "/requests")

    for _ in range(3):
        await scene.announcement(scene.like(post), GENERAL)
    await scene.all_told(3)

    asked = [each["path"] for each in await scene.x("GET", "/requests")]
    assert not [path for path in asked if path.endswith("/liking_users")]
