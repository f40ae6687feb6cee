"""Who may call whom: the rules of the house, held by reading the imports."""

import ast
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.cases import in_turn

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "cogs", "storage", "sandbox")
OURS = (*PACKAGES, "benchmarks", "scripts", "tests")  # the last three are not installed
MOST_LINES = 300

# The wings from the top floor down, and whom each may call: only what lies below it, or beside.
VALUES = {"bot.domain"}
BELOW_SERVICES = VALUES | {"bot.accounts", "bot.money", "bot.x", "storage"}
MAY_CALL: dict[str, set[str]] = {
    "bot.__main__": VALUES | {"bot.run", "bot.services", "bot.x", "storage", "sandbox"},
    # The only one that builds things; all others receive them.
    "bot.run": BELOW_SERVICES | {"bot.chat", "bot.services", "bot.watching"},
    "cogs": VALUES | {"bot.chat", "bot.services"},
    "bot.chat": VALUES | {"bot.services", "bot.watching", "bot.accounts"},
    "bot.services": BELOW_SERVICES | {"bot.watching"},
    "bot.watching": BELOW_SERVICES,
    "bot.accounts": VALUES | {"bot.money", "bot.x", "storage"},
    "bot.money": VALUES | {"bot.x", "storage"},
    "bot.x": VALUES,
    "bot.domain": set(),
    "storage": set(),
    "sandbox": set(),
}
# Where a wing has rooms, from the top floor down; files of the wing itself are held by the circles.
ROOMS: dict[str, tuple[str, ...]] = {
    "bot.chat": (
        "connection",
        "setup",
        "delivery",
        "tasks",
        "buttons",
        "answers",
        "cards",
        "charts",
        "languages",
        "text",
    ),
    "bot.watching": ("new_posts", "counts", "push", "likers", "post_state"),
    "bot.x": ("asking", "wire"),
    "storage": ("migrations", "models"),
}
# Wings, or single modules.
MAY_KNOW = {
    "tweepy": {"bot.x.asking.through_tweepy"},
    "apscheduler": {"bot.run.scheduler"},
    "regex": {"bot.chat.text.graphemes"},
    "babel": {"bot.chat.languages.catalogues"},
    "discord": {"cogs", "bot.chat", "bot.run.app", "bot.run.discord_connection"},
    "aiohttp": {
        "bot.x",
        "bot.chat",
        "bot.accounts.callback_page",
        "bot.accounts.callback_server",
        "bot.run.core",
        "bot.run.discord_connection",
        "sandbox",
    },
    "sqlmodel": {"storage", "bot.services", "bot.watching", "bot.accounts", "bot.money"},
    "sqlalchemy": {
        "storage",
        "bot.services",
        "bot.watching",
        "bot.accounts",
        "bot.money",
        "bot.run.opening",
        "bot.run.settings.database",
    },
}
SANDBOX_MAY = {"aiohttp", "oauthlib", "sandbox", *sys.stdlib_module_names}


