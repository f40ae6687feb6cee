"""What a page of ours says in code, and what of it there is."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.__main__ import _parser

ROOT = Path(__file__).parents[1]
SUBCOMMAND, ON_A_USER, ON_A_MESSAGE = 1, 2, 3


def blocks_of(page: str) -> list[tuple[str, str]]:
    """Return the blocks of code with their language, also those of a list's items."""
    found = re.findall(r"^( *)```(\w*)\n(.*?)^\1```", page, re.MULTILINE | re.DOTALL)
    return [
        (language, re.sub(rf"^{indent}", "", block, flags=re.MULTILINE))
        for indent, language, block in found
    ]


def code_of(page: str) -> list[str]:
    """Return every line of code: blocks and code within sentences."""
    lines = [line for _, block in blocks_of(page) for line in block.splitlines()]
    prose = re.sub(r"^( *)```.*?^\1```", "", page, flags=re.MULTILINE | re.DOTALL)
    return lines + re.findall(r"`([^`]+)`", prose)


def commands_of(parser: argparse.ArgumentParser, before: str = "") -> Iterator[str]:
    """Return the names of the command line's commands."""
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield before.strip()
    for action in inner:
        for name, command in action.choices.items():
            yield from commands_of(command, f"{before} {name}")


def see_command_line(words: list[str]) -> None:
    """Fail when there is no such command or option of `python -m bot`."""
    _parser().parse_args(words)


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][\w-]*):", makefile, re.MULTILINE))


def spelled(command: dict[str, Any], before: str = "/") -> Iterator[str]:
    """Spell a command of Discord's as in the README's table: optional options in brackets."""
    words = f"{before}{command['name']}"
    if command["type"] in (ON_A_USER, ON_A_MESSAGE) and before == "/":
        yield command["name"]
        return
    options = command.get("options", [])
    inner = [option for option in options if option["type"] <= SUBCOMMAND + 1]
    if inner:
        for option in inner:
            yield from spelled(option, f"{words} ")
        return
    named = [
        option["name"] if option.get("required") else f"[{option['name']}]" for option in options
    ]
    yield " ".join([words, *named])


def slash_commands_in(lines: list[str], commands: list[dict[str, Any]]) -> list[str]:
    """Return the slash commands among lines of code that do not exist."""
    known = {each for command in commands for each in spelled(command)}
    named = [line for line in lines if re.match(r"/[a-z]+(-[a-z]+)?( [a-z-]+)*$", line)]
    return [
        line
        for line in named
        if not any(words == line or words.startswith(f"{line} ") for words in known)
    ]


def missing_links(page: str, folder: Path) -> list[str]:
    """Return the files of ours that a page links to and that are not there."""
    links = re.findall(r"\]\((?!https?:|#)([^)\s#]+)(?:#[^)]*)?\)", page)
    return [link for link in links if not (folder / link).exists()]
