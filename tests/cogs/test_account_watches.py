"""/watch account, and accounts among what is listed and removed."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.domain import (
    AccountWatchAdded,
    AccountWatchQuestion,
    AccountWatchRequest,
    WatchChoice,
)
from bot.domain.errors import PostsOfUserNotShown
from bot.domain.posts import Missing
from sandbox.discord import seed
from tests.cases import in_turn
from tests.chat import samples
from tests.chat.connected import Script, connected
from tests.sandbox.discord.server import ADA, LINUS, STAFF, Server

GUILD = seed.GUILD_ID
ASKED = "account_watches.add_or_ask"
ADDED = AccountWatchAdded(samples.account_watch(), samples.ACCOUNT_FORECAST, by_name=True)
pytestmark = pytest.mark.usefixtures("client")


def told(result: dict[str, Any]) -> str:
    assert "error" not in result, result
    assert all(message["flags"] & 64 for message in result["messages"])
    return json.dumps(result["messages"], ensure_ascii=False)


async def test_an_account_is_watched_for_seven_days_a_post_unless_said_otherwise(
    discord_server: Server, script: Script
) -> None:
    script.answers[ASKED] = ADDED
    first = await discord_server.ask("watch account", {"user": "@Ada", "channel": "likes"})
    await discord_server.ask(
        "watch account", {"user": "Ada", "days": 30, "replies": True, "reposts": True}
    )

    assert "### Watching the new posts of [@Ada](https://x.com/Ada)" in told(first)
    assert script.calls == [
        (ASKED, AccountWatchRequest(GUILD, seed.LIKES_ID, "@Ada", seed.ADA_ID, 7)),
        (
            ASKED,
            AccountWatchRequest(GUILD, None, "Ada", seed.ADA_ID, 30, replies=True, reposts=True),
        ),
    ]


@pytest.mark.parametrize(
    ("replies", "reposts", "signs"), [(False, True, "01"), (True, False, "10")]
)
async def test_a_dear_one_asks_and_begins_at_the_press_of_a_button_after_a_restart(
    discord_server: Server, script: Script, *, replies: bool, reposts: bool, signs: str
) -> None:
    request = AccountWatchRequest(GUILD, seed.LIKES_ID, "Ada", seed.ADA_ID, 9, replies, reposts)
    script.answers[ASKED] = AccountWatchQuestion(
        request, samples.user(username="Ada"), samples.ACCOUNT_FORECAST, Decimal(1)
    )
    asked = await discord_server.ask("watch account", {"user": "@Ada", "channel": "likes"})
    text = told(asked)
    assert "### Watch the new posts of [@Ada](https://x.com/Ada), each for 9 days?" in text
    assert all(label in text for label in ("Start watching", "Cancel"))
    assert [call[0] for call in script.calls] == [ASKED]

    script.answers["account_watches.add"] = ADDED
    button = f"watch-account:Ada:{seed.LIKES_ID}:9:{signs}"
    pressed = {"message_id": asked["messages"][0]["id"], "custom_id": button}
    async with connected(discord_server, script):
        await discord_server.interact(component=pressed, user_id=ADA)

    (shown,) = await discord_server.read(as_user=ADA)
    assert "### Watching the new posts of" in json.dumps(shown)
    assert script.calls[-1] == ("account_watches.add", request)


async def test_an_account_that_x_hides_is_refused_with_what_to_do(
    discord_server: Server, script: Script
) -> None:
    script.answers[ASKED] = PostsOfUserNotShown(Missing.PROTECTED)
    result = await discord_server.ask("watch account", {"user": "Ada"})
    assert "Try again when they are public." in told(result)


async def test_a_channel_that_is_closed_to_the_bot_is_refused(
    discord_server: Server, script: Script
) -> None:
    result = await discord_server.ask("watch account", {"user": "Ada", "channel": STAFF})
    assert "I can't post in" in told(result)
    assert script.calls == []


async def test_it_is_for_managers_alone(discord_server: Server, script: Script) -> None:
    result = await discord_server.interact(
        command="watch account", options={"user": "Ada"}, user_id=LINUS
    )
    assert result["error"] == "missing permissions"
    assert script.calls == []


async def test_accounts_are_listed_before_posts(discord_server: Server, script: Script) -> None:
    account = samples.account_watch()
    script.answers["watches.everything"] = (account, samples.watch(), samples.watch(2))
    text = told(await discord_server.ask("watch list"))
    assert "### 1 account and 2 posts watched here" in text
    assert text.index("New posts of") < text.index("[a post]")

    script.answers["watches.everything"] = (account,)
    assert "### 1 account watched here" in told(await discord_server.ask("watch list"))


async def test_an_account_is_offered_and_removed(discord_server: Server, script: Script) -> None:
    script.answers["account_watches.choices"] = (
        WatchChoice(5, "@Ada: new posts", seed.LIKES_ID, account=True),
    )
    script.answers["watches.choices"] = (WatchChoice(5, "a post"),)
    typed = {"command": "watch remove", "options": {"watch": ""}, "focused": "watch"}
    offered = await discord_server.interact(autocomplete=typed)
    assert offered["choices"] == [
        {"name": "#likes · @Ada: new posts", "value": "account-5"},
        {"name": "a post", "value": "5"},
    ]

    removed = replace(samples.account_watch(), posts_watched=2)
    script.answers["account_watches.remove"] = removed
    result = await discord_server.ask("watch remove", {"watch": "account-5"})
    assert "No longer watching the new posts of [@Ada](https://x.com/Ada)" in told(result)
    assert "2 posts of this account ended with it." in told(result)
    assert script.calls[-1] == ("account_watches.remove", GUILD, 5)


@in_turn("value", ["account-", "account-x", "account--1", "account-" + "9" * 30])
async def test_what_is_no_account_is_not_looked_for(
    discord_server: Server, script: Script, value: str
) -> None:
    result = await discord_server.ask("watch remove", {"watch": value})
    assert "I can't find that watch" in told(result)
    assert script.calls == []
