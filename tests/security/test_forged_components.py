"""Components whose custom_id says what the bot never wrote there: all is checked anew."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.chat.connection.client import LikecordClient
from bot.domain import AccountWatchAdded, LikersPage, UsersPage, WatchAdded, WatchQuestion
from sandbox.discord import seed
from sandbox.discord.permissions import Permission
from sandbox.discord.rules.components import walk
from sandbox.discord.world import Channel, Guild, Member, Overwrite, Role
from tests.cases import in_turn
from tests.chat import samples
from tests.chat.connected import Script, client, discord_server, endpoint, script
from tests.cogs.test_exports import POST_ID, Reading, reading
from tests.cogs.test_round_trips import POST, told
from tests.sandbox.discord.server import ADA, GENERAL, LINUS, Server

__all__ = ["client", "discord_server", "endpoint", "reading", "script"]
ELSEWHERE, ITS_CHANNEL = 1_200_000_000_000_000_001, 1_200_000_000_000_000_002
GONE = 1_200_000_000_000_000_003


@pytest.fixture(autouse=True)
def elsewhere(discord_server: Server) -> Iterator[None]:
    """Another server that the bot is in."""
    world = discord_server.sandbox.world
    guild = Guild(id=ELSEWHERE, name="Elsewhere", owner_id=seed.LINUS_ID)
    guild.roles[ELSEWHERE] = Role(ELSEWHERE, "@everyone", int(seed.EVERYONE_MAY), position=0)
    guild.channels[ITS_CHANNEL] = Channel(ITS_CHANNEL, ELSEWHERE, "private", 0, None)
    home = world.first_guild
    for user_id in (seed.LINUS_ID, seed.BOT_ID):
        guild.members[user_id] = Member(home.members[user_id].user, seed.OPENED_AT, set())
    world.guilds[ELSEWHERE] = guild
    yield
    del world.guilds[ELSEWHERE]


def forge(server: Server, message: dict[str, Any], forged: str) -> None:
    """Let a message's first button say something else."""
    stored = server.sandbox._core.store.get(int(GENERAL), int(message["id"]))
    for component, _ in walk(list(stored.content.components)):
        if component.get("custom_id"):
            component["custom_id"] = forged
            return


async def _pressed(server: Server, script: Script, forged: str, by: str = ADA) -> str:
    script.answers["new_watches.add_or_ask"] = WatchQuestion(
        samples.post(), seed.LIKES_ID, samples.FORECAST, samples.FORECAST.usd, unlikes=None
    )
    asked = await server.ask("watch add", {"post": POST}, user_id=by)
    (message,) = asked["messages"]
    forge(server, message, forged)
    component = {"message_id": message["id"], "custom_id": forged}
    return told(await server.interact(component=component, user_id=by))


@pytest.mark.usefixtures("client")
@in_turn("channel_id", [ITS_CHANNEL, GONE, 0])
@in_turn(
    "forged, does",
    [
        ("watch:1354143047324299264:{}:-", "new_watches.add"),
        ("watch-account:TwitterDev:{}:7:00", "account_watches.add"),
    ],
)
async def test_a_button_that_names_a_channel_of_another_server(
    discord_server: Server, script: Script, channel_id: int, forged: str, does: str
) -> None:
    script.answers["new_watches.add"] = WatchAdded(samples.watch(), samples.FORECAST)
    script.answers["account_watches.add"] = AccountWatchAdded(
        samples.account_watch(), samples.ACCOUNT_FORECAST, by_name=True
    )

    answer = await _pressed(discord_server, script, forged.format(channel_id))

    assert does not in [call[0] for call in script.calls]
    assert "isn't in this server" in answer


@pytest.mark.usefixtures("client")
async def test_a_button_that_names_a_channel_that_its_manager_cannot_see(
    discord_server: Server, script: Script
) -> None:
    world = discord_server.sandbox.world
    world.guilds[seed.GUILD_ID].members[seed.LINUS_ID].roles.add(seed.ADMINS_ID)
    hidden = world.channel(seed.LIKES_ID)
    hidden.overwrites[seed.LINUS_ID] = Overwrite(
        seed.LINUS_ID, 1, deny=int(Permission.VIEW_CHANNEL)
    )
    discord_server.sandbox._core.news.channel_changed("update", hidden)
    script.answers["new_watches.add"] = WatchAdded(samples.watch(), samples.FORECAST)

    answer = await _pressed(discord_server, script, f"watch:{POST_ID}:{seed.LIKES_ID}:-", LINUS)

    assert "new_watches.add" not in [call[0] for call in script.calls]
    assert "you can't see it" in answer


async def test_somebody_elses_export_is_not_stopped(
    discord_server: Server, client: LikecordClient, reading: Reading, script: Script
) -> None:
    client.exporter._agreed.add(int(ADA))
    await discord_server.ask("likers", {"post": POST, "export": "csv"})
    course = await reading.courses.get()
    (key,) = client.exporter._jobs
    script.answers["lookup.likers"] = LikersPage(samples.post(), UsersPage((samples.user(),)))
    page = await discord_server.ask("likers", {"post": POST}, user_id=LINUS)
    (message,) = page["messages"]
    forge(discord_server, message, f"export-stop:{key}")

    component = {"message_id": message["id"], "custom_id": f"export-stop:{key}"}
    pressed = await discord_server.interact(component=component, user_id=LINUS)

    assert course.why_stopped is None
    assert "no longer running" in json.dumps(pressed["messages"])
    reading.end()
