"""Whoever has installed the bot for themselves asks as themselves, and at nobody else's cost."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from sandbox.x.world.seed import TWITTER, TWITTER_DEV
from tests.e2e.at_x import link_by_pin, sees
from tests.e2e.harness import ADA, GENERAL, GRACE, LINUS, Scene, address
from tests.e2e.seen import Answer


async def alone(scene: Scene, command: str, by: str, **options: Any) -> Answer:
    """Use a command where the bot comes with the member, and not with the server."""
    call: dict[str, Any] = {"command": command, "options": options, "user_installed": True}
    return await scene._interact(call, by=by, where=GENERAL)


async def charged(scene: Scene) -> dict[int, int]:
    engine = create_async_engine(scene.database_url)
    async with engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT guild_id, SUM(micro_usd) FROM charge GROUP BY guild_id")
        )
        found = {int(guild_id): int(spent) for guild_id, spent in rows if spent}
    await engine.dispose()
    return found


async def test_it_works_with_the_members_own_account_at_their_own_cost(own_scene: Scene) -> None:
    scene = own_scene
    await scene.x("POST", "/settings", {"liking": "allowed"})
    await scene.start_bot(GUEST_DAILY_USD="1")
    await sees(scene, await link_by_pin(scene, GRACE, TWITTER), "### Linked as @Twitter")
    own, others = scene.post(author_id=str(TWITTER), likes=2), scene.post(likes=2)
    before = await charged(scene)

    shown = await alone(scene, "post", GRACE, post=address(others))
    likers = await alone(scene, "likers", GRACE, post=address(own))
    hidden = await alone(scene, "likers", GRACE, post=address(others))
    liked = await alone(scene, "like", GRACE, post=address(others))
    status = await alone(scene, "account status", GRACE)
    helped = await alone(scene, "help", GRACE)
    paid = await charged(scene)

    assert "2 likes" in shown.text
    assert likers.text.count("- [") == 2
    assert "There are no names to show." in hidden.text
    assert liked.text == "Liked as @Twitter."
    assert TWITTER in others.likes
    assert TWITTER_DEV not in others.likes
    assert "### Your X account is @Twitter" in status.text
    assert "Let this server see names" not in status.message.buttons
    assert "`/watch" not in helped.text
    assert "`/liked" not in helped.text
    everything = (shown, likers, hidden, liked, status, helped)
    assert all(message.private for answer in everything for message in answer.messages)
    assert {guild for guild in paid if paid[guild] != before.get(guild)} == {int(GRACE)}

    asked = await scene.command("forget-me", by=GRACE)
    await scene.press(asked, "Delete it all", by=GRACE)
    after = await charged(scene)
    assert int(GRACE) not in after
    assert sum(after.values()) == sum(paid.values())


async def test_nobody_gets_anything_without_an_account_or_from_the_bots(own_scene: Scene) -> None:
    scene = own_scene
    await scene.x("POST", "/settings", {"liking": "allowed"})
    await scene.start_bot()
    await sees(scene, await link_by_pin(scene, GRACE, TWITTER), "### Linked as @Twitter")
    post = scene.post(likes=1)

    unlinked = [
        await alone(scene, command, by, post=address(post))
        for command in ("post", "likers", "like", "unlike")
        for by in (LINUS, ADA)  # who runs the bot, too
    ]
    link = await alone(scene, "account link", LINUS)
    # Nobody has allowed it to cost anything.
    unpaid = await alone(scene, "post", GRACE, post=address(post))

    linked_first = "You haven't linked an X account yet. Use `/account link`."
    assert {answer.text for answer in unlinked} == {linked_first}
    assert link.text.startswith("Link your account in a server that I am in.")
    assert unpaid.text.startswith("I only ask X for the servers of the person who runs me")
    assert len(post.likes) == 1
