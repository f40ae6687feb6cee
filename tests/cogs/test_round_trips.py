"""Each command from a member's key press to what they see, with scripted services."""

import asyncio
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.chat.connection.client import LikecordClient
from bot.domain import (
    Allowance,
    GuildConfig,
    LikeDone,
    LikedPage,
    LikersPage,
    PostsPage,
    Status,
    UsersPage,
    WatchAdded,
    WatchChoice,
    WatchRequest,
)
from bot.domain.errors import LikingRefused, NotAPost, PostNotFound
from bot.domain.usage import CommandCost, DaySpent, MonthSoFar, Usage, WatchCost
from sandbox.discord import seed
from tests import actors
from tests.cases import in_turn
from tests.chat import samples
from tests.chat.connected import Script
from tests.patience import GUARD_S
from tests.sandbox.discord.server import ADA, GRACE, LIKES, LINUS, STAFF, Server

POST = "https://x.com/TwitterDev/status/1354143047324299264"
GUILD = seed.GUILD_ID

pytestmark = pytest.mark.usefixtures("client")


def told(result: dict[str, Any]) -> str:
    """Return all that the member reads, in one string."""
    assert "error" not in result, result
    return json.dumps(result["messages"], ensure_ascii=False)


def is_private(result: dict[str, Any]) -> bool:
    return all(message["flags"] & 64 for message in result["messages"])


async def test_like(discord_server: Server, script: Script) -> None:
    script.answers["likes.like"] = LikeDone(1, "TwitterDev", liked=True)
    result = await discord_server.ask("like", {"post": POST})
    assert "Liked as @TwitterDev" in told(result)
    assert result["deferred"]
    assert is_private(result)
    assert script.calls == [("likes.like", actors.ADA, POST)]


async def test_unlike_by_a_plain_member(discord_server: Server, script: Script) -> None:
    script.answers["likes.unlike"] = LikeDone(1, "TwitterDev", liked=False)
    result = await discord_server.ask("unlike", {"post": POST}, user_id=GRACE)
    assert "Like taken back as" in told(result)
    assert script.calls == [("likes.unlike", actors.GRACE, POST)]


async def test_a_refused_like_links_to_x(discord_server: Server, script: Script) -> None:
    script.answers["likes.like"] = LikingRefused(7)
    result = await discord_server.ask("like", {"post": POST})
    assert "https://x.com/intent/like?tweet_id=7" in told(result)
    assert is_private(result)


async def test_post(discord_server: Server, script: Script) -> None:
    script.answers["lookup.post"] = samples.post()
    result = await discord_server.ask("post", {"post": POST}, user_id=LINUS)
    assert "Hello, X" in told(result)
    assert not is_private(result)
    assert script.calls == [("lookup.post", actors.LINUS, POST)]


@pytest.mark.parametrize("error", [NotAPost(), PostNotFound()])
async def test_a_public_answer_that_fails_is_told_in_private(
    discord_server: Server, script: Script, error: Exception
) -> None:
    script.answers["lookup.post"] = error
    result = await discord_server.ask("post", {"post": "nonsense"})
    assert str(error) in json.loads(told(result))[0]["components"][0]["components"][0]["content"]
    assert is_private(result)
    assert await discord_server.read(as_user=LINUS) == []


async def test_likers_in_pages(discord_server: Server, script: Script) -> None:
    first = UsersPage((samples.user(1, "Ada"),), next_token="more")
    script.answers["lookup.likers"] = LikersPage(samples.post(), first)
    result = await discord_server.ask("likers", {"post": POST})
    assert "[Ada](https://x.com/user1)" in told(result)

    second = UsersPage((samples.user(2, "Bob"),), previous_token="back")
    script.answers["lookup.likers"] = LikersPage(samples.post(), second, before=1)
    message = result["messages"][0]
    turned = await _press(discord_server, message, "likers:1354143047324299264:more::1")
    assert "error" not in turned
    assert script.calls[-1] == ("lookup.likers", actors.ADA, "1354143047324299264", "more", 1)
    (shown,) = await discord_server.read()
    assert shown["id"] == message["id"]
    assert "[Bob](https://x.com/user2)" in json.dumps(shown)
    assert "likers:1354143047324299264:back::-1" in json.dumps(shown)


