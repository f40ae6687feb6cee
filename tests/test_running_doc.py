"""docs/running.md names what there is: a stranger types it line by line."""

import re
import shlex
from collections.abc import AsyncIterator
from typing import Any

import pytest
import yaml

from bot.__main__ import EX_CONFIG
from bot.chat.connection.client import LikecordClient, cog_modules
from bot.run.settings.model import Settings
from bot.run.settings.shards import read_shards
from tests.cases import in_turn
from tests.chat.connected import Script
from tests.pages import (
    ROOT,
    blocks_of,
    code_of,
    make_targets,
    missing_links,
    see_command_line,
    slash_commands_in,
)

PAGE = (ROOT / "docs/running.md").read_text(encoding="utf-8")
CODE = code_of(PAGE)
_BLOCKS = blocks_of(PAGE)
SHELL = [line for language, block in _BLOCKS if language == "sh" for line in block.splitlines()]
SETTINGS = {name.upper() for name in Settings.model_fields}
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SAID_IN = ("bot", "storage", "scripts")
_SETTING = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\b[A-Z]+(?==)")


def test_every_command_line_can_be_run() -> None:
    found = []
    for line in CODE:
        if (at := re.search(r"(?:python -m bot|run --rm bot) ([^>|]+)", line)) is not None:
            found.append(at[1])
            see_command_line(shlex.split(at[1].replace("$(date +\\%F)", "today")))
    assert {line.split()[0] for line in found} >= {"check", "backup", "restore", "db"}


def test_every_command_of_the_bot_is_run_by_a_python_that_has_what_it_needs() -> None:
    for line in CODE:
        if "python -m bot" in line:
            assert ".venv/bin/python -m bot" in line or "exec bot python -m bot" in line, line


def test_every_target_of_make_exists() -> None:
    named = {line.split()[1] for line in CODE if re.match(r"make \w", line)}
    assert {"venv", "postgres"} <= named <= make_targets()


def test_every_setting_exists() -> None:
    named = {name for line in CODE for name in _SETTING.findall(line)}
    assert {"DATABASE_URL", "METRICS_PORT", "SHARDS"} <= named <= SETTINGS


def test_every_file_of_ours_exists() -> None:
    assert missing_links(PAGE, ROOT / "docs") == []
    named = {word for line in CODE for word in re.findall(r"(?:docs|scripts)/[\w./]+", line)}
    assert {"docs/likecord.service", "scripts/healthy.py"} <= named
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_the_folders_are_those_of_the_service() -> None:
    unit = (ROOT / "docs/likecord.service").read_text(encoding="utf-8")
    assert "WorkingDirectory=/opt/likecord\n" in unit
    assert "StateDirectory=likecord\n" in unit
    folders = set(re.findall(r"/(?:opt|var/lib)/\w+", " ".join(CODE)))
    assert folders == {"/opt/likecord", "/var/lib/likecord"}
    assert f"(exit code {EX_CONFIG})" in PAGE


def test_every_container_and_profile_exists() -> None:
    services, profiles = COMPOSE["services"], {"postgres"}
    for line in SHELL:
        if not line.startswith("docker compose"):
            continue
        words = shlex.split(line)[2:]
        if words[0] == "--profile":
            assert words[1] in profiles
            words = words[2:]
        command, *rest = words
        assert command in {"build", "run", "up", "ps", "logs", "exec", "cp", "stop"}
        if command in {"run", "exec", "stop", "logs"} or (command == "up" and rest[-1] != "-d"):
            names = [word for word in rest if not word.startswith("-")]
            assert names[0] in services, line


def test_the_blocks_of_yaml_fit_the_composition() -> None:
    (block,) = (block for language, block in blocks_of(PAGE) if language == "yaml")
    shares = set()
    for name, service in yaml.safe_load(block)["services"].items():
        assert name in COMPOSE["services"]
        assert set(service["environment"]) <= SETTINGS
        shards = read_shards(service["environment"]["SHARDS"])
        assert shares.isdisjoint(shards.ids)
        shares |= shards.ids
    assert shares == set(range(shards.count))


# By symptom


def _first_cells() -> list[str]:
    return re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def said() -> str:
    """All that the code says, with its sentences as one line each."""
    files = (file for folder in SAID_IN for file in sorted((ROOT / folder).rglob("*.py")))
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return re.sub(r'"\s*\n\s*f?"', "", text)


@in_turn("sentence", _first_cells())
def test_every_symptom_is_something_that_the_bot_says(sentence: str, said: str) -> None:
    # What is filled in, when it is said.
    spelled = re.sub(r"^the database cannot", "{self._what} cannot", sentence)
    spelled = re.sub(r"^Discord('s gateway)? cannot be", "{self._what} cannot be", spelled)
    spelled = re.sub(r"^\.env:", "{ENV_FILE}:", spelled)
    assert sentence in said or spelled in said


def test_the_sentences_within_the_tables_are_said_too(said: str) -> None:
    assert "Discord has had too many requests from this address" in said
    assert "this process leads from now on" in said
    assert "connected to Discord as" in said


def test_every_figure_exists() -> None:
    source = (ROOT / "bot/run/metrics.py").read_text(encoding="utf-8")
    named = set(re.findall(r"likecord_\w+", PAGE))
    assert len(named) > 5
    assert [name for name in named if f'"{name}"' not in source] == []


@pytest.fixture
async def commands() -> AsyncIterator[list[dict[str, Any]]]:
    client = LikecordClient(services=Script().services())
    for name in cog_modules():
        await client.load_extension(name)
    yield [command.to_dict(client.tree) for command in client.tree.get_commands()]
    await client.close()


async def test_every_slash_command_exists(commands: list[dict[str, Any]]) -> None:
    lines = [line for line in CODE if line not in {"/healthz", "/metrics", "/data"}]
    assert "/status" in lines
    assert slash_commands_in(lines, commands) == []


def test_the_readme_sends_people_here() -> None:
    assert "(docs/running.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
