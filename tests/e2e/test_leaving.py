"""Members who leave: their account is theirs, and what they watched is the server's."""

from sandbox.discord.world import Member
from sandbox.x.world.seed import TWITTER
from tests.e2e.at_x import link_by_pin
from tests.e2e.harness import ADA, GRACE, LINUS, Scene


def leave(scene: Scene, member_id: str) -> Member:
    """Let a member leave, and Linus own the server from now on; Discord tells the bot nothing."""
    guild = scene.stage.discord.world.first_guild
    guild.owner_id = int(LINUS)
    return guild.members.pop(int(member_id))


async def test_the_account_of_a_linked_member_who_leaves_stays_linked(own_scene: Scene) -> None:
    scene = own_scene
    await scene.start_bot()
    await link_by_pin(scene, GRACE, TWITTER)
    channel_id, post = await scene.new_channel(), scene.post(author_id=str(TWITTER))
    await scene.watch(post, channel_id)

    member = leave(scene, GRACE)

    # Its likers are shown to its author alone: it is read with the author's account still.
    await scene.announcement(scene.like(post), channel_id)
    scene.stage.discord.world.first_guild.members[int(GRACE)] = member
    status = await scene.command("account status", by=GRACE)
    assert "### Your X account is @Twitter" in status.text


async def test_a_watch_whose_creator_has_left_goes_on_and_is_the_servers(
    own_scene: Scene,
) -> None:
    scene = own_scene
    await scene.start_bot()
    channel_id, post = await scene.new_channel(), scene.post()
    await scene.watch(post, channel_id)

    leave(scene, ADA)

    await scene.announcement(scene.like(post), channel_id)
    # That it is announced is noted when Discord has answered, after it was seen.
    await scene.repeat_until("watch list", "1 like announced", by=LINUS)
    choices = await scene.autocomplete("watch remove", "watch", by=LINUS)
    (watch,) = choices.values()
    removed = await scene.command("watch remove", watch=watch, by=LINUS)
    assert "### No longer watching" in removed.text
    assert str(post.id) not in (await scene.command("watch list", by=LINUS)).text
