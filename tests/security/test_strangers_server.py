"""What somebody can get from the bot's own X account by adding the bot to a server of theirs."""

import pytest
from sqlmodel import col, select

from bot.x.prices import WATCH, Resource
from sandbox.discord.world import TeamMember, User
from sandbox.x.world.seed import TWITTER, TWITTER_DEV
from storage.models import Charge
from tests.e2e import state
from tests.e2e.at_x import link_by_pin, sees, sees_more
from tests.e2e.harness import ADA, GRACE, LIKES, LINUS, Scene, address
from tests.e2e.opening import add_guild
from tests.security.strangers import NOT_SERVED, asked_of_x, strangers


def user_of(scene: Scene, user_id: str) -> User:
    return scene.stage.discord.world.user(int(user_id))


async def test_a_watch_from_before_costs_nothing_more(own_scene: Scene) -> None:
    """Its server belonged to the operator when it began."""
    scene, there = own_scene, await strangers(own_scene)
    offered = await scene.command("config home", by=ADA, where=there)
    await scene.press(offered, "Make it home", by=ADA)
    post = scene.post()
    await scene.watch(post, there)
    told = await scene.announcement(scene.like(post), there)

    ends = await scene.command("config home", by=ADA, where=there)
    ended = await scene.press(ends, "Let it go", by=ADA)
    assert "This server is a guest" in ended.text
    await scene.x("DELETE", "/requests")
    scene.like(post)
    mine = scene.post()
    await scene.watch(mine, LIKES)
    await scene.counted()

    pressed = await scene.press(told, "Everyone who liked", by=GRACE)
    assert pressed.text == NOT_SERVED
    assert await asked_of_x(scene, post) == []


async def test_it_adopts_itself(own_scene: Scene) -> None:
    """Only whoever runs the bot can: those who manage the server are not even asked."""
    scene, there = own_scene, await strangers(own_scene)
    shown = await scene.command("config home", by=GRACE, where=there)
    assert shown.message.buttons == {}
    offered = await scene.command("config home", by=ADA, where=there)
    scene.stage.discord.world.application.team = [TeamMember(user_of(scene, LINUS))]
    scene.stage.discord.world.application.owner_id = int(LINUS)

    pressed = await scene.press(offered, "Make it home", by=ADA)

    assert "Only the person who runs me" in pressed.messages[-1].text
    assert "a guest" in (await scene.command("config home", by=GRACE, where=there)).text


@pytest.mark.parametrize(
    ("role", "accepted", "may"),
    [("developer", True, True), ("admin", True, True), ("read_only", True, False),
     ("developer", False, False)],
)  # fmt: skip
async def test_who_of_a_team_can_adopt_it(
    own_scene: Scene,
    role: str,
    *,
    accepted: bool,
    may: bool,
) -> None:
    scene = own_scene
    application = scene.stage.discord.world.application
    application.team = [TeamMember(user_of(scene, ADA), role, accepted)]
    application.owner_id = int(LINUS)
    there = await strangers(scene)

    shown = await scene.command("config home", by=ADA, where=there)

    assert ("Make it home" in shown.message.buttons) is may


async def test_the_servers_of_a_team_are_home(own_scene: Scene) -> None:
    scene = own_scene
    application = scene.stage.discord.world.application
    application.team = [TeamMember(user_of(scene, GRACE))]
    application.owner_id = int(LINUS)
    there = await strangers(scene)

    assert "is home" in (await scene.command("config home", by=ADA, where=there)).text
    assert "a guest" in (await scene.command("config home", by=ADA)).text


@pytest.mark.parametrize("is_up", [True, False], ids=["while it runs", "while it is away"])
async def test_one_that_was_handed_over_stays_home(own_scene: Scene, *, is_up: bool) -> None:
    """Home was what its owner made it: with another one it is not."""
    scene = own_scene
    guild_id, there = add_guild(scene.stage)
    await scene.start_bot(DISCORD_GUILD_ID="")
    assert "is home" in (await scene.command("config home", by=ADA, where=there)).text
    post = scene.post(likes=2)
    await scene.watch(post, there)
    if not is_up:
        await scene.bot.stop()

    await scene.discord("PATCH", f"/guilds/{guild_id}", {"owner_id": GRACE})
    if not is_up:
        await scene.start_bot(DISCORD_GUILD_ID="")

    assert "a guest" in (await scene.command("config home", by=GRACE, where=there)).text
    shown = await scene.command("likers", post=address(post), by=GRACE, where=there)
    assert shown.text == NOT_SERVED
    await scene.discord("PATCH", f"/guilds/{guild_id}", {"owner_id": ADA})
    assert "is home" in (await scene.command("config home", by=ADA, where=there)).text


