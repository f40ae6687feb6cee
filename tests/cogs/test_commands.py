"""The commands as Discord is told of them."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.chat.connection.client import LikecordClient, cog_modules
from tests.chat.connected import Script

COGS = Path(__file__).parents[2] / "cogs"
EXPECTED = {
    "like post", "unlike post",
    "likers post export fields", "liked user export fields", "post post fields",
    "watch add post channel unlikes", "watch account user channel days replies reposts",
    "watch list", "watch remove watch", "watch import links file channel",
    "watch pause watch", "watch resume watch",
    "watch mention watch role minutes", "watch filter watch verified followers",
    "watch words watch text",
    "watch posts watch words without announce replies reposts quotes only-media threads",
    "watch edit watch", "watch show watch", "watch test watch",
    "config style style", "config language language", "config quiet-hours begin end time-zone",
    "config channel channel", "config like-role role", "config page-size size",
    "config home", "config show", "config alerts channel",
    "config member-budget usd", "config lookup-role role",
    "config budget usd", "config ask-above usd", "config delete-data",
    "config own-accounts only",
    "status", "usage",
    "account link", "account status", "account unlink", "forget-me", "help", "setup",
    "chart post post period compare", "top posts period", "top likers period",
    "audit",
}  # fmt: skip
FOR_MANAGERS = {"setup", "watch", "config", "audit", "status", "usage", "Watch likes"}
INSTALLED_BY_USERS = {
    "help", "like", "unlike", "post", "likers", "account", "forget-me", "Like", "Who liked this?",
}  # fmt: skip
NAME = re.compile(r"[-_a-z0-9]{1,32}")
SUBCOMMAND, STRING = 1, 3
ON_A_MESSAGE = 3
MANAGE_GUILD = 1 << 5


@pytest.fixture
async def commands() -> AsyncIterator[list[dict[str, Any]]]:
    client = LikecordClient(services=Script().services())
    for name in cog_modules():
        await client.load_extension(name)
    yield [command.to_dict(client.tree) for command in client.tree.get_commands()]
    await client.close()


@pytest.fixture
def slash(commands: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [command for command in commands if command["type"] != ON_A_MESSAGE]


def _walk(command: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield command
    for option in command.get("options", ()):
        yield from _walk(option)


def _spelled(command: dict[str, Any], before: str = "") -> Iterator[str]:
    words = f"{before} {command['name']}".strip()
    options = command.get("options", [])
    inner = [option for option in options if option["type"] == SUBCOMMAND]
    if inner:
        for option in inner:
            yield from _spelled(option, words)
    else:
        yield " ".join([words, *(option["name"] for option in options)])


def test_every_file_is_a_cog() -> None:
    files = {path.stem for path in COGS.glob("*.py") if not path.stem.startswith("_")}
    assert cog_modules() == sorted(f"cogs.{stem}" for stem in files)


def test_all_commands_are_there(slash: list[dict[str, Any]]) -> None:
    assert {words for command in slash for words in _spelled(command)} == EXPECTED


def test_a_right_click_on_a_message_offers_what_needs_its_links(
    commands: list[dict[str, Any]],
) -> None:
    on_messages = [command for command in commands if command["type"] == ON_A_MESSAGE]
    assert [command["name"] for command in on_messages] == [
        "Like",
        "Who liked this?",
        "Watch likes",
    ]


def test_names_and_descriptions_are_within_discords_limits(slash: list[dict[str, Any]]) -> None:
    assert len(slash) <= 100
    for command in slash:
        parts = list(_walk(command))
        for part in parts:
            assert NAME.fullmatch(part["name"])
            assert 1 <= len(part["description"]) <= 100
            assert len(part.get("options", [])) <= 25
        assert sum(len(part["name"]) + len(part["description"]) for part in parts) <= 8_000


def test_commands_are_for_servers_alone(commands: list[dict[str, Any]]) -> None:
    """But for what is stored of a member, who may have left the server."""
    contexts = {command["name"]: sorted(command["contexts"]) for command in commands}
    for name in INSTALLED_BY_USERS:
        assert contexts.pop(name) == [0, 1, 2]
    assert all(where == [0] for where in contexts.values())
    installed = {command["name"]: command["integration_types"] for command in commands}
    assert {name for name, kinds in installed.items() if kinds != [0]} == INSTALLED_BY_USERS


def test_admin_commands_are_for_those_who_manage_the_server(commands: list[dict[str, Any]]) -> None:
    limited = {
        command["name"]
        for command in commands
        if command["default_member_permissions"] == MANAGE_GUILD
    }
    assert limited == FOR_MANAGERS
    others = [command for command in commands if command["name"] not in FOR_MANAGERS]
    assert all(command["default_member_permissions"] is None for command in others)


def test_watches_to_remove_are_offered_while_typing(commands: list[dict[str, Any]]) -> None:
    parts = [part for command in commands for part in _walk(command)]
    completed = [part["name"] for part in parts if part.get("autocomplete")]
    assert completed.pop(completed.index("time-zone")) == "time-zone"
    assert set(completed) == {"watch"}
