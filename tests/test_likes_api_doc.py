"""docs/likes-api.md: every test and every command that it names exists."""

import ast
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from discord import AppCommandType, app_commands

from bot.__main__ import _parser
from bot.chat.connection.client import LikecordClient, cog_modules
from tests.chat.connected import Script

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "likes-api.md").read_text(encoding="utf-8")
SECTIONS = (
    "Endpoints",
    "Parameters",
    "Users: fields and expansions",
    "Posts: fields and expansions",
    "Media, polls and places",
    "Authentication",
    "Limits",
    "Pages",
    "Errors",
    "IDs and addresses at the edges",
    "What changed",
)
FEWEST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    does: str
    shown_by: str

    def commands(self) -> set[str]:
        """Return the slash commands and command lines that are named, and those on messages."""
        named = re.findall(r"`(/[a-z][a-z -]*|python -m bot [a-z ]+)`", self.does)
        return {*named, *re.findall(r"\*\*([^*]+)\*\*", self.does)}


def _rows() -> Iterator[Row]:
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and cells[0] not in ("What it is", "---"):
            assert len(cells) == 3, line
            yield Row(*cells)


ROWS = tuple(_rows())


@cache
def _tests_in(file: str) -> frozenset[str]:
    """Return the tests of a file as pytest names them behind its path, without parameters."""
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    return frozenset(_named(ast.parse(path.read_text(encoding="utf-8")).body))


def _named(body: list[ast.stmt], before: str = "") -> Iterator[str]:
    for part in body:
        if isinstance(part, ast.ClassDef) and part.name.startswith("Test"):
            yield from _named(part.body, f"{before}{part.name}::")
        is_function = isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)
        if is_function and part.name.startswith("test_"):
            yield f"{before}{part.name}"


@pytest.fixture(scope="module")
def command_lines() -> set[str]:
    (commands,) = (action for action in _parser()._actions if action.choices is not None)
    assert commands.choices is not None
    return {f"python -m bot {name}" for name in commands.choices}


@pytest.fixture
async def commands() -> AsyncIterator[set[str]]:
    """The slash commands, and those on a message, as members find them."""
    client = LikecordClient(services=Script().services())
    for name in cog_modules():
        await client.load_extension(name)
    found = set()
    for command in client.tree.walk_commands():
        if not isinstance(command, app_commands.Group):
            found.add(f"/{command.qualified_name}")
    menus = client.tree.get_commands(type=AppCommandType.message)
    yield found | {menu.name for menu in menus}
    await client.close()


def test_the_page_has_its_sections_and_rows() -> None:
    assert tuple(re.findall(r"^## (.+)$", PAGE, re.MULTILINE)) == SECTIONS
    assert len(ROWS) >= FEWEST_ROWS
    assert len({row.what for row in ROWS}) == len(ROWS)


def test_every_test_that_is_named_exists() -> None:
    wrong = []
    for row in ROWS:
        match = re.fullmatch(r"`(tests/[\w/]+\.py)::([\w:]+)`", row.shown_by)
        if match is None or match[2] not in _tests_in(match[1]):
            wrong.append(row.shown_by)
    assert wrong == []


async def test_every_command_that_is_named_exists(
    commands: set[str], command_lines: set[str]
) -> None:
    for row in ROWS:
        named = row.commands()
        assert named, f"no command reaches: {row.what}"
        assert named <= commands | command_lines, row.does


def test_what_is_not_there_is_noticed() -> None:
    assert "test_published_limits" in _tests_in("tests/sandbox/x/test_limits.py")
    assert "TestLikers::test_nobody_likes_it_yet" in _tests_in("tests/sandbox/x/test_likes.py")
    assert "test_nobody_likes_it_yet" not in _tests_in("tests/sandbox/x/test_likes.py")
    assert _tests_in("tests/x/test_of_tomorrow.py") == frozenset()
    assert Row("", "`/like` and `/2/tweets`, **Like**", "").commands() == {
        "/like",
        "Like",
    }