async def test_a_page_that_does_not_fit_into_a_button_has_none_that_works(
    discord_server: Server, script: Script
) -> None:
    page = UsersPage((samples.user(),), next_token="x" * 99)
    script.answers["lookup.likers"] = LikersPage(samples.post(), page)

    result = await discord_server.ask("likers", {"post": POST})

    assert "X names that page in a way that does not fit into a Discord button" in told(result)
    (button,) = re.findall(r'\{[^{}]*"label": "Next"[^{}]*\}', told(result))
    assert json.loads(button)["disabled"] is True


async def test_who_likes_this_is_answered_in_private(
    discord_server: Server, script: Script
) -> None:
    script.answers["lookup.post"] = samples.post()
    shown = (await discord_server.ask("post", {"post": POST}))["messages"][0]
    script.answers["lookup.likers"] = LikersPage(samples.post(), UsersPage((samples.user(),)))
    result = await _press(discord_server, shown, "likers:1354143047324299264::post", user_id=LINUS)
    assert "[Ada](https://x.com/user1)" in told(result)
    assert is_private(result)
    assert script.calls[-1] == ("lookup.likers", actors.LINUS, "1354143047324299264", None, 0)


async def test_a_button_that_fails_says_so(discord_server: Server, script: Script) -> None:
    script.answers["lookup.post"] = samples.post()
    shown = (await discord_server.ask("post", {"post": POST}))["messages"][0]
    script.answers["lookup.likers"] = PostNotFound()
    result = await _press(discord_server, shown, "likers:1354143047324299264::post")
    assert "X has no such post" in told(result)
    assert is_private(result)


async def test_liked_in_pages(discord_server: Server, script: Script) -> None:
    page = PostsPage((samples.post(text="First"),), next_token="more")
    script.answers["lookup.liked"] = LikedPage(samples.user(), page)
    result = await discord_server.ask("liked", {"user": "@user1"})
    assert "First" in told(result)
    page = PostsPage((samples.post(text="Second"),), previous_token="back")
    script.answers["lookup.liked"] = LikedPage(samples.user(), page)
    await _press(discord_server, result["messages"][0], "liked:user1:more")
    assert "Second" in json.dumps(await discord_server.read())
    assert script.calls == [
        ("lookup.liked", actors.ADA, "@user1", False),
        ("lookup.liked", actors.ADA, "user1", "more", False),
    ]


async def test_ones_own_likes_are_shown_to_oneself_alone(
    discord_server: Server, script: Script
) -> None:
    page = PostsPage((samples.post(text="First"),), next_token="more")
    script.answers["lookup.is_ones_own"] = True
    script.answers["lookup.liked"] = LikedPage(samples.user(), page)

    result = await discord_server.ask("liked", {"user": "@user1"}, user_id=LINUS)
    assert is_private(result)
    assert "First" in told(result)
    assert await discord_server.read(as_user=ADA) == []
    await _press(discord_server, result["messages"][0], "liked:user1:more", user_id=LINUS)

    assert script.calls == [
        ("lookup.is_ones_own", int(LINUS), "@user1"),
        ("lookup.liked", actors.LINUS, "@user1", True),
        ("lookup.liked", actors.LINUS, "user1", "more", True),
    ]


async def test_watch_add(discord_server: Server, script: Script) -> None:
    script.answers["new_watches.add_or_ask"] = WatchAdded(samples.watch(), samples.FORECAST)
    result = await discord_server.ask("watch add", {"post": POST, "channel": "likes"})
    assert "Watching" in told(result)
    assert is_private(result)
    await discord_server.ask("watch add", {"post": POST, "unlikes": True})
    assert script.calls == [
        ("new_watches.add_or_ask", WatchRequest(GUILD, seed.LIKES_ID, POST, seed.ADA_ID)),
        ("new_watches.add_or_ask", WatchRequest(GUILD, None, POST, seed.ADA_ID, unlikes=True)),
    ]


