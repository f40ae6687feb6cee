"""/like and /unlike, with and without X's permission, the server's and the role's."""

import pytest
from sqlmodel import select

from sandbox.x.world.seed import TWITTER_DEV
from storage.models import ActionLog
from tests.e2e import state
from tests.e2e.harness import ADA, GRACE, LINUS, READERS, Scene, address

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def allow_liking(scene: Scene) -> None:
    await scene.x("POST", "/settings", {"liking": "allowed"})
    # A refusal is remembered; this makes the bot ask X anew.
    await scene.command("status")


async def actions(scene: Scene, post_id: int) -> list[tuple[int, str, str, str]]:
    async with state.opened(scene.database_url) as database, database.reading() as session:
        query = select(ActionLog).where(ActionLog.post_id == post_id).order_by("id")
        rows = await session.exec(query)
        return [(row.member_id, row.account, row.action, row.outcome) for row in rows]


async def test_like_and_unlike_change_the_count_and_name_the_account(scene: Scene) -> None:
    await allow_liking(scene)
    post = scene.post(likes=2)

    liked = await scene.command("like", post=f"{address(post)}?s=20")
    after_like = set(post.likes)
    unliked = await scene.press(liked, "Undo")

    assert liked.text == "Liked as @TwitterDev."
    assert TWITTER_DEV in after_like
    assert len(after_like) == 3
    assert unliked.text == "Like taken back as @TwitterDev."
    assert post.like_count == 2
    assert liked.acked_ms < 1000
    assert unliked.acked_ms < 1000
    assert liked.private
    assert unliked.private
    assert liked.message.buttons["Open on X"]["url"].endswith(f"/status/{post.id}")
    assert await actions(scene, post.id) == [
        (int(ADA), "TwitterDev", "like", "liked"),
        (int(ADA), "TwitterDev", "unlike", "not_liked"),
    ]


async def test_where_x_refuses_liking_a_button_opens_x_itself(scene: Scene) -> None:
    post = scene.post()

    answer = await scene.command("like", post=address(post))

    assert answer.private
    assert answer.text == ("X doesn't let bots like on this plan. You can like it yourself:")
    button = answer.message.buttons["Like on X"]
    assert button["url"] == f"https://x.com/intent/like?tweet_id={post.id}"
    assert post.like_count == 0
    assert await actions(scene, post.id) == [(int(ADA), "TwitterDev", "like", "not_in_plan")]


async def test_where_x_refuses_unliking_a_button_opens_the_post(scene: Scene) -> None:
    post = scene.post(likes=1)

    answer = await scene.command("unlike", post=address(post))
    again = await scene.command("unlike", post=address(post))
    await allow_liking(scene)
    allowed = await scene.command("unlike", post=address(post))

    assert answer.private
    assert answer.text == (
        "X doesn't let bots take likes back on this plan. You can do it yourself on X, signed in "
        "as the account that likes the post:"
    )
    assert list(answer.message.buttons) == ["Open on X"]
    assert answer.message.buttons["Open on X"]["url"].endswith(f"/status/{post.id}")
    assert again.text == answer.text
    assert allowed.text == "Like taken back as @TwitterDev."
    assert await actions(scene, post.id) == [
        (int(ADA), "TwitterDev", "unlike", "not_in_plan"),
        (int(ADA), "TwitterDev", "unlike", "not_in_plan"),
        (int(ADA), "TwitterDev", "unlike", "not_liked"),
    ]


async def test_plain_members_like_only_with_the_like_role(scene: Scene) -> None:
    await allow_liking(scene)
    post = scene.post()

    without_role = await scene.command("like", post=address(post), by=GRACE)
    await scene.command("config like-role", role=READERS)
    with_role = await scene.command("like", post=address(post), by=GRACE)
    of_another_role = await scene.command("unlike", post=address(post), by=LINUS)
    await scene.command("config like-role")
    taken_back = await scene.command("unlike", post=address(post), by=GRACE)

    refusal = "Only managers of this server can like with the bot's account."
    assert without_role.text.startswith(refusal)
    assert with_role.text == "Liked as @TwitterDev."
    assert of_another_role.text.startswith(
        f"Liking with the bot's account needs the role <@&{READERS}> here"
    )
    assert taken_back.text == without_role.text
    assert post.like_count == 1
    assert all(answer.private for answer in (without_role, with_role, of_another_role))
