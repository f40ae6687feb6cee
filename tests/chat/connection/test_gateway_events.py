"""What Discord, or whatever stands for it, sends in other forms than discord.py expects."""

import asyncio
import json
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord
import pytest
from discord.state import ConnectionState

from bot.chat.answers.channels import find_trouble
from bot.chat.answers.chosen import chosen_id
from bot.chat.connection.client import LikecordClient
from bot.chat.delivery.announcer import Announcer
from bot.domain.errors import NotAPost, NotLinked
from sandbox.discord import seed
from sandbox.discord.interactions import asking, invoking
from sandbox.discord.messages.model import Message
from tests.cases import in_turn
from tests.chat.connected import Script, connected
from tests.chat.delivery.test_announcer import FakeOutbox, to
from tests.sandbox.discord.server import GENERAL, LIKES, Server

_OPTIONAL = (
    "version",
    "channel",
    "guild",
    "app_permissions",
    "locale",
    "guild_locale",
    "context",
    "authorizing_integration_owners",
    "attachment_size_limit",
    "entitlements",
    "entitlement_sku_ids",
)
_OPTIONAL_IN_MESSAGES = (
    "type",
    "content",
    "tts",
    "pinned",
    "mention_everyone",
    "mentions",
    "mention_roles",
    "attachments",
    "embeds",
    "edited_timestamp",
)