@pytest.mark.parametrize("command", ["watch add", "config channel"])
async def test_a_channel_that_the_bot_may_not_write_in_is_refused(
    discord_server: Server, script: Script, command: str
) -> None:
    options = {"channel": STAFF, **({"post": POST} if command == "watch add" else {})}
    result = await discord_server.ask(command, options)
    assert "“Send Messages”" in told(result)
    assert is_private(result)
    assert script.calls == []


async def test_a_channel_that_the_bot_may_not_see_is_refused(
    discord_server: Server, client: LikecordClient, script: Script
) -> None:
    changed = asyncio.Event()

    async def on_guild_channel_update(*_: object) -> None:
        changed.set()

    client.event(on_guild_channel_update)
    await discord_server.control("PATCH", f"/channels/{LIKES}", {"deny": ["VIEW_CHANNEL"]})
    async with asyncio.timeout(GUARD_S):
        await changed.wait()
    result = await discord_server.ask("config channel", {"channel": LIKES})
    assert "“View Channel”" in told(result)
    assert script.calls == []


async def test_watch_list_in_pages(discord_server: Server, script: Script) -> None:
    script.answers["watches.everything"] = tuple(samples.watch(number) for number in range(1, 11))
    result = await discord_server.ask("watch list")
    assert "10 posts watched here" in told(result)
    assert is_private(result)
    turned = await _press(discord_server, result["messages"][0], "watch-page:1:new:")
    assert "/status/10" in json.dumps(await discord_server.read(as_user=ADA))
    assert "error" not in turned


async def test_watch_remove(discord_server: Server, script: Script) -> None:
    script.answers["watches.choices"] = (WatchChoice(5, "x" * 300), WatchChoice(6, "short"))
    typed = {"command": "watch remove", "options": {"watch": "sh"}, "focused": "watch"}
    offered = await discord_server.interact(autocomplete=typed)
    assert [choice["value"] for choice in offered["choices"]] == ["5", "6"]
    script.answers["watches.remove"] = samples.watch()
    result = await discord_server.ask("watch remove", {"watch": "5"})
    assert "No longer watching" in told(result)
    assert script.calls == [("watches.choices", GUILD, "sh"), ("watches.remove", GUILD, 5)]


async def test_what_is_no_watch_is_not_looked_for(discord_server: Server, script: Script) -> None:
    for value in ("the first one", "-1", "9" * 30, "²"):
        result = await discord_server.ask("watch remove", {"watch": value})
        assert "I can't find that watch" in told(result)
    assert script.calls == []


