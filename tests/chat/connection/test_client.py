import json
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.chat.answers import failures
from bot.chat.answers.channels import AnnouncementChannel, find_trouble
from bot.chat.connection.addresses import point_at
from bot.chat.connection.client import LikecordClient, cog_modules
from bot.chat.connection.sharded_client import ShardedClient
from bot.chat.delivery.announcer import Announcer
from bot.domain import LikersPage, UsersPage
from bot.domain.errors import NotAllowed
from bot.domain.troubles import DeliveryTrouble
from sandbox.discord import seed
from tests.cases import in_turn
from tests.chat import samples
from tests.chat.connected import Script, connected
from tests.chat.delivery.test_announcer import FakeOutbox, to
from tests.chat.rules import shown
from tests.sandbox.discord.server import LIKES, LINUS, Server


@pytest.mark.usefixtures("endpoint")
def test_discord_is_where_the_settings_say() -> None:
    point_at("http://127.0.0.1:1/api/v10/", "ws://127.0.0.1:1/gateway")
    assert Route("GET", "/users/@me").url == "http://127.0.0.1:1/api/v10/users/@me"
    assert str(DiscordWebSocket.DEFAULT_GATEWAY) == "ws://127.0.0.1:1/gateway"


@pytest.mark.usefixtures("endpoint")
def test_discord_stays_where_it_is_without_settings() -> None:
    before = (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
    point_at(None, None)
    assert before == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)


async def test_it_asks_for_nothing_privileged(client: LikecordClient) -> None:
    assert client.intents == discord.Intents(guilds=True)
    assert client.allowed_mentions is not None
    assert client.allowed_mentions.to_dict() == {"parse": []}
    assert {type(cog).__module__ for cog in client.cogs.values()} == set(cog_modules())


async def test_what_comes_after_the_end_is_dropped(client: LikecordClient) -> None:
    await client.close()
    client.dispatch("ready")  # a coroutine that nobody awaits would be a warning, and an error


async def test_commands_are_registered(discord_server: Server, client: LikecordClient) -> None:
    commands = (await discord_server.control("GET", "/commands")).body
    names = {command["name"] for command in commands}
    assert names == {command.name for command in client.tree.get_commands()}
    assert all("guild_id" not in command for command in commands)


async def test_a_development_server_gets_them_at_once(
    discord_server: Server, script: Script
) -> None:
    async with connected(discord_server, script, development_guild_id=seed.GUILD_ID):
        commands = (await discord_server.control("GET", "/commands")).body
    assert {command["guild_id"] for command in commands} == {str(seed.GUILD_ID)}


async def test_buttons_of_an_announcement_outlive_the_process(
    discord_server: Server, script: Script
) -> None:
    outbox = FakeOutbox(waiting=[to(LIKES)])
    async with connected(discord_server, script) as client:
        assert await Announcer(client, outbox, client.limits).run_once() == 1
    (message,) = await discord_server.read(LIKES)
    page = UsersPage((samples.user(2, "Bob"),), next_token="more")
    script.answers["lookup.likers"] = LikersPage(samples.post(), page)
    async with connected(discord_server, script):
        first = await _press(discord_server, message, "likers:1354143047324299264::lc-1")
        (answer,) = first["messages"]
        assert answer["flags"] & 64
        assert "[Bob](https://x.com/user2)" in json.dumps(answer)
    page = UsersPage((samples.user(3, "Cy"),), previous_token="back")
    script.answers["lookup.likers"] = LikersPage(samples.post(), page)
    async with connected(discord_server, script):
        await _press(discord_server, answer, "likers:1354143047324299264:more::1")
    announced, turned = await discord_server.read(LIKES, as_user=LINUS)
    assert announced["id"] == message["id"]
    assert "[Cy](https://x.com/user3)" in json.dumps(turned)


async def test_sent_messages_leave_nothing_behind(
    discord_server: Server, client: LikecordClient, script: Script
) -> None:
    kept = client._connection._view_store
    registered = set(kept._dynamic_items)
    await Announcer(client, FakeOutbox(waiting=[to(LIKES)]), client.limits).run_once()
    page = UsersPage((samples.user(),), next_token="x" * 99, previous_token="back")
    script.answers["lookup.likers"] = LikersPage(samples.post(), page)
    answer = await discord_server.ask("likers", {"post": "1"})
    assert "does not fit into a Discord button" in json.dumps(answer)
    assert kept._views == {}
    assert set(kept._dynamic_items) == registered


class Away(Exception):
    """What a database raises that is away."""


async def _press(server: Server, message: dict[str, Any], custom_id: str) -> dict[str, Any]:
    component = {"message_id": message["id"], "custom_id": custom_id}
    result: dict[str, Any] = await server.interact(
        component=component, channel_id=LIKES, user_id=LINUS
    )
    return result


@in_turn(
    "error, sentence",
    [
        (NotAllowed("Only admins may."), "Only admins may."),
        (app_commands.MissingPermissions(["manage_guild"]), "“Manage Server”"),
        (app_commands.CheckFailure(), "You can't use this here."),
        (app_commands.CommandNotFound("x", []), "This command has changed."),
        (
            app_commands.TransformerError(
                "x", discord.AppCommandOptionType.string, AnnouncementChannel()
            ),
            "Pick one from the list.",
        ),
        (RuntimeError("inside"), "Something went wrong here."),
        (Away(), "I can't reach my database right now."),
    ],
)
def test_every_failure_has_a_sentence(error: Exception, sentence: str) -> None:
    client = SimpleNamespace(database_is_away=lambda failure: isinstance(failure, Away))
    interaction = cast("Any", SimpleNamespace(client=client, command=None, data={}, guild_id=1))
    assert sentence in shown(failures._explain(interaction, failures._cause(error)))


@pytest.mark.parametrize(
    ("status", "code", "found"),
    [
        (404, 10003, DeliveryTrouble.CHANNEL_DELETED),
        (403, 50001, DeliveryTrouble.THREAD_HIDDEN),
        (404, 0, None),
        (403, 0, None),
        (503, 0, None),
    ],
)
async def test_only_discord_itself_says_that_a_channel_is_gone(
    discord_server: Server,
    client: LikecordClient,
    status: int,
    code: int,
    found: DeliveryTrouble | None,
) -> None:
    """A page of a proxy's in between shuts nothing."""
    body = {"message": "no", "code": code}
    fault = {"match": "GET /channels/:id", "status": status, "body": body}
    await discord_server.control("POST", "/faults", fault)
    if found is None:
        with pytest.raises(discord.HTTPException):
            await find_trouble(client, 123)
    else:
        assert await find_trouble(client, 123) is found


@pytest.mark.parametrize("kind", [LikecordClient, ShardedClient])
async def test_a_client_that_never_logged_in_is_closed(kind: type[LikecordClient]) -> None:
    """As where the bot stops at once, because a port of its own is taken."""
    client = kind(services=Script().services())
    await client.close()
    assert client.is_closed()
