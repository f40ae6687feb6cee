"""Who may call whom: the rules of the house, held by reading the imports."""

import ast
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "cogs", "storage")
MOST_LINES = 400

# The entry points know everything: they build, and hand over.
ROOTS = {"bot.app", "bot.__main__"}
SANDBOX_MAY = {"aiohttp", "oauthlib", "bot.sandbox", *sys.stdlib_module_names}


@dataclass(frozen=True, slots=True)
class Module:
    """A module of ours, and every name that it imports, with what it imports from it."""

    name: str
    path: Path
    imports: frozenset[str]

    def is_in(self, *packages: str) -> bool:
        return any(_within(self.name, package) for package in packages)

    def imported_from(self, *packages: str) -> list[str]:
        return sorted(name for name in self.imports if any(_within(name, p) for p in packages))


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _imports(tree: ast.AST) -> frozenset[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                names.update(alias.name for alias in node.names)
            case ast.ImportFrom(module=str(module), level=0):
                # What is imported may be a module itself.
                names.update({module, *(f"{module}.{alias.name}" for alias in node.names)})
            case ast.ImportFrom():
                names.add(".")  # a relative import: ruff forbids it, and nothing here resolves it
    return frozenset(names)


def _read(path: Path) -> Module:
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(parts).removesuffix(".__init__")
    return Module(name, path, _imports(ast.parse(path.read_bytes())))


@cache
def modules() -> tuple[Module, ...]:
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return tuple(_read(path) for path in paths)


def _is_service(module: Module) -> bool:
    return module.name.count(".") == 1 and module.is_in("bot") and module.name not in ROOTS


@dataclass(frozen=True, slots=True)
class Rule:
    """No module of these packages (or kinds) imports from those."""

    who: tuple[str, ...]
    never: tuple[str, ...]


RULES = (
    Rule(("cogs",), ("storage", "tweepy", "sqlmodel", "sqlalchemy", "bot.x", "bot.polling")),
    Rule(("cogs",), ("apscheduler", "bot.app", "bot.sandbox")),
    Rule(("storage",), ("bot", "cogs", "discord", "tweepy", "aiohttp", "apscheduler")),
    Rule(("bot.polling",), ("discord", "bot.chat", "cogs", "tweepy")),
    Rule(("bot.chat",), ("storage", "tweepy", "sqlmodel", "sqlalchemy", "apscheduler", "bot.x")),
    Rule(("bot.x",), ("storage", "discord", "bot.chat", "bot.polling", "apscheduler", "sqlmodel")),
    Rule(("bot.domain", "bot.errors"), ("storage", "discord", "tweepy", "aiohttp", "bot.x")),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.who[0]} not {rule.never[0]}")
def test_packages_stand_on_each_other_in_one_direction(rule: Rule) -> None:
    broken = {
        module.name: found
        for module in modules()
        if module.is_in(*rule.who) and (found := module.imported_from(*rule.never))
    }

    assert broken == {}


def test_services_do_not_know_discord() -> None:
    services = [module for module in modules() if _is_service(module)]
    assert {"bot.likes", "bot.watches", "bot.ledger"} <= {module.name for module in services}

    broken = {m.name: found for m in services if (found := m.imported_from("discord", "cogs"))}
    assert broken == {}


@pytest.mark.parametrize(
    ("library", "importer"),
    [("tweepy", "bot.x.caller"), ("apscheduler", "bot.polling.scheduler")],
)
def test_one_module_alone_knows_the_library(library: str, importer: str) -> None:
    assert [module.name for module in modules() if module.imported_from(library)] == [importer]


def test_nothing_imports_a_cog() -> None:
    broken = {module.name: found for module in modules() if (found := module.imported_from("cogs"))}

    assert broken == {}


def test_only_commands_open_the_composition_root() -> None:
    opening = {module.name for module in modules() if module.imported_from(*ROOTS)}

    assert opening <= {"bot.__main__", "bot.check"}


def test_the_sandbox_shares_no_code_with_the_bot() -> None:
    """So that it cannot share the bot's bugs."""
    sandbox = [module for module in modules() if module.is_in("bot.sandbox")]
    assert len(sandbox) > 10

    foreign = {
        module.name: found
        for module in sandbox
        if (
            found := [
                name
                for name in module.imports
                if not any(_within(name, allowed) for allowed in SANDBOX_MAY)
            ]
        )
    }
    assert foreign == {}


def test_the_bot_does_not_know_that_the_sandbox_exists() -> None:
    knowing = {
        module.name
        for module in modules()
        if not module.is_in("bot.sandbox") and module.imported_from("bot.sandbox")
    }

    assert knowing <= {"bot.__main__"}


def test_files_stay_small() -> None:
    lengths = {
        str(module.path.relative_to(ROOT)): len(module.path.read_bytes().splitlines())
        for module in modules()
    }

    assert {path: lines for path, lines in lengths.items() if lines >= MOST_LINES} == {}


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {module.path.parent for module in modules()}

    without = [
        folder
        for folder in folders
        if folder.name != "versions" and not (folder / "__init__.py").exists()
    ]
    assert without == []