async def test_a_guest_that_watches_the_same_post_as_home(own_scene: Scene) -> None:
    """A count is public: the guest is told it and pays its part, and pays for no names."""
    scene, there = own_scene, await strangers(own_scene, GUEST_DAILY_USD="5")
    post = scene.post(likes=1)
    await scene.watch(post, LIKES)
    watched = await scene.command(
        "watch add", post=address(post), channel=there, by=GRACE, where=there
    )
    if "Start watching" in watched.message.buttons:
        await scene.press(watched, "Start watching", by=GRACE)
    before = await charges_of(scene, there)

    liker = scene.like(post)
    await scene.announcement(liker, LIKES)
    counted = await scene.message_with("new like", there)

    assert liker.username not in str(counted.raw)
    listed = await scene.command("watch list", by=GRACE, where=there)
    assert "by name" not in listed.text
    assert await charges_of(scene, there) == before


async def charges_of(scene: Scene, channel_id: str) -> int:
    """Return the micro-USD that a channel's server has paid for users, read for watches."""
    guild = scene.stage.discord.world.guild_of(scene.stage.discord.world.channel(int(channel_id)))
    query = select(Charge).where(col(Charge.guild_id) == guild.id, col(Charge.purpose) == WATCH)
    async with state.opened(scene.database_url) as database, database.reading() as session:
        rows = await session.exec(query)
        return sum(row.micro_usd for row in rows if row.resource == Resource.USER_READ)


async def test_the_settings_name_the_home_servers_and_no_other_is(own_scene: Scene) -> None:
    second, _ = add_guild(own_scene.stage, int(GRACE))
    scene, there = own_scene, await strangers(own_scene, HOME_GUILD_IDS=f"5, {second}")

    assert "HOME_GUILD_IDS" in (await scene.command("config home", by=ADA, where=there)).text
    here = await scene.command("config home", by=ADA)
    assert "a guest" in here.text
    assert here.message.buttons == {}
    assert (await scene.command("post", post=address(scene.post()))).text == NOT_SERVED


async def test_the_server_in_which_the_bot_is_developed_is_home_whoever_owns_it(
    own_scene: Scene,
) -> None:
    scene = own_scene
    scene.stage.discord.world.application.owner_id = int(LINUS)
    await scene.x("POST", "/settings", {"liking": "allowed"})
    await scene.start_bot()

    assert "`DISCORD_GUILD_ID`" in (await scene.command("config home", by=ADA)).text
    post = scene.post()
    await scene.command("like", post=address(post), by=ADA)
    assert TWITTER_DEV in post.likes


async def test_a_member_of_it_who_linked_costs_the_operator_nothing(own_scene: Scene) -> None:
    """X bills the app for what is read and liked with any account, and for whose it is."""
    scene, there = own_scene, await strangers(own_scene)
    await sees(scene, await link_by_pin(scene, LINUS, TWITTER), "### Linked as @Twitter")
    charged = await scene.x("GET", "/charges")
    post = scene.post(author_id=str(TWITTER))

    liked = await scene.command("like", post=address(post), by=LINUS, where=there)
    linked = await scene.command("account link", by=GRACE, where=there)

    assert (liked.text, linked.text) == (NOT_SERVED, NOT_SERVED)
    assert await scene.x("GET", "/charges") == charged


async def test_what_it_may_cost_a_day_is_not_exceeded(own_scene: Scene) -> None:
    """A post with its author is $0.015, and may be three times that with what it refers to."""
    scene, there = own_scene, await strangers(own_scene, GUEST_DAILY_USD="0.047")
    post, other = scene.post("Seen", likes=2), scene.post("Not seen", author_id=str(TWITTER))

    shown = await scene.command("post", post=address(post), by=GRACE, where=there)
    hidden = await scene.command("likers", post=address(post), by=GRACE, where=there)
    spent = await scene.command("post", post=address(other), by=GRACE, where=there)
    unliked = await scene.command("like", post=address(post), by=GRACE, where=there)

    assert "Seen" in shown.text
    assert "X only shows likers to the author" in hidden.text
    assert spent.text.startswith("What I may spend at X for this server today is spent.")
    assert "members like with their own X accounts" in unliked.text
    assert TWITTER_DEV not in post.likes
    entries = [entry for entry in await scene.x("GET", "/requests") if str(post.id) in str(entry)]
    assert {entry["auth"] for entry in entries} == {"bearer"}


async def test_the_operator_is_asked_after_a_managers_command(own_scene: Scene) -> None:
    scene, there = own_scene, await strangers(own_scene)
    post = scene.post(likes=1)

    refused = await scene.command(
        "watch add", post=address(post), channel=there, by=ADA, where=there
    )
    question = await sees_more(scene, refused, "Make this server home?")
    adopted = await scene.press(question, "Make it home", by=ADA)

    assert refused.messages[0].text == NOT_SERVED
    assert adopted.text.startswith("### This server is home")
    await scene.watch(post, there)
    await scene.announcement(scene.like(post), there)
