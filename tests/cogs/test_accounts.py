"""/account and /audit from a member's key press to what they see, with scripted services."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.chat.connection.client import LikecordClient
from bot.domain import (
    AccountStatus,
    Action,
    ActionOutcome,
    ActionsPage,
    Forgotten,
    GuildConfig,
    LinkedAccount,
    LinkStart,
    Member,
    Unlinked,
)
from bot.domain.errors import LinkingNotSetUp, NotLinked, PinRefused, XUnavailable
from sandbox.discord import seed
from tests.cases import in_turn
from tests.chat import samples
from tests.chat.connected import Script, connected
from tests.patience import GUARD_S
from tests.sandbox.discord.server import ADA, GENERAL, GRACE, Server

GUILD = seed.GUILD_ID
BROWSER, PIN = "http://127.0.0.1:9/callback?link=key-1", "http://127.0.0.1:9/pin"
START = LinkStart("key-1", BROWSER, PIN, samples.NOW)
LINKED = LinkedAccount(2, "a_b")
STATUS = AccountStatus(
    username="a_b",
    ways=("with a PIN", "in the browser"),
    scopes=("like.read", "like.write", "offline.access", "tweet.read", "users.read"),
    linked_at=samples.NOW,
    accepted=True,
    liking=None,
)
PIN_BUTTON, MODAL = "account-pin:key-1", "account-pin-modal:key-1"


def text_of(result: dict[str, Any]) -> str:
    assert "error" not in result, result
    assert all(message["flags"] & 64 for message in result["messages"])
    return json.dumps(result["messages"], ensure_ascii=False)


def custom_ids(result: dict[str, Any]) -> set[str]:
    return {
        part["custom_id"]
        for message in result["messages"]
        for part in _parts(message["components"])
        if "custom_id" in part
    }


def _parts(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [part for one in components for part in (one, *_parts(one.get("components", [])))]


async def press(
    server: Server, result: dict[str, Any], custom_id: str, user_id: str = GRACE
) -> dict[str, Any]:
    component = {"message_id": result["messages"][0]["id"], "custom_id": custom_id}
    pressed: dict[str, Any] = await server.interact(component=component, user_id=user_id)
    return pressed


async def hand_in(server: Server, pin: str, custom_id: str = MODAL) -> dict[str, Any]:
    modal = {"custom_id": custom_id, "values": {"pin": pin}}
    handed: dict[str, Any] = await server.interact(modal=modal, user_id=GRACE)
    return handed


async def message_as(server: Server, message_id: str, user_id: str = GRACE) -> str:
    seen = await server.read(GENERAL, as_user=user_id)
    return json.dumps(next(one for one in seen if one["id"] == message_id), ensure_ascii=False)


def arriving(gate: asyncio.Event, end: LinkedAccount | Exception) -> Callable[..., Awaitable[Any]]:
    """Script a person who comes back from X when the gate opens."""

    async def linked(_: str) -> LinkedAccount:
        await gate.wait()
        if isinstance(end, Exception):
            raise end
        return end

    return linked


@pytest.fixture
def gate() -> asyncio.Event:
    return asyncio.Event()


async def link(server: Server, script: Script, gate: asyncio.Event, end: Any = LINKED) -> Any:
    script.answers["accounts.begin"] = script.answers.get("accounts.begin", START)
    script.answers["accounts.linked"] = arriving(gate, end)
    return await server.ask("account link", user_id=GRACE)


@pytest.mark.usefixtures("client")
async def test_linking_says_what_it_allows_and_offers_each_way(
    discord_server: Server, script: Script, gate: asyncio.Event
) -> None:
    result = await link(discord_server, script, gate)

    told = text_of(result)
    assert "`/like` and `/unlike` act as your account" in told
    assert "**Sandbox** sees who likes your posts" in told
    assert all(address in told for address in (BROWSER, PIN))
    assert custom_ids(result) == {PIN_BUTTON, "about:privacy", "about:terms"}
    grace = Member(seed.GRACE_ID, "Grace", "Likecord", seed.GUILD_ID, "grace")
    begun = [call for call in script.calls if call[0] == "accounts.begin"]
    assert begun == [("accounts.begin", replace(grace, guild_name=begun[0][1].guild_name))]


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize(
    ("start", "labels"),
    [
        (replace(START, pin_url=None), ["Link in the browser", "Enter the PIN"]),
        (replace(START, browser_url=None), ["Enter the PIN", "Link in the browser"]),
    ],
)
async def test_only_the_way_that_is_set_up(
    discord_server: Server,
    script: Script,
    gate: asyncio.Event,
    start: LinkStart,
    labels: list[str],
) -> None:
    there, missing = labels
    script.answers["accounts.begin"] = start
    told = text_of(await link(discord_server, script, gate))
    assert there in told
    assert missing not in told


@pytest.mark.parametrize(
    ("end", "sentence"),
    [(LINKED, r"Linked as @a\\_b"), (TimeoutError(), "This link expired.")],
)
@pytest.mark.usefixtures("client")
async def test_the_card_tells_how_it_ended(
    discord_server: Server, script: Script, gate: asyncio.Event, end: Any, sentence: str
) -> None:
    result = await link(discord_server, script, gate, end)
    (message,) = result["messages"]
    async with discord_server.sandbox.events.listen() as news:
        gate.set()
        async with asyncio.timeout(GUARD_S):
            async for _ in news:
                if sentence in await message_as(discord_server, message["id"]):
                    break
    assert PIN_BUTTON not in await message_as(discord_server, message["id"])


async def test_the_end_of_the_bot_ends_the_waiting(
    discord_server: Server, script: Script, gate: asyncio.Event
) -> None:
    async with connected(discord_server, script) as bot:
        result = await link(discord_server, script, gate)
        waits = set(bot.linker._waits)
        assert len(waits) == 1
    assert all(wait.cancelled() for wait in waits)
    # The message is as it was, and its button works in the next process.
    script.answers["accounts.finish_by_pin"] = LINKED
    async with connected(discord_server, script):
        pressed = await press(discord_server, result, PIN_BUTTON)
        assert pressed["modal"]["custom_id"] == MODAL
        await hand_in(discord_server, "1234567")
    assert script.calls[-1] == ("accounts.finish_by_pin", seed.GRACE_ID, "key-1", "1234567")
    assert r"Linked as @a\\_b" in await message_as(discord_server, result["messages"][0]["id"])


@pytest.mark.usefixtures("client")
async def test_a_wrong_pin_can_be_tried_again(
    discord_server: Server, script: Script, gate: asyncio.Event
) -> None:
    result = await link(discord_server, script, gate)
    script.answers["accounts.finish_by_pin"] = PinRefused()
    await press(discord_server, result, PIN_BUTTON)
    told = text_of(await hand_in(discord_server, "0"))
    assert "That PIN didn't match. Check it and press **Enter the PIN** again." in told
    assert PIN_BUTTON in await message_as(discord_server, result["messages"][0]["id"])

    script.answers["accounts.finish_by_pin"] = LINKED
    await press(discord_server, result, PIN_BUTTON)
    await hand_in(discord_server, "1")
    assert r"Linked as @a\\_b" in await message_as(discord_server, result["messages"][0]["id"])


@pytest.mark.usefixtures("client")
async def test_linking_that_is_not_set_up(discord_server: Server, script: Script) -> None:
    script.answers["accounts.begin"] = LinkingNotSetUp("`SECRET_KEY`")
    told = text_of(await discord_server.ask("account link", user_id=GRACE))
    assert "The person who runs me must set `SECRET_KEY` first." in told


@pytest.mark.usefixtures("client")
@in_turn(
    "status, sentences",
    [
        (STATUS, ["with a PIN and in the browser", "like and unlike", "untested"]),
        (replace(STATUS, liking=True), ["allowed by X"]),
        (replace(STATUS, liking=False), ["refused by X"]),
        (replace(STATUS, accepted=False), ["X no longer accepts it."]),
        (NotLinked(), ["You haven't linked an X account yet."]),
    ],
)
async def test_how_an_account_stands(
    discord_server: Server, script: Script, status: Any, sentences: list[str]
) -> None:
    script.answers["accounts.retry_refused_account"] = None
    script.answers["accounts.status"] = status
    script.answers["accounts.forget_refusals"] = None
    told = text_of(await discord_server.ask("account status", user_id=GRACE))
    assert all(sentence in told for sentence in sentences)


@pytest.mark.usefixtures("client")
async def test_looking_has_a_refused_account_tried_before_it_is_shown(
    discord_server: Server, script: Script
) -> None:
    async def accept(_: int) -> None:
        script.answers["accounts.status"] = STATUS

    script.answers["accounts.status"] = replace(STATUS, accepted=False)
    script.answers["accounts.retry_refused_account"] = accept
    script.answers["accounts.forget_refusals"] = None
    told = text_of(await discord_server.ask("account status", user_id=GRACE))

    assert "X no longer accepts it." not in told
    assert [name for name, *_ in script.calls][:3] == [
        "accounts.status",
        "accounts.retry_refused_account",
        "accounts.status",
    ]


@pytest.mark.usefixtures("client")
async def test_looking_has_refusals_tried_again_once_they_were_shown(
    discord_server: Server, script: Script
) -> None:
    forgetting, go_on = asyncio.Event(), asyncio.Event()

    async def forget(_: int) -> None:
        forgetting.set()
        await go_on.wait()

    script.answers["accounts.status"] = replace(STATUS, liking=False)
    script.answers["accounts.forget_refusals"] = forget
    told = text_of(await discord_server.ask("account status", user_id=GRACE))

    assert "refused by X" in told
    await forgetting.wait()
    go_on.set()
    assert script.calls == [
        ("accounts.status", seed.GRACE_ID),
        ("accounts.forget_refusals", seed.GRACE_ID),
    ]


@pytest.mark.usefixtures("client")
async def test_unlinking_asks_once(discord_server: Server, script: Script) -> None:
    script.answers["accounts.status"] = STATUS
    asked = await discord_server.ask("account unlink", user_id=GRACE)
    assert r"Unlink @a\\_b?" in text_of(asked)

    script.answers["accounts.unlink"] = XUnavailable()
    assert "X does not answer" in text_of(await press(discord_server, asked, "account-unlink"))
    script.answers["accounts.unlink"] = Unlinked("a_b", revoked=True)
    await press(discord_server, asked, "account-unlink")

    assert script.calls[-1] == ("accounts.unlink", seed.GRACE_ID)
    assert r"@a\\_b is unlinked" in await message_as(discord_server, asked["messages"][0]["id"])


@pytest.mark.usefixtures("client")
async def test_unlinking_nothing(discord_server: Server, script: Script) -> None:
    script.answers["accounts.status"] = NotLinked()
    result = await discord_server.ask("account unlink", user_id=GRACE)
    assert "You haven't linked an X account yet." in text_of(result)


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize(
    ("forgotten", "sentence"),
    [
        (Forgotten("a_b", 1), r"Your linked account @a\\_b is unlinked, and 1 entry of yours is"),
        (
            Forgotten(None, 0),
            "You hadn't linked an account, and the like log has no entry of yours.",
        ),
    ],
)
async def test_forgetting_asks_once(
    discord_server: Server, script: Script, forgotten: Forgotten, sentence: str
) -> None:
    asked = await discord_server.ask("forget-me", user_id=GRACE)
    assert "Delete everything stored about you?" in text_of(asked)
    assert script.calls == []

    script.answers["accounts.forget"] = forgotten
    await press(discord_server, asked, "account-forget")

    assert script.calls == [("accounts.forget", seed.GRACE_ID)]
    assert sentence in await message_as(discord_server, asked["messages"][0]["id"])


@pytest.mark.usefixtures("client")
async def test_own_accounts_only(discord_server: Server, script: Script) -> None:
    script.answers["config.set_own_accounts_only"] = GuildConfig(GUILD, own_accounts_only=True)
    told = text_of(await discord_server.ask("config own-accounts", {"only": True}))
    assert script.calls == [("config.set_own_accounts_only", GUILD, True)]
    assert "**Who can like** members, each with their own linked account" in told
    assert "each with their own linked account" in told


def an_action(
    number: int, outcome: ActionOutcome = ActionOutcome.LIKED, action: str = "like"
) -> Action:
    at = samples.NOW + timedelta(seconds=number)
    return Action(number, at, seed.GRACE_ID, "a_b", action, 20, outcome)


@pytest.mark.usefixtures("client")
async def test_the_log_is_turned_both_ways(discord_server: Server, script: Script) -> None:
    newest = ActionsPage((an_action(9), an_action(8, ActionOutcome.NOT_IN_PLAN)), before=8)
    script.answers["audit.page"] = newest
    first = await discord_server.ask("audit")
    told = text_of(first)
    assert f"<@{seed.GRACE_ID}> liked [a post](https://x.com/i/status/20) as @a" in told
    assert "X confirmed that it is liked" in told
    assert f"<@{seed.GRACE_ID}> tried to like [a post](https://x.com/i/status/20) as @a" in told
    assert "X does not let this app like" in told
    assert custom_ids(first) == {"audit:before:8"}
    assert first["messages"][0]["mentions"] == []

    script.answers["audit.page"] = ActionsPage(
        (an_action(7, ActionOutcome.FAILED, "unlike"),), after=7
    )
    await press(discord_server, first, "audit:before:8", ADA)
    second = await message_as(discord_server, first["messages"][0]["id"], ADA)
    assert script.calls[-1] == ("audit.page", GUILD, 8)
    assert "tried to take back the like of" in second
    assert "audit:after:7" in second


@pytest.mark.usefixtures("client")
async def test_an_empty_log(discord_server: Server, script: Script) -> None:
    script.answers["audit.page"] = ActionsPage(())
    assert "Nobody has liked" in text_of(await discord_server.ask("audit"))


async def test_the_log_is_for_managers(discord_server: Server, client: LikecordClient) -> None:
    refused = await discord_server.ask("audit", user_id=GRACE)
    assert refused["error"] == "missing permissions"
    assert client.services is not None
