"""Whoever has left the server can still see what is stored of them, and have it deleted."""

from typing import Any

import pytest

from bot.chat.connection.client import LikecordClient
from bot.domain import Forgotten, ServedGuild
from bot.domain.accounts import Served
from sandbox.discord import seed
from tests.chat.connected import Script, client, discord_server, endpoint, script
from tests.cogs.test_accounts import STATUS, custom_ids
from tests.cogs.test_round_trips import told
from tests.sandbox.discord.server import GRACE, Server
from tests.storage.rows import NOW

__all__ = ["client", "discord_server", "endpoint", "script"]
IN_DIRECT_MESSAGES = 1


@pytest.fixture
def _from_a_direct_message(client: LikecordClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what comes from the gateway be as Discord sends it there: no server, and no member."""
    parse = client._connection.parse_interaction_create

    def without_guild(data: dict[str, Any]) -> None:
        member = data.pop("member")
        for name in ("guild_id", "guild", "guild_locale"):
            data.pop(name, None)
        channel = {"id": data["channel_id"], "type": 1, "last_message_id": None, "flags": 0}
        parse({**data, "user": member["user"], "channel": channel, "context": 1})

    monkeypatch.setitem(client._connection.parsers, "INTERACTION_CREATE", without_guild)


async def test_discord_offers_it_in_direct_messages(client: LikecordClient) -> None:
    offered = [one.to_dict(client.tree) for one in client.tree.get_commands()]
    there = {one["name"] for one in offered if IN_DIRECT_MESSAGES in one["contexts"]}
    assert {"account", "forget-me"} <= there
    assert not {"watch", "config", "setup", "audit", "usage", "status", "liked"} & there


@pytest.mark.usefixtures("_from_a_direct_message")
async def test_it_is_done_there(discord_server: Server, script: Script) -> None:
    asked = await discord_server.ask("forget-me", user_id=GRACE)
    assert "Delete everything stored about you?" in told(asked)

    script.answers["accounts.forget"] = Forgotten("Grace", 0)
    (message,) = asked["messages"]
    component = {"message_id": message["id"], "custom_id": "account-forget"}
    await discord_server.interact(component=component, user_id=GRACE)
    assert ("accounts.forget", seed.GRACE_ID) in script.calls


@pytest.mark.usefixtures("_from_a_direct_message")
async def test_what_is_stored_is_shown_there(discord_server: Server, script: Script) -> None:
    script.answers |= {
        "accounts.status": STATUS,
        "consents.show": Served((ServedGuild(seed.GUILD_ID, NOW),)),
        "consents.withdraw": None,
        "accounts.forget_refusals": None,
    }

    asked = await discord_server.ask("account status", user_id=GRACE)

    assert "Your X account is" in told(asked)
    assert "Sandbox, since" in told(asked)
    assert custom_ids(asked) == {f"consent:end:{seed.GUILD_ID}"}
    (message,) = asked["messages"]
    component = {"message_id": message["id"], "custom_id": f"consent:end:{seed.GUILD_ID}"}
    await discord_server.interact(component=component, user_id=GRACE)
    assert ("consents.withdraw", seed.GRACE_ID, seed.GUILD_ID) in script.calls


@pytest.mark.usefixtures("_from_a_direct_message")
async def test_linking_is_done_in_a_server(discord_server: Server, script: Script) -> None:
    asked = await discord_server.ask("account link", user_id=GRACE)
    assert "Link your account in a server that I am in." in told(asked)
    assert script.calls == []
