"""The first hour: the bot is invited, greets once, and is set up in one panel."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest

from sandbox.discord import seed
from sandbox.discord.permissions import Permission
from tests.e2e.harness import ADA, GRACE, LINUS, READERS, STAFF, Scene, address
from tests.e2e.opening import add_guild
from tests.e2e.seen import Answer, Seen
from tests.e2e.touching import choose, fill

pytestmark = pytest.mark.asyncio(loop_scope="module")

_IDS = itertools.count(1_100_000_000_000_001_000, 100)


@pytest.fixture
def guild(scene: Scene) -> Iterator[tuple[str, str]]:
    """A server of Ada's that the bot is not in yet, and its only channel."""
    guild_id = next(_IDS)
    ids = add_guild(scene.stage, guild_id=guild_id, channel_id=guild_id + 50)
    del scene.stage.discord.world.guilds[guild_id].members[seed.BOT_ID]
    yield ids
    scene.stage.discord.world.guilds.pop(guild_id, None)


async def invite(scene: Scene, guild_id: str, *, by: str = ADA) -> None:
    await scene.discord("PUT", f"/guilds/{guild_id}/bot", {"by": by})


async def greeting(scene: Scene, channel_id: str) -> Seen:
    return await scene.message_with("I tell a channel here who likes your posts", channel_id)


async def greetings_alone(scene: Scene, member: str) -> list[Seen]:
    """Return the greetings that a member was sent alone."""
    directs = scene.stage.discord.world.directs.values()
    theirs = [one for one in directs if str(one.recipient.id) == member]
    return [
        message
        for direct in theirs
        for message in await scene.messages(str(direct.id))
        if "use `/setup` in the server" in message.text
    ]


async def opened(scene: Scene, guild: tuple[str, str]) -> Answer:
    await invite(scene, guild[0])
    return await scene.press(await greeting(scene, guild[1]), "Set up")


async def test_from_the_invitation_to_the_first_announcement_in_six_actions(
    scene: Scene, guild: tuple[str, str]
) -> None:
    guild_id, channel_id = guild
    post = scene.post("Our first post")

    await invite(scene, guild_id)  # 1
    said = await greeting(scene, channel_id)
    panel = await scene.press(said, "Set up")  # 2
    chosen = await choose(scene, panel, "setup:channel", [channel_id])  # 3
    asked = await scene.press(chosen, "Watch a post")  # 4
    added = await fill(scene, asked, {"post": f"look: {address(post)}"})  # 5
    tested = await scene.press(chosen, "Send a test")  # 6
    liker = scene.like(post)

    assert "choose the channel below" in panel.text
    assert f"**Announcements** <#{channel_id}>" in chosen.text
    assert added.text.startswith("### Watching")
    assert tested.text == f"The test is in <#{channel_id}>."
    assert (
        "This is a test that a manager asked for."
        in (await scene.message_with("This is a test", channel_id)).text
    )
    assert await scene.announcement(liker, channel_id)
    assert all(answer.private for answer in (panel, chosen, added, tested))


async def test_a_server_is_greeted_once(scene: Scene, guild: tuple[str, str]) -> None:
    await invite(scene, guild[0])
    said = await greeting(scene, guild[1])
    assert "Privacy" in said.buttons
    page = await scene.press(said, "Privacy", by=GRACE)
    assert "# Privacy" in page.text
    await scene.discord("DELETE", f"/guilds/{guild[0]}/bot")
    await invite(scene, guild[0])
    # Whatever the bot does at the second join is done by the time that it answers there.
    await scene.press(said, "Set up")

    assert [message.id for message in await scene.messages(guild[1])] == [said.id]


async def test_where_the_bot_may_write_nowhere_the_owner_is_told_alone(
    scene: Scene, guild: tuple[str, str]
) -> None:
    await scene.discord("PATCH", f"/channels/{guild[1]}", {"deny": ["SEND_MESSAGES"]})

    # Who invited it stands in the audit log, which the bot may not read here.
    await invite(scene, guild[0], by=GRACE)

    async def told() -> list[Seen]:
        return await greetings_alone(scene, ADA)

    message = (await scene.until(told, "the owner is told"))[-1]
    assert "Set up" not in message.buttons
    assert await scene.messages(guild[1]) == []


@pytest.mark.parametrize("is_there", [True, False])
async def test_whoever_invited_the_bot_is_told_where_the_audit_log_shows_it(
    scene: Scene, guild: tuple[str, str], *, is_there: bool
) -> None:
    """Once they have left, the owner is."""
    world = scene.stage.discord.world.guilds[int(guild[0])]
    if not is_there:
        del world.members[int(GRACE)]
    before = await greetings_alone(scene, told_to := GRACE if is_there else ADA)
    roles = world.roles
    everyone = roles[int(guild[0])]
    seeing = everyone.permissions | Permission.VIEW_AUDIT_LOG
    roles[everyone.id] = replace(everyone, permissions=seeing)
    await scene.discord("PATCH", f"/channels/{guild[1]}", {"deny": ["SEND_MESSAGES"]})

    await invite(scene, guild[0], by=GRACE)

    async def told() -> bool:
        return len(await greetings_alone(scene, told_to)) > len(before)

    await scene.until(told, "the greeting arrives")


async def test_members_cannot_set_up(scene: Scene, guild: tuple[str, str]) -> None:
    await invite(scene, guild[0])
    said = await greeting(scene, guild[1])

    answer = await scene.press(said, "Set up", by=GRACE)

    assert answer.text == "You need the permission “Manage Server” for this."
    assert answer.private


