"""The commands on a message, from a member's right click to what they see."""

import json
from typing import Any

import pytest

from bot.domain import Actor, LikeDone, LikersPage, Post, UsersPage, WatchAdded, WatchRequest
from bot.domain.errors import NoChannel, PostNotFound
from sandbox.discord import seed
from tests import actors
from tests.chat import samples
from tests.chat.connected import Script
from tests.cogs.test_round_trips import is_private, told
from tests.sandbox.discord.server import ADA, GENERAL, GRACE, LINUS, Server

GUILD = seed.GUILD_ID
FIRST, SECOND = 1354143047324299264, 1362449997430542337
LINK = f"https://x.com/TwitterDev/status/{FIRST}"

pytestmark = pytest.mark.usefixtures("client")


async def _written(server: Server, content: str) -> str:
    body = {"user_id": GRACE, "content": content}
    return str((await server.control("POST", f"/channels/{GENERAL}/messages", body)).body["id"])


async def _use(server: Server, command: str, message_id: str, user_id: str = ADA) -> Any:
    asked = {"command": command, "target_id": message_id, "user_id": user_id}
    return await server.interact(**asked, channel_id=GENERAL)


async def _choose(server: Server, result: Any, action: str, value: int, user_id: str = ADA) -> Any:
    component = {
        "message_id": result["messages"][0]["id"],
        "custom_id": f"posts:{action}",
        "values": [str(value)],
    }
    return await server.interact(component=component, user_id=user_id, channel_id=GENERAL)


@pytest.fixture(autouse=True)
def _mentions(script: Script) -> None:
    async def mentioned(_guild_id: int, text: str) -> tuple[Post, ...]:
        known = samples.post(FIRST, text="The first *post*")
        found = [known] if str(FIRST) in text else []
        return (*found, *([Post(SECOND, "")] if str(SECOND) in text else []))

    script.answers["lookup.mentioned"] = mentioned


async def test_like_on_x(discord_server: Server, script: Script) -> None:
    script.answers["likes.like"] = LikeDone(FIRST, "TwitterDev", liked=True)
    message = await _written(discord_server, f"Look at this: {LINK}?s=20 !")

    result = await _use(discord_server, "Like", message, GRACE)

    assert "Liked as @TwitterDev" in told(result)
    assert is_private(result)
    actor = Actor(seed.GRACE_ID, GUILD, frozenset({GUILD, seed.READERS_ID}), manages_guild=False)
    assert script.calls[-1] == ("likes.like", actor, str(FIRST))


async def test_who_liked_this(discord_server: Server, script: Script) -> None:
    page = UsersPage((samples.user(1, "Ada"),), next_token="more")
    script.answers["lookup.likers"] = LikersPage(samples.post(), page)
    message = await _written(discord_server, LINK)

    result = await _use(discord_server, "Who liked this?", message, LINUS)

    assert "[Ada](https://x.com/user1)" in told(result)
    assert is_private(result)
    assert script.calls[-1] == ("lookup.likers", actors.LINUS, str(FIRST))


async def test_watch_likes(discord_server: Server, script: Script) -> None:
    script.answers["new_watches.add_or_ask"] = WatchAdded(samples.watch(), samples.FORECAST)
    message = await _written(discord_server, LINK)

    result = await _use(discord_server, "Watch likes", message)

    assert "### Watching" in told(result)
    assert is_private(result)
    assert script.calls[-1] == (
        "new_watches.add_or_ask",
        WatchRequest(GUILD, None, str(FIRST), seed.ADA_ID),
    )


async def test_watch_likes_is_for_managers_alone(discord_server: Server, script: Script) -> None:
    message = await _written(discord_server, LINK)

    result = await _use(discord_server, "Watch likes", message, LINUS)

    assert result["error"] == "missing permissions"
    assert script.calls == []


async def test_a_server_that_opens_watch_likes_does_not_open_it_here(
    discord_server: Server, script: Script
) -> None:
    guild = discord_server.sandbox.world.first_guild
    for registered in discord_server.sandbox._core.commands.usable(guild):
        registered["default_member_permissions"] = None
    message = await _written(discord_server, LINK)

    result = await _use(discord_server, "Watch likes", message, LINUS)

    assert "“Manage Server”" in told(result)
    assert script.calls == []


@pytest.mark.parametrize("command", ["Like", "Who liked this?", "Watch likes"])
async def test_a_message_without_a_link_says_so(
    discord_server: Server, script: Script, command: str
) -> None:
    message = await _written(discord_server, "Nothing to see here")

    result = await _use(discord_server, command, message)

    assert "I can't find a link to an X post in this message. Use this on one" in told(result)
    assert is_private(result)
    assert script.calls == [("lookup.mentioned", GUILD, "Nothing to see here")]


async def test_several_links_are_asked_about(discord_server: Server, script: Script) -> None:
    script.answers["likes.like"] = LikeDone(SECOND, "TwitterDev", liked=True)
    message = await _written(discord_server, f"{LINK} and https://x.com/i/status/{SECOND}")

    asked = await _use(discord_server, "Like", message)

    assert "Which post should I like?" in told(asked)
    assert is_private(asked)
    options = json.dumps(asked["messages"][0]["components"])
    assert "@TwitterDev: The first *post*" in options
    assert f"Post {SECOND}" in options

    chosen = await _choose(discord_server, asked, "like", SECOND)

    assert "Liked as @TwitterDev" in told(chosen)
    assert chosen["messages"][0]["id"] == asked["messages"][0]["id"]
    assert script.calls[-1][0] == "likes.like"
    assert script.calls[-1][2] == str(SECOND)


async def test_what_goes_wrong_after_a_choice_is_told(
    discord_server: Server, script: Script
) -> None:
    script.answers["lookup.likers"] = PostNotFound()
    script.answers["new_watches.add_or_ask"] = NoChannel()
    message = await _written(discord_server, f"{LINK} and https://x.com/i/status/{SECOND}")
    asked = await _use(discord_server, "Who liked this?", message)
    watched = await _use(discord_server, "Watch likes", message)

    missing = await _choose(discord_server, asked, "likers", FIRST)
    nowhere = await _choose(discord_server, watched, "watch", FIRST)

    assert "X has no such post" in told(missing)
    assert "no channel to announce in" in told(nowhere)
    assert is_private(missing)
    assert is_private(nowhere)


async def test_links_in_embeds_and_components_are_found(
    discord_server: Server, script: Script
) -> None:
    script.answers["lookup.likers"] = LikersPage(samples.post(), UsersPage((samples.user(),)))
    link = f"https://x.com/i/status/{SECOND}"
    embed = {"title": "A post", "fields": [{"name": "where", "value": f"[here]({link})"}]}
    button = {"type": 2, "style": 5, "label": "Open", "url": link}
    shown = {"type": 17, "components": [{"type": 10, "content": f"See {link}"}]}
    for body in (
        {"embeds": [embed]},
        {"content": "-", "components": [{"type": 1, "components": [button]}]},
        {"components": [shown], "flags": 1 << 15},
    ):
        sent = await discord_server.rest("POST", f"/channels/{GENERAL}/messages", body)

        result = await _use(discord_server, "Who liked this?", sent.body["id"])

        assert "[Ada](https://x.com/user1)" in told(result)
        assert script.calls[-1] == ("lookup.likers", actors.ADA, str(SECOND))
