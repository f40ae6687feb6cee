"""A dear watch is asked about, and begun or left by a button."""

import json
from decimal import Decimal
from typing import Any

import pytest

from bot.domain import WatchAdded, WatchQuestion, WatchRequest
from sandbox.discord import seed
from tests.chat import samples
from tests.chat.connected import Script
from tests.sandbox.discord.server import ADA, Server

POST = samples.post().id
pytestmark = pytest.mark.usefixtures("client")


def _question(*, unlikes: bool | None = None) -> WatchQuestion:
    return WatchQuestion(
        samples.post(), seed.LIKES_ID, samples.FORECAST, Decimal("0.40"), unlikes=unlikes
    )


async def _asked(server: Server, script: Script, *, unlikes: bool | None = None) -> dict[str, Any]:
    script.answers["new_watches.add_or_ask"] = _question(unlikes=unlikes)
    result = await server.ask("watch add", {"post": str(POST)})
    (message,) = result["messages"]
    return dict(message)


async def _press(server: Server, message: dict[str, Any], custom_id: str, by: str = ADA) -> Any:
    assert custom_id in json.dumps(message)
    pressed = {"message_id": message["id"], "custom_id": custom_id}
    return await server.interact(component=pressed, user_id=by)


async def test_a_dear_watch_says_what_it_costs_and_has_not_begun(
    discord_server: Server, script: Script
) -> None:
    text = json.dumps(await _asked(discord_server, script))

    assert "### Watch [a post](" in text
    assert "about $0.12 today, about $0.47 over 30 days, with 18 new likes." in text
    assert "I check before a watch that may cost more than $0.40." in text
    assert "Start watching" in text
    assert "Cancel" in text
    assert [call[0] for call in script.calls] == ["new_watches.add_or_ask"]


@pytest.mark.parametrize(("unlikes", "sign"), [(None, "-"), (False, "0"), (True, "1")])
async def test_it_begins_at_the_press_of_a_button_with_all_that_was_asked_for(
    discord_server: Server, script: Script, *, unlikes: bool | None, sign: str
) -> None:
    message = await _asked(discord_server, script, unlikes=unlikes)
    script.answers["new_watches.add"] = WatchAdded(samples.watch(), samples.FORECAST)

    await _press(discord_server, message, f"watch:{POST}:{seed.LIKES_ID}:{sign}")

    (shown,) = await discord_server.read(as_user=ADA)
    assert "### Watching" in json.dumps(shown)
    request = WatchRequest(seed.GUILD_ID, seed.LIKES_ID, str(POST), seed.ADA_ID, unlikes)
    expected = ("new_watches.add", request)
    assert script.calls[-1] == expected


async def test_it_can_be_left(discord_server: Server, script: Script) -> None:
    message = await _asked(discord_server, script)

    await _press(discord_server, message, "watch-leave")

    (shown,) = await discord_server.read(as_user=ADA)
    assert "Cancelled. No watch was added." in json.dumps(shown)
    assert "Start watching" not in json.dumps(shown)
    assert [call[0] for call in script.calls] == ["new_watches.add_or_ask"]