@pytest.fixture(params=["absent", "null"])
def lean(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Leave out of interactions what a bot can do without."""
    whole = asking._payload

    def payload(*args: Any) -> dict[str, Any]:
        made = _without(whole(*args), _OPTIONAL)
        if request.param == "null":
            made |= dict.fromkeys(_OPTIONAL)
        made["member"] = _without(made["member"], ("flags",))
        made["member"]["user"] = _without(made["member"]["user"], ("discriminator", "avatar"))
        if "message" in made:
            made["message"] = _without(made["message"], _OPTIONAL_IN_MESSAGES)
        return made

    monkeypatch.setattr(asking, "_payload", payload)


def _without(made: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in made.items() if name not in names}


@pytest.mark.usefixtures("client", "lean")
async def test_interactions_of_the_fewest_fields_are_answered(discord_server: Server) -> None:
    """The first one ended the process: `attachment_size_limit` was not there."""
    seen = await discord_server.ask("help")
    (message,) = seen["messages"]
    assert "What you can do here" in json.dumps(message)
    turned = await _press(discord_server, message["id"], "help:1")
    assert "Page 2 of" in json.dumps(turned)


async def test_a_server_that_invites_the_bot_again_at_once_is_one_that_it_is_in(
    discord_server: Server, client: LikecordClient, script: Script
) -> None:
    """What is stored of the one event may take longer than until the next one comes."""
    told: list[str] = []
    back = asyncio.Event()

    async def left(*_: object) -> None:
        await client.wait_for("guild_join")
        for _turn in range(10):
            await asyncio.sleep(0)
        told.append("left")

    async def joined(*_: object) -> None:
        told.append("joined")
        back.set()

    script.answers |= {"watches.left": left, "watches.joined": joined}
    await discord_server.control("DELETE", f"/guilds/{seed.GUILD_ID}/bot")
    await discord_server.control("PUT", f"/guilds/{seed.GUILD_ID}/bot")
    await back.wait()
    assert told == ["left", "joined"]


async def test_an_event_that_cannot_be_read_costs_itself_alone(
    discord_server: Server, client: LikecordClient, caplog: pytest.LogCaptureFixture
) -> None:
    sessions = discord_server.sandbox._core.sessions
    for _ in range(3):
        sessions.dispatch(
            "CHANNEL_CREATE", seed.GUILD_ID, lambda _: {"guild_id": str(seed.GUILD_ID)}
        )
        sessions.dispatch("INTERACTION_CREATE", seed.GUILD_ID, lambda _: {"id": "1"})
    assert "What you can do here" in json.dumps(await discord_server.ask("help"))
    assert client.is_on_the_gateway()
    said = [record for record in caplog.records if "cannot be read" in record.getMessage()]
    assert [record.args for record in said] == [("CHANNEL_CREATE",), ("INTERACTION_CREATE",)]


@pytest.mark.usefixtures("client")
async def test_buttons_of_another_version_say_that_they_are_old(discord_server: Server) -> None:
    """Discord told the member no more than that the interaction failed."""
    seen = await discord_server.ask("help")
    (message,) = seen["messages"]
    stored = discord_server.sandbox._core.store.get(int(GENERAL), int(message["id"]))
    _rename(stored, "help:1", "help-page:1")
    old = await _press(discord_server, message["id"], "help-page:1")
    assert "from an earlier version of me" in json.dumps(old)
    assert old["messages"][-1]["flags"] & 64


async def test_forms_that_were_open_at_a_restart_say_that_they_are_closed(
    discord_server: Server, client: LikecordClient, script: Script
) -> None:
    script.answers["accounts.status"] = NotLinked()
    opened = await _open_form(discord_server)
    client._connection._view_store._modals.clear()
    handed = await _hand_in(discord_server, opened)
    assert "That form is closed" in json.dumps(handed)


@pytest.mark.usefixtures("client")
async def test_the_same_form_is_open_twice(discord_server: Server, script: Script) -> None:
    """As by two managers: the first who handed theirs in closed the other's."""
    script.answers["accounts.status"] = NotLinked()
    script.answers["new_watches.add_or_ask"] = NotAPost()
    forms = [await _open_form(discord_server) for _ in range(2)]
    for opened in forms:
        handed = await _hand_in(discord_server, opened)
        assert "I can't find an X post in that" in json.dumps(handed)


@pytest.mark.usefixtures("client")
async def test_a_form_is_handed_in_before_discord_has_confirmed_it(
    discord_server: Server, script: Script
) -> None:
    """As where the way back is slow: nobody answered what was handed in."""
    script.answers["accounts.status"] = NotLinked()
    script.answers["new_watches.add_or_ask"] = NotAPost()
    (message,) = (await discord_server.ask("setup"))["messages"]
    slow = {"match": "POST /interactions/:id/:token/callback", "delay_s": 60, "after": True}
    await discord_server.control("POST", "/faults", slow)
    opened = await _press(discord_server, message["id"], "setup:post")
    handed = await _hand_in(discord_server, opened)
    assert "I can't find an X post in that" in json.dumps(handed)


@pytest.mark.usefixtures("client")
async def test_a_failure_is_told_though_somebody_deleted_the_promise(
    discord_server: Server, script: Script
) -> None:
    script.answers["lookup.likers"] = NotAPost()
    fault = {
        "match": "DELETE /webhooks/:id/:token/messages/@original",
        "status": 404,
        "body": {"message": "Unknown Message", "code": 10008},
    }
    await discord_server.control("POST", "/faults", fault)
    seen = await discord_server.ask("likers", {"post": "?"})
    assert "I can't find an X post in that" in json.dumps(seen)


def test_what_was_chosen_may_be_an_id_alone() -> None:
    assert chosen_id(()) is None
    assert chosen_id(("123",)) == 123
    assert chosen_id((discord.Object(5),)) == 5


async def test_a_server_that_comes_without_the_bot_as_a_member(
    discord_server: Server,
    script: Script,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nothing was announced anywhere: what it may do there could not be reckoned."""
    show = ConnectionState.parse_guild_create
    monkeypatch.setattr(
        ConnectionState,
        "parse_guild_create",
        lambda state, data: show(state, {**data, "members": []}),
    )
    script.answers["greetings.begin"] = True
    async with connected(discord_server, script) as client:
        assert client.guilds[0].me is None
        assert await Announcer(client, FakeOutbox([to(LIKES)]), client.limits).run_once() == 1
        assert "What you can do here" in json.dumps(await discord_server.ask("help"))
        assert await find_trouble(client, int(LIKES)) is None
        await client.greeting.greet(client.guilds[0])
    assert [record for record in caplog.records if record.exc_info] == []


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let members send options that Discord would not."""

    def as_given(declared: list[Any], given: Mapping[str, Any], _resolver: Any) -> list[Any]:
        types = {option["name"]: option["type"] for option in declared}
        return [{"name": name, "type": types[name], "value": given[name]} for name in given]

    monkeypatch.setattr(invoking, "read_options", as_given)


@pytest.mark.usefixtures("client", "unchecked")
@in_turn(
    "command, given",
    [
        ("config budget", {"usd": -5}),
        ("config budget", {"usd": math.nan}),
        ("config budget", {"usd": math.inf}),
        ("config budget", {"usd": "0,50"}),
        ("config page-size", {"size": 26}),
        ("config style", {"style": "loud"}),
        ("watch words", {"watch": "5", "text": "x" * 301}),
    ],
)
async def test_options_out_of_bounds_change_nothing(
    discord_server: Server, script: Script, command: str, given: dict[str, Any]
) -> None:
    """Discord sees to it; where nobody did, a budget of -5 was set."""
    seen = await discord_server.ask(command, given)
    assert "I can't use what you entered for" in json.dumps(seen)
    assert script.calls == []


async def _open_form(server: Server) -> Any:
    seen = await server.ask("setup")
    (message,) = seen["messages"]
    return await _press(server, message["id"], "setup:post")


async def _hand_in(server: Server, opened: Any) -> Any:
    modal = {"custom_id": opened["modal"]["custom_id"], "values": {"post": "?"}}
    return await server.interact(modal=modal)


async def _press(server: Server, message_id: str, custom_id: str) -> Any:
    component = {"message_id": message_id, "custom_id": custom_id}
    return await server.interact(component=component)


def _rename(message: Message, old: str, new: str) -> None:
    renamed = json.dumps(message.content.components).replace(f'"{old}"', f'"{new}"')
    message.content = replace(message.content, components=tuple(json.loads(renamed)))
