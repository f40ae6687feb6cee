"""Every command of the tree has tests for its main case, its refusal and its empty case."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from discord import AppCommandType, app_commands

from bot.chat.connection.client import LikecordClient, cog_modules
from tests.cases import in_turn
from tests.chat.connected import Script
from tests.cogs.test_commands import FOR_MANAGERS
from tests.e2e.commands import COMMANDS, NO_MANAGER, Without

TESTS = Path(__file__).parents[1]
# What tests of commands call, beside what stands in their own files.
HELPERS = ("e2e/harness.py", "e2e/at_x.py")
ON_SOMETHING = (AppCommandType.message, AppCommandType.user)


async def test_the_table_has_every_command_of_the_tree_and_no_other() -> None:
    client = LikecordClient(services=Script().services())
    for name in cog_modules():
        await client.load_extension(name)
    typed = {
        command.qualified_name
        for command in client.tree.walk_commands()
        if not isinstance(command, app_commands.Group)
    }
    menus = {menu.name for kind in ON_SOMETHING for menu in client.tree.get_commands(type=kind)}
    await client.close()

    assert set(COMMANDS) == typed | menus


@in_turn("command", COMMANDS)
def test_its_tests_exist_and_use_it(command: str) -> None:
    cases = COMMANDS[command]
    for case in (cases.main, cases.refused, cases.empty):
        if isinstance(case, Without):
            assert case.why.endswith("."), command
            continue
        path, _, function = case.partition("::")
        assert function.startswith("test_"), case
        assert function in _tests_in(path), f"there is no {case}"
        if case == NO_MANAGER:  # which takes the commands from the tree
            assert command.split(maxsplit=1)[0] in FOR_MANAGERS
        else:
            assert {command, command.rsplit(maxsplit=1)[-1]} & set(_said_in(path, function)), case


def _tests_in(path: str) -> set[str]:
    """Return what pytest collects from a file below tests/."""
    found = _tree(path).body if Path(path).name.startswith("test_") else []
    return {each.name for each in found if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}


def _said_in(path: str, function: str) -> Iterator[str]:
    """Yield the strings of a function, its parameters, and all that it uses."""
    known = {name: part for each in (*HELPERS, path) for name, part in _definitions(each).items()}
    waiting, seen = [function], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in known:
            continue
        seen.add(name)
        for part in ast.walk(known[name]):
            match part:
                case ast.Constant(value=str(said)):
                    yield said
                case ast.Name(id=used) | ast.Attribute(attr=used) | ast.arg(arg=used):
                    waiting.append(used)


@cache
def _definitions(path: str) -> dict[str, ast.AST]:
    """Return what a file defines by its names: functions, methods, and values of the module."""
    named: dict[str, ast.AST] = {
        part.name: part
        for part in ast.walk(_tree(path))
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    for part in _tree(path).body:
        if isinstance(part, ast.Assign):
            named |= {target.id: part for target in part.targets if isinstance(target, ast.Name)}
    return named


@cache
def _tree(path: str) -> ast.Module:
    return ast.parse((TESTS / path).read_text(encoding="utf-8"))
