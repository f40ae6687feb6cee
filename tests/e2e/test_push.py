"""Likes that X pushes, from the event to the message; and what happens when it stops."""

from functools import partial

import pytest_asyncio

from sandbox.stage import free_port
from sandbox.x.activity.subscriptions import Subscription
from sandbox.x.world.seed import TWITTER, TWITTER_DEV
from tests.e2e.at_x import BROWSER, link_in_browser, revoke, sees
from tests.e2e.harness import GENERAL, GRACE, Scene

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

    return await scene.keep_asking(look, "X pushes")


async def asked_for_likers(scene: Scene) -> int:
    asked = [each["path"] for each in await scene.x("GET", "/requests")]
    return sum(path.endswith("/liking_users") for path in asked)


async def test_a_like_is_told_as_it_is_pushed(pushing: Scene) -> None:
    scene, other = pushing, pushing.post()
    await scene.watch(other, GENERAL)
    assert (await subscribed(scene)).tag == f"likecord:{TWITTER_DEV}"
    await scene.repeat_until("status", "X pushes those of 1 account")
    # What was watched before that is counted once more; that count may see the next like, too.
    post = scene.post(likes=3)
    await scene.watch(post, GENERAL)

    await scene.x("DELETE", "/requests")
    for _ in range(3):
        await scene.announcement(scene.like(post), GENERAL)
    assert await asked_for_likers(scene) == 0

    await scene.x("POST", "/settings", {"push": "off"})
    await scene.repeat_until("status", "until X's stream opens again")
    await scene.announcement(scene.like(post), GENERAL)
    await scene.all_told()
    assert await asked_for_likers(scene) > 0


async def test_a_linked_account_is_pushed_until_its_owner_takes_it_back(own_scene: Scene) -> None:
    """X refuses the bot's own account, as it has one program; a linked one it does not."""
    scene = own_scene
    await scene.x("POST", "/settings", {"push_traps": {"keep_alive_s": 0.5}})
    await scene.start_bot(**PUSHES)
    answer, _ = await link_in_browser(scene, GRACE, TWITTER)
    await sees(scene, answer, "### Linked as @Twitter")
    theirs, own = scene.post(author_id=str(TWITTER)), scene.post()
    for post in (theirs, own):
        await scene.watch(post, GENERAL)

    await subscribed(scene, TWITTER)
    await scene.repeat_until("status", "does not push likes with the keys that I have of my own")
    status = await scene.command("status")
    offered = await scene.press(status, "Link the bot's account")
    assert BROWSER in offered.message.buttons
    assert scene.stage.x.hub.subscriptions.find("like.create", TWITTER_DEV) is None
    await scene.announcement(scene.like(theirs), GENERAL)
    await scene.announcement(scene.like(own), GENERAL)

    revoke(scene, TWITTER)
    await scene.keep_asking(partial(_is_unlinked, scene), "the account is unlinked")


async def _is_unlinked(scene: Scene) -> bool:
    return "haven't linked an X account" in (await scene.command("account status", by=GRACE)).text


async def test_by_a_webhook(own_scene: Scene) -> None:
    scene, port = own_scene, free_port()
    await scene.x("POST", "/settings", {"push_traps": TRAPS})
    url = f"http://127.0.0.1:{port}/x"
    await scene.start_bot(**PUSHES, PUSH_WEBHOOK_URL=url, X_REDIRECT_URL="")
    post = scene.post()
    await scene.watch(post, GENERAL)
    assert (await subscribed(scene)).webhook_id is not None
    await scene.repeat_until("status", "X pushes those of 1 account")

    await scene.announcement(scene.like(post), GENERAL)
    await scene.all_told(1)
    assert scene.stage.x.webhooks.refused == []
