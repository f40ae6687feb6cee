"""A linked account serves the servers that its owner agreed to, and no others."""

import pytest

from sandbox.x.world.seed import TWITTER
from tests.e2e.at_x import link_by_pin, sees
from tests.e2e.harness import GENERAL, GRACE, LINUS, Scene, address
from tests.e2e.opening import add_guild
from tests.e2e.seen import Answer, Seen

SHOW = "I'm the author: show names"


@pytest.fixture
async def scene(own_scene: Scene) -> Scene:
    """Grace has linked Twitter's account in one of two servers, both of which are home."""
    add_guild(own_scene.stage)
    await own_scene.start_bot(DISCORD_GUILD_ID="")
    answer = await link_by_pin(own_scene, GRACE, TWITTER)
    await sees(own_scene, answer, "### Linked as @Twitter")
    return own_scene


@pytest.fixture
def there(scene: Scene) -> str:
    """The channel of the server that was not agreed to."""
    *_, second = scene.stage.discord.world.guilds.values()
    return str(next(iter(second.channels)))


async def _likers(scene: Scene, where: str, post_id: int) -> Answer:
    return await scene.command("likers", post=str(post_id), by=LINUS, where=where)


async def test_another_server_reads_who_likes_their_posts(scene: Scene, there: str) -> None:
    post = scene.post(author_id=str(TWITTER))
    name = scene.like(post).username

    here, elsewhere = await _likers(scene, GENERAL, post.id), await _likers(scene, there, post.id)
    exported = await scene.command(
        "likers", post=address(post), export="csv", by=LINUS, where=there
    )
    await scene.press(exported, "Agree and export", by=LINUS)

    assert name in here.text
    assert name not in str(elsewhere.raw)
    assert "X only shows likers to the author" in elsewhere.text
    assert name not in (await sees(scene, exported, "ikes are private")).text


async def test_a_link_says_which_server_sees_what(scene: Scene) -> None:
    answer = await scene.command("account link", by=LINUS)

    assert "**Sandbox** sees who likes your posts: its watches name them" in answer.text
    assert "Other servers see it only if you agree there" in answer.text


async def test_another_server_that_watches_the_same_post_is_told_how_many(
    scene: Scene, there: str
) -> None:
    post, here = scene.post(author_id=str(TWITTER)), await scene.new_channel()
    await scene.watch(post, here)
    await scene.watch(post, there)
    liker = scene.like(post)

    named = await scene.announcement(liker, here)
    counted = await scene.message_with("new like", there)

    assert SHOW not in named.buttons
    assert "**1 new like**" in counted.text
    assert liker.username not in str(counted.raw)

    refused = await scene.press(counted, SHOW, by=LINUS)
    assert refused.text == "Only the member who linked this X account can decide that."
    agreed = await scene.press(counted, SHOW, by=GRACE)
    assert agreed.text.startswith("This server sees who likes the posts of @Twitter from now on.")
    later = scene.like(post)
    await scene.announcement(later, here)
    assert liker.username not in str((await scene.announcement(later, there)).raw)


async def test_it_ends_with_a_button(scene: Scene) -> None:
    post, here = scene.post(author_id=str(TWITTER)), await scene.new_channel()
    await scene.watch(post, here)
    await scene.announcement(scene.like(post), here)

    status = await scene.command("account status", by=GRACE)
    ended = await scene.press(status, "Stop showing names in Sandbox", by=GRACE)
    liker = scene.like(post)
    counted = await _growth(scene, here)

    assert "- Sandbox, since" in status.text
    assert "for watches in Sandbox" in status.text
    assert "Let this server see names" in ended.message.buttons
    assert "none: watches of your posts tell how many like them" in ended.text
    assert liker.username not in str(counted.raw)
    assert "X only shows likers to the author" in (await _likers(scene, GENERAL, post.id)).text
    assert liker.username not in str((await _likers(scene, GENERAL, post.id)).raw)

    read = scene.x_fault("GET /2/tweets/:id/liking_users")
    begun = await scene.press(ended, "Let this server see names", by=GRACE)
    assert "- Sandbox, since" in begun.text
    await scene.repeat_until("watch list", "shows names")
    # Who likes it by then is read in silence; what comes after that is told.
    await scene.wait_for(read.struck.wait(), "its likers are read again")
    await scene.counted()
    await scene.announcement(scene.like(post), here)


async def _growth(scene: Scene, channel_id: str) -> Seen:
    async def look() -> Seen | None:
        seen = await scene.messages(channel_id)
        return next((one for one in seen if "→" in one.text), None)

    return await scene.until(look, "a growth")


async def test_it_is_used_for_its_owner_wherever_they_ask(scene: Scene, there: str) -> None:
    """They ask for that like themselves."""
    await scene.x("POST", "/settings", {"liking": "allowed"})
    post = scene.post()

    liked = await scene.command("like", post=address(post), by=GRACE, where=there)

    assert liked.text == "Liked as @Twitter."
    status = await scene.command("account status", by=GRACE)
    assert "- 1 request for `/like` in Second" in status.text
    assert "- Second, since" not in status.text
