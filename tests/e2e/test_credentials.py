"""Keys of the bot's own account that are missing, or that X takes back while the bot runs."""

from tests.e2e import state
from tests.e2e.harness import GRACE, Scene, address

REFUSED = "X no longer accepts the keys that I was given. The person who runs me must renew them."
ONCE = (
    "X did not accept the keys that I used for this. That may be trouble of its own: try again in "
    "a minute."
)
NO_ACCOUNT = (
    "This needs an X account, and none is set up. The person who runs me must add its access "
    "token to the settings."
)
NO_LINKING = (
    "Accounts can't be linked here yet. The person who runs me must set `SECRET_KEY` first."
)
NO_KEYS = dict.fromkeys(
    ("X_API_KEY", "X_API_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET"), ""
)


async def test_a_token_that_is_revoked_while_it_runs(own_scene: Scene) -> None:
    scene = own_scene
    await scene.x("POST", "/settings", {"liking": "allowed"})
    await scene.start_bot()
    post, channel_id = scene.post(likes=1), await scene.new_channel()
    before = state.likes_on_x(scene.stage.x.world)
    await scene.x("DELETE", f"/tokens/{scene.settings['X_ACCESS_TOKEN']}")

    said = {
        command: await scene.command(command, post=address(post))
        for command in ("like", "unlike", "likers")
    }
    said["liked"] = await scene.command("liked", user="@Twitter")

    # Who asks before X has been asked thrice who the bot is, is told to try again.
    for command, answer in said.items():
        assert answer.message.texts in ([ONCE], [REFUSED]), command
    status = await scene.repeat_until("status", "**X has refused my keys since <t:")
    assert REFUSED in status.text
    said = {
        command: await scene.command(command, post=address(post))
        for command in ("like", "unlike", "likers")
    }
    said["watch add"] = await scene.command("watch add", post=address(post), channel=channel_id)
    for command, answer in said.items():
        assert answer.message.texts == [REFUSED], command
    assert all(answer.private for answer in said.values())
    assert (await state.stored(scene.database_url))["Watch"] == []
    assert state.likes_on_x(scene.stage.x.world) == before


async def test_an_app_without_an_account_likes_nothing_and_links_none(own_scene: Scene) -> None:
    scene = own_scene
    await scene.start_bot(**NO_KEYS, SECRET_KEY="")
    post = address(scene.post())
    linking = await scene.command("account link", by=GRACE)
    assert (linking.message.texts, linking.private) == ([NO_LINKING], True)

    said = [await scene.command(command, post=post) for command in ("like", "unlike")]

    assert [answer.message.texts for answer in said] == [[NO_ACCOUNT], [NO_ACCOUNT]]
    assert all(answer.private for answer in said)
