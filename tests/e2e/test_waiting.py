"""X's allowance is nearly used up, or all of it: people go first, and hear until when to wait."""

import aiohttp
from oauthlib.oauth1 import Client as Signer

from tests.e2e.harness import GRACE, Scene, address

# What polling leaves to people of X's 75 requests for likers.
LEFT = 10


async def use_up(scene: Scene, post_id: int, *, leaving: int) -> None:
    """Ask X for likers as another program with the account's keys would."""
    names = ("X_API_KEY", "X_API_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET")
    signer = Signer(*(scene.settings[name] for name in names))
    url = f"{scene.settings['X_API_URL']}/2/tweets/{post_id}/liking_users"
    async with aiohttp.ClientSession() as http:
        while True:
            _, headers, _ = signer.sign(url, "GET")
            async with http.get(url, headers=headers) as answer:
                if int(answer.headers["x-rate-limit-remaining"]) <= leaving:
                    return


async def test_people_go_before_polling_and_hear_until_when_to_wait(own_scene: Scene) -> None:
    scene = own_scene
    await scene.start_bot()
    post, channel_id = scene.post(), await scene.new_channel()
    await scene.watch(post, channel_id)
    await use_up(scene, post.id, leaving=LEFT + 1)
    await scene.command("likers", post=address(post))  # which tells the bot how little is left
    liker = scene.like(post)
    # Polling knows that there is a new like, and may not read whose it is.
    await scene.repeat_until("watch list", "1 like now")

    served = [await scene.command("likers", post=address(post)) for _ in range(LEFT)]
    refused = await scene.command("likers", post=address(post))

    assert all(f"https://x.com/{liker.username})" in answer.text for answer in served)
    asked = [one for one in await scene.x("GET", "/requests") if "liking_users" in one["path"]]
    assert {one["status"] for one in asked} == {200}
    assert refused.private
    assert refused.text.startswith("X allows no more of these requests for now. Try again <t:")
    assert refused.text.endswith(":R>.")
    # Other endpoints have allowances of their own.
    shown = await scene.command("post", post=address(post), by=GRACE)
    assert "1 like" in shown.text
    assert not any(liker.name in message.text for message in await scene.messages(channel_id))
