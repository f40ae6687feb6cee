"""Writes docs/commands.md from the commands themselves; a test fails when it is stale."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.chat.connection.client import LikecordClient, cog_modules

DOC = Path(__file__).parents[1] / "docs" / "commands.md"

_HEAD = """# Commands

Made from the code by `make docs`. Options in brackets may be left out. In Discord, `/help` shows \
what you may use where you are.
"""
_SUBCOMMANDS = (1, 2)
_CHAT, _MESSAGE = 1, 3
_GUILD, _PRIVATE = 0, 1
_KINDS = {3: "text", 4: "number", 5: "yes or no", 7: "channel", 8: "role", 10: "number", 11: "file"}
_SECTIONS = (
    ("For everyone", False),
    ("For managers of the server", True),
)


class _Nothing:
    """Stands for services: no command is run here."""

    def __getattr__(self, name: str) -> "_Nothing":
        return self


async def commands_doc() -> str:
    services: Any = _Nothing()
    client = LikecordClient(services=services)
    for name in cog_modules():
        await client.load_extension(name)
    shapes = [command.to_dict(client.tree) for command in client.tree.get_commands()]
    await client.close()
    return "\n".join([_HEAD, *_written(shapes)])


def _written(shapes: list[dict[str, Any]]) -> Iterator[str]:
    slash = [one for one in shapes if one["type"] == _CHAT]
    for title, for_managers in _SECTIONS:
        yield f"## {title}\n"
        chosen = [one for one in slash if _is_managers(one) is for_managers]
        for command in sorted(chosen, key=lambda one: str(one["name"])):
            for name, leaf in _leaves(command, command["name"]):
                yield from _command(name, leaf, command)
    yield "## On a message\n"
    yield "Right-click a message, or hold it, then **Apps**.\n"
    for menu in (one for one in shapes if one["type"] == _MESSAGE):
        who = "managers of the server" if _is_managers(menu) else "everyone"
        yield f"- **{menu['name']}**: {who}; {_where(menu)}"
    yield ""


def _leaves(node: dict[str, Any], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    inner = [option for option in node.get("options", []) if option["type"] in _SUBCOMMANDS]
    if not inner:
        yield name, node
    for option in sorted(inner, key=lambda one: str(one["name"])):
        yield from _leaves(option, f"{name} {option['name']}")


def _command(name: str, leaf: dict[str, Any], root: dict[str, Any]) -> Iterator[str]:
    options = leaf.get("options", [])
    shown = (one["name"] if one.get("required") else f"[{one['name']}]" for one in options)
    yield f"### `{' '.join([f'/{name}', *shown])}`\n"
    yield f"{leaf['description']}. Works {_where(root)}.\n"
    for option in options:
        yield f"- `{option['name']}` ({_kind(option)}): {option['description']}"
    if options:
        yield ""


def _kind(option: dict[str, Any]) -> str:
    choices = [str(choice["name"]) for choice in option.get("choices", [])]
    if choices:
        return " | ".join(choices)
    kind = _KINDS.get(option["type"], "text")
    least, most = option.get("min_value"), option.get("max_value")
    if least is None or most is None:
        return kind
    return f"{kind}, {least:,g} to {most:,g}"


def _where(root: dict[str, Any]) -> str:
    if _PRIVATE in root["contexts"]:
        return "in servers, and wherever you are once you have installed the bot for yourself"
    return "in servers"


def _is_managers(command: dict[str, Any]) -> bool:
    return command["default_member_permissions"] is not None


if __name__ == "__main__":
    DOC.write_text(asyncio.run(commands_doc()), encoding="utf-8")
    sys.stdout.write(f"Written: {DOC.name}\n")
