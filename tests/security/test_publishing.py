"""The bot shows to all only what the member who asks could post there themselves."""

from typing import Any

import pytest

from bot.domain import LikedPage, LikersPage, PostsPage, UsersPage
from sandbox.discord import seed
from sandbox.discord.permissions import Permission
from sandbox.discord.world import Overwrite
from tests.chat import samples
from tests.chat.connected import Script, client, discord_server, endpoint, script
from tests.cogs.test_round_trips import POST, is_private
from tests.sandbox.discord.server import ADA, GENERAL, LINUS, Server

__all__ = ["client", "discord_server", "endpoint", "script"]
pytestmark = pytest.mark.usefixtures("client")
COMMANDS: list[tuple[str, dict[str, Any]]] = [
    ("post", {"post": POST}),
    ("likers", {"post": POST}),
    ("liked", {"user": "user1"}),
]


@pytest.fixture(autouse=True)
def _answers(script: Script) -> None:
    script.answers["lookup.post"] = samples.post()
    script.answers["lookup.likers"] = LikersPage(
        samples.post(), UsersPage((samples.user(),), next_token="next")
    )
    script.answers["lookup.liked"] = LikedPage(samples.user(), PostsPage((samples.post(),)))


def deny(server: Server, permission: Permission) -> None:
    """Deny everybody something in #general; those who manage all are not bound by it."""
    general = server.sandbox.world.channel(int(GENERAL))
    general.overwrites[seed.GUILD_ID] = Overwrite(seed.GUILD_ID, 0, deny=int(permission))


@pytest.mark.parametrize(("command", "options"), COMMANDS)
@pytest.mark.parametrize("permission", [Permission.EMBED_LINKS, Permission.SEND_MESSAGES])
async def test_who_may_not_post_links_is_answered_alone(
    discord_server: Server, command: str, options: dict[str, Any], permission: Permission
) -> None:
    deny(discord_server, permission)

    assert is_private(await discord_server.ask(command, options, user_id=LINUS))
    assert await discord_server.read() == []
    assert not is_private(await discord_server.ask(command, options, user_id=ADA))


@pytest.mark.parametrize(("command", "options"), COMMANDS)
async def test_who_may_not_attach_files_attaches_none(
    discord_server: Server, command: str, options: dict[str, Any]
) -> None:
    deny(discord_server, Permission.ATTACH_FILES)

    fields = {**options, "fields": True}
    assert is_private(await discord_server.ask(command, fields, user_id=LINUS))
    assert not is_private(await discord_server.ask(command, options, user_id=LINUS))


async def test_who_may_not_post_links_turns_pages_for_themselves(discord_server: Server) -> None:
    page = await discord_server.ask("likers", {"post": POST}, user_id=ADA)
    (message,) = page["messages"]
    before = await discord_server.read()
    deny(discord_server, Permission.EMBED_LINKS)

    custom_id = "likers:1354143047324299264:next::1"
    component = {"message_id": message["id"], "custom_id": custom_id}
    turned = await discord_server.interact(component=component, user_id=LINUS)

    assert is_private(turned)
    assert await discord_server.read() == before
