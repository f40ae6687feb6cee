"""The README names what there is, and all of it."""

import argparse
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import _parser
from bot.chat.connection.client import LikecordClient, cog_modules
from bot.chat.text.limits import LEAST_A_PAGE, MOST_A_PAGE
from bot.domain.budget_shares import (
    LIKES_OF_A_SERVER,
    LOOKUPS,
    NEARLY_SPENT,
    POLLING_OF_THE_BOT,
)
from tests.chat.connected import Script
from tests.pages import (
    code_of,
    commands_of,
    make_targets,
    see_command_line,
    slash_commands_in,
    spelled,
)

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _section(heading: str) -> str:
    """Return what stands below a heading, up to the next of its kind."""
    found = re.search(
        rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL
    )
    assert found is not None, f"there is no section {heading}"
    return found[1]


def _first_cells(table: str) -> list[str]:
    """Return the first cell of each row that has code there."""
    return re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)


def _code() -> list[str]:
    return code_of(README)


# The command line


def test_the_table_lists_every_command_and_no_other() -> None:
    cells = _first_cells(_section("The command line"))
    told = [cell for cell in cells if "python" in cell]
    assert sorted(told) == sorted(
        " ".join((".venv/bin/python -m bot", name, *_values_of(name)))
        for name in commands_of(_parser())
    )


def _values_of(command: str) -> list[str]:
    """Return what is to be named after a command, as its usage writes it."""
    return [
        str(action.metavar)
        for action in _named(command)._actions
        if not action.option_strings and action.metavar is not None
    ]


def test_every_command_line_can_be_run() -> None:
    lines = [line for line in _code() if "python -m bot " in line]
    assert lines
    for line in lines:
        # There is no other python that has what the bot needs.
        python, *words = re.split("[#>]", line)[0].split()
        assert [python, *words[:2]] == [".venv/bin/python", "-m", "bot"]
        words = words[2:]
        if words != ["COMMAND"]:
            see_command_line(words)


def test_every_option_named_beside_a_command_exists() -> None:
    rows = re.findall(r"^\| `\S*python -m bot ([\w ]+)` \|(.*)$", README, re.MULTILINE)
    for command, text in rows:
        for option in re.findall(r"`(--[\w-]+)", text):
            with pytest.raises(SystemExit) as ended:
                _parser().parse_args([*command.split(), option, "not a value", "--nonsense"])
            assert ended.value.code == 2
            assert option in _help(command)


def test_the_table_lists_every_option_with_its_default_and_no_other() -> None:
    table = _section("The command line")
    told = dict(re.findall(r"^\| `([a-z ]+ --[\w-]+)` \|.*\| ([^|]+) \|$", table, re.MULTILINE))
    known = {
        f"{command} {option.option_strings[0]}": option.default
        for command in commands_of(_parser())
        for option in _named(command)._actions
        if option.option_strings and option.dest != "help"
    }
    assert sorted(told) == sorted(known)
    assert {name: default for name, default in told.items() if known[name] is not None} == {
        name: str(default) for name, default in known.items() if default is not None
    }


def _help(command: str) -> str:
    return _named(command).format_help()


def _named(command: str) -> argparse.ArgumentParser:
    parser = _parser()
    for word in command.split():
        (inner,) = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
        parser = inner.choices[word]
    return parser


# make


def test_every_target_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = make_targets()
    named = {line.split()[1] for line in _code() if re.match(r"make \w", line)}
    assert {"demo", "test", "run", "check"} <= named <= targets
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == targets


# Slash commands


@pytest.fixture
async def commands() -> AsyncIterator[list[dict[str, Any]]]:
    """The commands as Discord is told of them."""
    client = LikecordClient(services=Script().services())
    for name in cog_modules():
        await client.load_extension(name)
    yield [command.to_dict(client.tree) for command in client.tree.get_commands()]
    await client.close()


def test_the_table_lists_every_slash_command_with_its_options_and_no_other(
    commands: list[dict[str, Any]],
) -> None:
    told = _first_cells(_section("Commands"))
    assert sorted(told) == sorted(words for command in commands for words in spelled(command))


def test_every_slash_command_in_a_sentence_exists(commands: list[dict[str, Any]]) -> None:
    assert slash_commands_in(_code(), commands) == []


# Numbers


@pytest.mark.parametrize("page", ["README.md", "docs/how-likes-arrive.md"])
def test_the_shares_of_a_budget_are_those_of_the_code(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    told = {int(percent) for percent in re.findall(r"(\d+) %", text)}
    assert NEARLY_SPENT in told
    assert told <= {NEARLY_SPENT, LOOKUPS, POLLING_OF_THE_BOT, 100, LIKES_OF_A_SERVER}


def test_the_sizes_of_a_page_are_those_of_the_code() -> None:
    assert f"from {LEAST_A_PAGE} to {MOST_A_PAGE};" in _section("Commands")


# Files


def _tree() -> Iterator[str]:
    """Return the paths in the picture of the tree, which stand below their folder by two spaces."""
    picture = re.search(r"^```\n(.*?)^```", _section("How it is built"), re.MULTILINE | re.DOTALL)
    assert picture is not None
    folder = ""
    for line in picture[1].splitlines():
        name = line.split()[0]
        if not line.startswith(" "):
            folder = name
        yield name if name == folder else f"{folder}{name}"


def test_how_it_is_built_is_one_picture() -> None:
    assert len(_section("How it is built").strip().splitlines()) <= 30


def test_the_tree_is_as_drawn() -> None:
    drawn = set(_tree())
    wings = {f"bot/{init.parent.name}/" for init in (ROOT / "bot").glob("*/__init__.py")}
    beside = {"bot/", "cogs/", "storage/", "sandbox/", "tests/", "benchmarks/"}
    assert {name for name in drawn if name.endswith("/")} == wings | beside
    assert [name for name in drawn if not (ROOT / name).exists()] == []


def test_every_file_that_is_linked_or_named_is_there() -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)\s#]+)(?:#[^)]*)?\)", README)
    named = [
        word for word in _code() if re.fullmatch(r"(bot|cogs|storage|tests|x|chat)/[\w./]*", word)
    ]
    missing = [
        name
        for name in [*links, *named]
        if not any((ROOT / at / name).exists() for at in ("", "bot"))
    ]
    assert missing == []