async def test_a_missing_permission_is_named_and_nothing_saved(
    scene: Scene, guild: tuple[str, str]
) -> None:
    panel = await opened(scene, guild)
    await scene.discord("PATCH", f"/channels/{guild[1]}", {"deny": ["READ_MESSAGE_HISTORY"]})

    refused = await choose(scene, panel, "setup:channel", [guild[1]])

    assert "I need the permission “Read Message History”" in refused.messages[-1].text
    again = await scene.press((await scene.messages(guild[1]))[0], "Set up")
    assert "no channel yet" in again.text


async def test_what_needs_a_channel_says_so(scene: Scene, guild: tuple[str, str]) -> None:
    panel = await opened(scene, guild)

    tested = await scene.press(panel, "Send a test")
    asked = await scene.press(panel, "Watch an account")
    account = await fill(scene, asked, {"user": "https://x.com/TwitterDev"})

    for answer in (tested, account):
        assert answer.text.startswith("There is no channel to announce in yet.")


async def test_the_rest_of_the_panel(scene: Scene) -> None:
    panel = await scene.command("setup", where=STAFF)
    role = await choose(scene, panel, "setup:role", [READERS])
    own = await scene.press(role, "Like with own accounts only")
    back = await scene.press(own, "Like with the bot's account")
    none = await choose(scene, back, "setup:role", [])
    asked = await scene.press(none, "Budget")
    budget = await fill(scene, asked, {"budget": "12.50", "ask": "0"})
    wrong = await fill(scene, await scene.press(budget, "Budget"), {"budget": "much"})
    cleared = await fill(scene, await scene.press(budget, "Budget"), {"budget": "", "ask": ""})
    asked = await scene.press(cleared, "Quiet hours")
    hours = {"begin": "22:00", "end": "7:00", "time-zone": "berlin"}
    near = await fill(scene, asked, hours)
    asked = await scene.press(cleared, "Quiet hours")
    quiet = await fill(scene, asked, {**hours, "time-zone": "europe/berlin"})
    asked = await scene.press(quiet, "Quiet hours")
    always = await fill(scene, asked, {"begin": "", "end": "", "time-zone": ""})
    looked_up = await choose(scene, always, "setup:lookup-role", [READERS])
    everybody = await choose(scene, looked_up, "setup:lookup-role", [])
    card = await choose(scene, everybody, "setup:style", ["card"])
    preview = await scene.press(card, "Preview")
    feed = await choose(scene, card, "setup:style", ["feed"])
    link = await scene.press(cleared, "Link your X account")

    assert "**Next:** choose the channel below that I announce in." in panel.text
    assert f"managers and <@&{READERS}>, with the bot's account" in role.text
    assert "each with their own linked account" in own.text
    assert "setup:role" not in str(own.raw)
    assert f"<@&{READERS}>" in back.text
    assert "**Who can like** managers, with the bot's account" in none.text
    assert "$12.50 a month" in budget.text
    assert "of any price" in budget.text
    assert "I can't read that as US dollars." in wrong.messages[-1].text
    assert "**Budget for X** none" in cleared.text
    assert "Did you mean `Europe/Berlin`?" in near.messages[-1].text
    assert "**Quiet hours** 22:00 to 07:00, Europe/Berlin" in quiet.text
    assert "**Quiet hours** none" in always.text
    assert f"**Who can look up** managers and <@&{READERS}>" in looked_up.text
    assert "**Who can look up** everyone" in everybody.text
    assert "**Style** card: one message" in card.text
    assert "**Style** feed" in feed.text
    assert "### 1 like" in preview.text
    assert "This is how a like will look." in preview.text
    assert "Link your X account" in link.text
    everything = (panel, role, own, back, none, budget, cleared, quiet, card, preview, link)
    assert all(answer.private for answer in everything)


async def test_a_server_is_told_in_its_language(scene: Scene, guild: tuple[str, str]) -> None:
    guild_id, channel_id = guild
    await scene.discord("PATCH", f"/guilds/{guild_id}", {"locale": "de"})
    await invite(scene, guild_id)
    said = await scene.message_with("wer eure Posts auf X likt", channel_id)
    panel = await scene.press(said, "Einrichten")
    chosen = await choose(scene, panel, "setup:channel", [channel_id])
    german = await scene.press(chosen, "Preview")
    japanese = await choose(scene, chosen, "setup:language", ["ja"])
    post = scene.post("Our first post")
    await fill(scene, await scene.press(japanese, "Watch a post"), {"post": address(post)})
    liker = scene.like(post)

    told = await scene.announcement(liker, channel_id)

    assert "**Language** Deutsch, this server's on Discord" in panel.text
    assert "einen Post gelikt" in german.text
    assert "**Language** 日本語" in japanese.text
    assert "のポストにいいねしました" in told.text
    assert {"Xで開く", "いいね", "いいねした人全員"} <= told.buttons.keys()
    as_on_discord = await choose(scene, japanese, "setup:language", ["discord"])
    assert "**Language** Deutsch, this server's on Discord" in as_on_discord.text


async def test_only_managers_are_offered_it(scene: Scene) -> None:
    listed = await scene.discord("GET", f"/commands?user_id={LINUS}")
    assert "setup" not in {command["name"] for command in listed}