@pytest.mark.parametrize("trouble", ["fails", "stalls"])
async def test_autocomplete_in_trouble_offers_nothing(
    discord_server: Server, script: Script, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.answers.autocomplete._TIMEOUT_S", 0.05)

    let_go = asyncio.Event()

    async def stall(*_: object) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await let_go.wait()  # as a database that hangs takes its time to be let go of

    script.answers["watches.choices"] = stall if trouble == "stalls" else RuntimeError("broken")
    typed = {"command": "watch remove", "options": {"watch": ""}, "focused": "watch"}
    offered = await discord_server.interact(autocomplete=typed)
    assert offered["choices"] == []
    let_go.set()


async def test_config(discord_server: Server, script: Script) -> None:
    script.answers["config.set_channel"] = GuildConfig(GUILD, seed.LIKES_ID)
    script.answers["config.set_like_role"] = GuildConfig(
        GUILD, seed.LIKES_ID, like_role_id=seed.READERS_ID
    )
    script.answers["config.set_page_size"] = GuildConfig(GUILD, page_size=25)
    script.answers["config.show"] = GuildConfig(GUILD)
    results = [
        await discord_server.ask("config channel", {"channel": "likes"}),
        await discord_server.ask("config channel"),
        await discord_server.ask("config like-role", {"role": str(seed.READERS_ID)}),
        await discord_server.ask("config like-role"),
        await discord_server.ask("config page-size", {"size": 25}),
        await discord_server.ask("config page-size"),
        await discord_server.ask("config show"),
    ]
    assert f"<#{seed.LIKES_ID}>" in told(results[0])
    assert f"<@&{seed.READERS_ID}>" in told(results[2])
    assert "at most 25 people or posts" in told(results[4])
    assert "20 people, or 5 posts" in told(results[6])
    assert all(is_private(result) for result in results)
    assert script.calls == [
        ("config.set_channel", GUILD, seed.LIKES_ID),
        ("config.set_channel", GUILD, None),
        ("config.set_like_role", GUILD, seed.READERS_ID),
        ("config.set_like_role", GUILD, None),
        ("config.set_page_size", GUILD, 25),
        ("config.set_page_size", GUILD, None),
        ("config.show", GUILD),
    ]


async def test_config_of_money(discord_server: Server, script: Script) -> None:
    script.answers["config.set_budget"] = replace(samples.MONTH, budget_usd=Decimal("12.50"))
    script.answers["config.set_ask_above"] = GuildConfig(GUILD, ask_above_usd=Decimal("0.10"))
    script.answers["config.show"] = GuildConfig(GUILD)
    results = [
        await discord_server.ask("config budget", {"usd": 12.5}),
        await discord_server.ask("config budget"),
        await discord_server.ask("config ask-above", {"usd": 0.1}),
        await discord_server.ask("config ask-above"),
        await discord_server.ask("config show"),
    ]
    assert "$12.50 a month" in told(results[0])
    assert "more than $0.10" in told(results[2])
    assert "**Budget for X** none" in told(results[4])
    assert "more than $1.00" in told(results[4])
    assert all(is_private(result) for result in results)
    assert script.calls == [
        ("config.set_budget", GUILD, Decimal("12.50")),
        ("config.set_budget", GUILD, None),
        ("config.set_ask_above", GUILD, Decimal("0.10")),
        ("config.set_ask_above", GUILD, None),
        ("config.show", GUILD),
    ]


@in_turn("command, usd", [("budget", 0), ("budget", -1), ("budget", 1e7), ("ask-above", -0.5)])
async def test_a_sum_that_cannot_be_meant_is_not_taken(
    discord_server: Server, script: Script, command: str, usd: float
) -> None:
    asked = {"command": f"config {command}", "options": {"usd": usd}}
    answer = await discord_server.control("POST", "/interactions", asked)
    assert answer.status >= 400
    assert script.calls == []


async def test_usage(discord_server: Server, script: Script) -> None:
    day = DaySpent(date(2026, 8, 1), Decimal("0.50"))
    script.answers["usage.show"] = Usage(
        days=(day, DaySpent(date(2026, 8, 2), Decimal("0.25"), expected=True)),
        today_usd=Decimal("0.50"),
        month=MonthSoFar(Decimal("0.50"), samples.NOW, Decimal(2)),
        forecast_usd=Decimal("0.75"),
        watches=(WatchCost(samples.post(), Decimal("0.50")),),
        commands=(CommandCost(None, Decimal("0.50")),),
    )
    result = await discord_server.ask("usage")
    assert "$0.50 of $2.00, which is 25%" in told(result)
    assert "Hello, X" in told(result)
    assert is_private(result)
    (message,) = result["messages"]
    said = json.dumps(message["components"])
    assert re.search(r'/sandbox/attachments/\d+/usage\.png"', said)
    assert '"content_type": "image/png"' in said
    assert script.calls == [("usage.show", GUILD)]


async def test_usage_of_nothing_has_no_picture(discord_server: Server, script: Script) -> None:
    script.answers["usage.show"] = Usage(
        (), Decimal(0), MonthSoFar(Decimal(0), samples.NOW), Decimal(0), (), ()
    )
    result = await discord_server.ask("usage")
    assert "**This month** $0.00" in told(result)
    assert "usage.png" not in json.dumps(result["messages"])


async def test_status(discord_server: Server, script: Script) -> None:
    forgetting, go_on = asyncio.Event(), asyncio.Event()

    async def forget() -> None:
        forgetting.set()
        await go_on.wait()

    script.answers["status.forget_refusals"] = forget
    noon = datetime(2026, 8, 20, 12, tzinfo=UTC)
    script.answers["status.show"] = Status(
        account="TwitterDev",
        app_only=False,
        allowances=(Allowance("GET /2/tweets/:id/liking_users", 75, 60, noon),),
        watches=2,
        posts_watched=2,
        waiting=0,
        announced_today=7,
        last_probe_at=datetime(2026, 8, 20, tzinfo=UTC),
        is_home=True,
        spent_today_usd=Decimal("0.5"),
        spent_month_usd=Decimal(3),
        budget_usd=Decimal(10),
        month=MonthSoFar(Decimal(1), noon, Decimal(2)),
        refused=1,
    )
    result = await discord_server.ask("status")
    await forgetting.wait()
    go_on.set()
    assert [name for name, *_ in script.calls] == ["status.show", "status.forget_refusals"]
    assert "$1.00 this month of this server's $2.00 budget" in told(result)
    assert "$3.00 this month, by all servers, of my $10.00 budget" in told(result)
    assert "-# Likers of a post: 60 of 75 requests left, new ones <t:" in told(result)
    assert is_private(result)


@pytest.mark.parametrize("size", [4, 26])
async def test_a_page_size_that_does_not_fit_is_not_taken(
    discord_server: Server, script: Script, size: int
) -> None:
    asked = {"command": "config page-size", "options": {"size": size}}
    answer = await discord_server.control("POST", "/interactions", asked)
    assert answer.status >= 400
    assert script.calls == []


@in_turn("command", ["watch list", "config show", "status", "usage"])
async def test_admin_commands_are_not_for_members(discord_server: Server, command: str) -> None:
    result = await discord_server.ask(command, user_id=LINUS)
    assert result["error"] == "missing permissions"


@in_turn("command", ["watch list", "config show", "status", "usage"])
async def test_a_server_that_opens_admin_commands_does_not_open_them_here(
    discord_server: Server, script: Script, command: str
) -> None:
    for registered in discord_server.sandbox._core.commands.usable(
        discord_server.sandbox.world.first_guild
    ):
        registered["default_member_permissions"] = None
    result = await discord_server.ask(command, user_id=LINUS)
    assert "“Manage Server”" in told(result)
    assert is_private(result)
    assert script.calls == []


async def test_the_first_answer_does_not_wait_for_x(discord_server: Server, script: Script) -> None:
    asked, answered = asyncio.Event(), asyncio.Event()

    async def slow(*_: object) -> object:
        asked.set()
        await answered.wait()
        return samples.post()

    script.answers["lookup.post"] = slow
    asking = asyncio.create_task(discord_server.ask("post", {"post": POST}))
    await asked.wait()
    # Discord has its first answer, though X is not done.
    assert any(one.path.endswith("/callback") for one in discord_server.exchanges)
    answered.set()
    assert (await asking)["deferred"]


async def test_the_unforeseen_gives_a_reference(
    discord_server: Server, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    script.answers["likes.like"] = RuntimeError("secret inside")
    text = told(await discord_server.ask("like", {"post": POST}))
    assert "Something went wrong here" in text
    assert "secret inside" not in text
    reference = text.split("reference `")[1][:8]
    assert reference in caplog.text
    assert "secret inside" in caplog.text


async def test_pages_are_turned_after_a_restart(discord_server: Server, script: Script) -> None:
    page = UsersPage((samples.user(),), next_token="more")
    found = LikersPage(samples.post(), page)
    script.answers["lookup.likers"] = found
    shown = (await discord_server.ask("likers", {"post": POST}))["messages"][0]
    script.answers["lookup.likers"] = replace(found, page=UsersPage((samples.user(2, "Bob"),)))
    await _press(discord_server, shown, "likers:1354143047324299264:more::1")
    assert "[Bob](https://x.com/user2)" in json.dumps(await discord_server.read())


async def _press(
    server: Server, message: dict[str, Any], custom_id: str, **more: Any
) -> dict[str, Any]:
    assert custom_id in json.dumps(message)
    component = {"message_id": message["id"], "custom_id": custom_id}
    result: dict[str, Any] = await server.interact(component=component, **more)
    return result
