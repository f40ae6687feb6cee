"""Who may call whom: the rules of the house, held by reading the imports."""

import ast
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "cogs", "storage")
OURS = (*PACKAGES, "benchmarks", "scripts", "tests")  # the last three are not installed
MOST_LINES = 400

# What is in bot/ and in none of these places is a service.
VALUES = {"bot.domain", "bot.errors"}
INNER = VALUES | {"services", "bot.x", "storage"}
MAY_CALL: dict[str, set[str]] = {
    "storage": set(),
    "bot.domain": set(),
    "bot.errors": {"bot.domain"},
    "bot.x": VALUES,
    "bot.polling": INNER,
    "services": INNER | {"bot.polling"},
    "bot.chat": VALUES | {"services"},
    "cogs": VALUES | {"services", "bot.chat"},
    # These two build, and hand over.
    "bot.core": INNER,
    "bot.app": INNER | {"bot.polling", "bot.chat", "bot.core"},
    # Commands open them.
    "bot.check": VALUES | {"services", "bot.x", "bot.chat", "bot.core"},
    "bot.__main__": INNER | {"bot.core", "bot.app", "bot.check", "bot.sandbox"},
    "bot.sandbox": set(),
}
# Places, or single modules.
MAY_KNOW = {
    "tweepy": {"bot.x.caller"},
    "apscheduler": {"bot.polling.scheduler"},
    "discord": {"cogs", "bot.chat", "bot.app"},
    "aiohttp": {"bot.x", "bot.chat", "bot.callback", "bot.core", "bot.app", "bot.sandbox"},
    "sqlmodel": {"storage", "services", "bot.polling"},
    "sqlalchemy": {"storage", "services", "bot.polling", "bot.core"},
}
SANDBOX_MAY = {"aiohttp", "oauthlib", "bot.sandbox", *sys.stdlib_module_names}


@dataclass(frozen=True, slots=True)
class Module:
    """A module of ours, and every name that it imports, with what it imports from it."""

    name: str
    path: Path
    imports: frozenset[str]

    @property
    def place(self) -> str:
        return _place(self.name)

    def imported_from(self, *packages: str) -> list[str]:
        return sorted(name for name in self.imports if any(_within(name, p) for p in packages))


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _place(name: str) -> str:
    other = "services" if _within(name, "bot") else name
    return next((place for place in MAY_CALL if _within(name, place)), other)


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


def test_every_module_has_its_place() -> None:
    places = {module.name: module.place for module in modules()}

    assert set(places.values()) == set(MAY_CALL)
    assert {places["bot.likes"], places["bot.export.service"]} == {"services"}


@pytest.mark.parametrize("place", MAY_CALL)
def test_calls_go_one_way(place: str) -> None:
    allowed = MAY_CALL[place] | {place}
    broken = {
        module.name: found
        for module in modules()
        if module.place == place
        and (found := [name for name in module.imported_from(*OURS) if _place(name) not in allowed])
    }

    assert broken == {}


@pytest.mark.parametrize("library", MAY_KNOW)
def test_a_library_is_known_in_few_places(library: str) -> None:
    knowing = [module for module in modules() if module.imported_from(library)]
    assert knowing

    assert [m.name for m in knowing if MAY_KNOW[library].isdisjoint({m.name, m.place})] == []


def test_nothing_imports_a_cog() -> None:
    """The client loads them by name."""
    broken = {module.name: found for module in modules() if (found := module.imported_from("cogs"))}

    assert broken == {}


def test_the_sandbox_shares_no_code_with_the_bot() -> None:
    """So that it cannot share the bot's bugs."""
    sandbox = [module for module in modules() if module.place == "bot.sandbox"]
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