_Found = ast.Import | ast.ImportFrom | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Module:
    """A module of ours, and every name that it imports, with what it imports from it."""

    name: str
    path: Path
    tree: ast.Module
    found: tuple[_Found, ...]
    imports: frozenset[str]

    @property
    def place(self) -> str:
        return _place(self.name)

    def imported_from(self, *packages: str) -> list[str]:
        return sorted(name for name in self.imports if any(_within(name, p) for p in packages))


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _place(name: str) -> str:
    return next((place for place in MAY_CALL if _within(name, place)), name)


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands in a node, at any depth; no expression, for none imports anything."""
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        for part in getattr(node, field, ()):
            yield part
            yield from _statements(part)


def _imports(found: Collection[_Found]) -> frozenset[str]:
    names: set[str] = set()
    for node in found:
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
    tree = ast.parse(path.read_bytes())
    found = tuple(node for node in _statements(tree) if isinstance(node, _Found))
    return Module(name, path, tree, found, _imports(found))


@pytest.fixture(scope="module", autouse=True)
def forget() -> Iterator[None]:
    """Keep no tree for the garbage collector, which looks at all there is when the tests end."""
    yield
    modules.cache_clear()


@cache
def modules() -> tuple[Module, ...]:
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return tuple(_read(path) for path in paths)


@cache
def calls() -> dict[str, frozenset[str]]:
    """Return which modules of ours each module imports; what it imports from one is not one."""
    names = {module.name for module in modules()}
    return {
        module.name: frozenset(_called(module.found, names) - {module.name}) for module in modules()
    }


def _called(found: Collection[_Found], names: Collection[str]) -> set[str]:
    called: set[str] = set()
    for node in found:
        match node:
            case ast.Import():
                called.update(alias.name for alias in node.names)
            case ast.ImportFrom(module=str(module)):
                parts = {f"{module}.{alias.name}" for alias in node.names}
                called.update(part if part in names else module for part in parts)
            case _:
                pass
    return called & set(names)


def circles(between: Mapping[str, Collection[str]]) -> list[tuple[str, ...]]:
    try:
        tuple(TopologicalSorter(between).static_order())
    except CycleError as error:
        return [tuple(error.args[1])]
    return []


def _cut(name: str, depth: int) -> str:
    """Return the room that a module is in, so many names deep."""
    return ".".join(name.split(".")[: depth + 1])


def test_every_module_has_its_place() -> None:
    places = {module.name: module.place for module in modules()}

    assert set(places.values()) - {"bot"} == set(MAY_CALL)


def test_the_rules_themselves_go_down() -> None:
    order = list(MAY_CALL)

    assert [
        (wing, called)
        for wing, allowed in MAY_CALL.items()
        for called in allowed
        if order.index(called) <= order.index(wing)
    ] == []


@in_turn("place", MAY_CALL)
def test_calls_go_one_way(place: str) -> None:
    allowed = MAY_CALL[place] | {place}
    broken = {
        module.name: found
        for module in modules()
        if module.place == place
        and (found := [name for name in module.imported_from(*OURS) if _place(name) not in allowed])
    }

    assert broken == {}


def test_no_modules_call_each_other_in_a_circle() -> None:
    assert circles(calls()) == []


@in_turn("wing", [place for place in MAY_CALL if place != "bot.__main__"])
def test_no_rooms_of_a_wing_call_each_other_in_a_circle(wing: str) -> None:
    """Neither those of the wing, nor the rooms inside of them."""
    inside = [name for name in calls() if _within(name, wing)]
    depths = range(wing.count(".") + 1, max(name.count(".") for name in inside) + 1)

    for depth in depths:
        rooms = {name: _cut(name, depth) for name in inside}
        between: dict[str, set[str]] = {room: set() for room in rooms.values()}
        for name in inside:
            called = (called for called in calls()[name] if called in rooms)
            between[rooms[name]] |= {rooms[other] for other in called} - {rooms[name]}
        assert circles(between) == [], f"{depth} deep"


@in_turn("wing", ROOMS)
def test_calls_go_down_inside_a_wing(wing: str) -> None:
    floors = {f"{wing}.{room}": floor for floor, room in enumerate(ROOMS[wing])}
    depth = wing.count(".") + 1
    folders = {
        _cut(name, depth) for name in calls() if _within(name, wing) and name.count(".") > depth
    }
    assert folders == set(floors)

    up = [
        (name, called)
        for name, all_called in calls().items()
        for called in all_called
        if (here := floors.get(_cut(name, depth))) is not None
        and (there := floors.get(_cut(called, depth))) is not None
        and there < here
    ]
    assert up == []


@in_turn("library", MAY_KNOW)
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
    sandbox = [module for module in modules() if module.place == "sandbox"]
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


def _public_classes() -> Iterator[tuple[Module, ast.ClassDef]]:
    for module in modules():
        for node in module.found:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield module, node


def _role(module: Module, of: ast.ClassDef) -> str:
    if _within(module.name, "storage.models") and any(key.arg == "table" for key in of.keywords):
        return "a table"
    return "a value" if module.place == "bot.domain" else "a class"


def test_no_two_classes_share_a_name() -> None:
    """But for a table and the value that is made of it."""
    roles: dict[str, dict[str, str]] = defaultdict(dict)
    for module, found in _public_classes():
        if module.place != "sandbox":
            roles[found.name][module.name] = _role(module, found)

    shared = {name: places for name, places in roles.items() if len(places) > 1}
    assert shared["Post"] == {"bot.domain.posts": "a value", "storage.models.posts": "a table"}
    allowed = ["a table", "a value"]
    assert {name: at for name, at in shared.items() if sorted(at.values()) != allowed} == {}


# What is added without a look at what is there: by numbers of its own, by a key that nobody else
# has, or under a lock by name.
ADDED_ANYWAY = {
    "storage.account_watches": "Watches.lock_of",
    "storage.accounts": "a link request's key is random",
    "storage.actions": "numbered",
    "storage.announcements": "numbered",
    "storage.removed_watches": "Watches.lock_of",
    "storage.revocations": "numbered",
    "storage.watches": "Watches.lock_of",
}


def test_no_row_is_looked_for_and_then_added() -> None:
    """Two that look at once would both find none; see storage/upsert.py for what to use."""
    adding = {
        module.name
        for module in modules()
        if module.place != "sandbox" and b"session" in module.path.read_bytes()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in {"add", "add_all", "merge"}
        if ast.unparse(node.value).endswith("session")
    }

    assert adding == ADDED_ANYWAY.keys()
