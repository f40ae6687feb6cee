"""Every command that is for managers is refused to everybody else; and what no other test asks."""

from decimal import Decimal
from typing import Any

import pytest

from bot.domain import GuildConfig
from sandbox.discord import seed
from tests.chat.connected import Script, client, discord_server, endpoint, script
from tests.cogs.test_commands import EXPECTED, FOR_MANAGERS
from tests.cogs.test_round_trips import is_private, told
from tests.sandbox.discord.server import GUILD, LIKES, LINUS, Server

__all__ = ["client", "discord_server", "endpoint", "script"]
pytestmark = pytest.mark.usefixtures("client")

_GIVEN = {7: LIKES, 8: str(seed.READERS_ID), 4: 1, 10: 1.0, 5: "true"}


def _for_managers(server: Server) -> dict[str, dict[str, Any]]:
    """Return the commands for managers by their names, each with something in every option."""
    found = {}
    for command in server.sandbox._core.commands.usable(server.sandbox.world.first_guild):
        if command["type"] != 1 or command["name"] not in FOR_MANAGERS:
            continue
        inner = [one for one in command.get("options", []) if one["type"] == 1]
        for one in inner or [command]:
            name = command["name"] if one is command else f"{command['name']} {one['name']}"
            found[name] = {
                option["name"]: _something(option)
                for option in one.get("options", [])
                if option.get("required")
            }
    return found


def _something(option: dict[str, Any]) -> object:
    choices = option.get("choices")
    return choices[0]["value"] if choices else _GIVEN.get(option["type"], "x")


async def test_no_command_for_managers_does_anything_for_a_member(
    discord_server: Server, script: Script
) -> None:
    """Discord does not offer them; where a server's settings do, the bot refuses them itself."""
    commands = _for_managers(discord_server)
    known = {words for words in EXPECTED if words.split()[0] in FOR_MANAGERS}
    assert len(commands) == len(known)
    for name, options in commands.items():
        hidden = await discord_server.ask(name, options, user_id=LINUS)
        assert hidden["error"] == "missing permissions", name
    for registered in discord_server.sandbox._core.commands.usable(
        discord_server.sandbox.world.first_guild
    ):
        registered["default_member_permissions"] = None
    for name, options in commands.items():
        refused = await discord_server.ask(name, options, user_id=LINUS)
        assert "“Manage Server”" in told(refused), name
        assert is_private(refused), name
    assert script.calls == []


async def test_who_may_look_up_and_what_a_member_may_cost(
    discord_server: Server, script: Script
) -> None:
    guild = int(GUILD)
    script.answers["config.set_lookup_role"] = GuildConfig(guild, lookup_role_id=seed.READERS_ID)
    script.answers["config.set_own_accounts_only"] = GuildConfig(guild, own_accounts_only=True)
    script.answers["config.set_member_budget"] = GuildConfig(
        guild, member_budget_usd=Decimal("0.25")
    )
    script.answers["config.set_alerts"] = GuildConfig(guild, alerts_channel_id=seed.LIKES_ID)
    asked: list[tuple[str, dict[str, Any], str]] = [
        ("lookup-role", {"role": str(seed.READERS_ID)}, f"<@&{seed.READERS_ID}>"),
        ("lookup-role", {}, ""),
        ("own-accounts", {"only": "true"}, "own"),
        ("member-budget", {"usd": 0.25}, "$0.25"),
        ("member-budget", {}, ""),
        ("alerts", {"channel": "likes"}, f"<#{seed.LIKES_ID}>"),
        ("alerts", {}, ""),
    ]
    for command, options, said in asked:
        answer = await discord_server.ask(f"config {command}", options)
        assert said in told(answer), command
        assert is_private(answer)
    assert script.calls == [
        ("config.set_lookup_role", guild, seed.READERS_ID),
        ("config.set_lookup_role", guild, None),
        ("config.set_own_accounts_only", guild, True),
        ("config.set_member_budget", guild, Decimal("0.25")),
        ("config.set_member_budget", guild, None),
        ("config.set_alerts", guild, seed.LIKES_ID),
        ("config.set_alerts", guild, None),
    ]
