"""The buttons of the health card: the budget is raised in it, and everything looked at again."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.chat.connection.client import LikecordClient
from bot.domain import Verdict, VerdictKind
from bot.domain.guilds import HomeState
from tests.cases import in_turn
from tests.chat import samples
from tests.chat.cards.test_accounts import status
from tests.chat.connected import Script
from tests.cogs.test_round_trips import told
from tests.sandbox.discord.server import ADA, LINUS, Server
from tests.sandbox.discord.server import GUILD as GUILD_ID

pytestmark = pytest.mark.usefixtures("client")
GUILD = int(GUILD_ID)
PAUSED = replace(samples.MONTH, budget_usd=Decimal(1), server_is_paused=True)


async def _press(server: Server, seen: Any, custom_id: str, **more: Any) -> Any:
    (message,) = seen["messages"]
    component = {"message_id": message["id"], "custom_id": custom_id}
    return await server.interact(component=component, **more)


async def _hand_in(server: Server, opened: Any, usd: str) -> Any:
    modal = {"custom_id": opened["modal"]["custom_id"], "values": {"usd": usd}}
    return await server.interact(modal=modal)


async def test_the_budget_is_raised_in_the_card(discord_server: Server, script: Script) -> None:
    script.answers["status.show"] = replace(status(), month=PAUSED)
    script.answers["status.forget_refusals"] = None
    script.answers["config.set_budget"] = samples.MONTH
    seen = await discord_server.ask("status")
    opened = await _press(discord_server, seen, "status-budget")
    assert opened["modal"]["title"] == "Raise the budget"

    script.answers["status.show"] = replace(status(), watches=1)
    handed = await _hand_in(discord_server, opened, " $12,50 ")
    assert "All is well" in told(handed)
    assert ("config.set_budget", GUILD, Decimal("12.50")) in script.calls


@in_turn("typed", ["much", "0", "-1", "NaN", "Infinity", "0.001", "10000000"])
async def test_what_is_no_sum_changes_nothing(
    discord_server: Server, script: Script, typed: str
) -> None:
    script.answers["status.show"] = replace(status(), month=PAUSED)
    script.answers["status.forget_refusals"] = None
    seen = await discord_server.ask("status")
    opened = await _press(discord_server, seen, "status-budget")
    handed = await _hand_in(discord_server, opened, typed)
    assert "I can't read that as US dollars." in told(handed)
    assert "config.set_budget" not in {name for name, *_ in script.calls}


async def test_everything_is_looked_at_again(discord_server: Server, script: Script) -> None:
    script.answers["status.show"] = replace(
        status(), verdicts=(Verdict(VerdictKind.OWN_KEYS, samples.NOW),), refused=1
    )
    script.answers["status.forget_refusals"] = None
    seen = await discord_server.ask("status")
    script.answers["status.show"] = replace(status(), watches=1, refused=1)
    again = await _press(discord_server, seen, "status-again")
    assert "All is well" in told(again)
    assert [name for name, *_ in script.calls].count("status.forget_refusals") == 2


async def test_a_look_at_what_is_well_asks_for_nothing_more(
    client: LikecordClient, discord_server: Server, script: Script
) -> None:
    """Nothing that X refused is to be forgotten, and the operator's own server is home already."""
    script.answers["status.show"] = replace(status(), watches=1)
    script.answers["home.show"] = HomeState(GUILD)  # of which the operator would be asked
    assert client.operators.has(int(ADA))

    seen = await discord_server.ask("status")
    await client.commands_running.finish(5)

    assert "All is well" in told(seen)
    assert [name for name, *_ in script.calls] == ["status.show"]


@pytest.mark.parametrize("button", ["status-again", "status-budget"])
async def test_who_manages_nothing_any_more_changes_nothing(
    discord_server: Server, script: Script, button: str
) -> None:
    script.answers["status.show"] = replace(status(), month=PAUSED)
    script.answers["status.forget_refusals"] = None
    seen = await discord_server.ask("status")
    before = list(script.calls)
    guild = discord_server.sandbox.world.first_guild
    guild.members[int(ADA)].roles.clear()
    guild.owner_id = int(LINUS)

    refused = await _press(discord_server, seen, button, user_id=ADA)
    assert "You need the permission “Manage Server” for this." in told(refused)
    assert script.calls == before
