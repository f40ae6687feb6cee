"""Who only looks after the database starts without what X and Discord need."""

import ast
from itertools import accumulate

from storage import database
from tests.test_architecture import ROOT, _called, _imports, forget, modules

__all__ = ["forget"]

LOOK_AFTER_IT = (
    "bot.run.opening",
    "bot.run.backup",
    "bot.run.logs",
    "bot.services.export.stored_likes",
)
NOT_NEEDED = {"aiohttp", "alembic", "discord", "tweepy"}


def test_neither_x_nor_discord_is_imported() -> None:
    """That would be half of the time that such a command takes."""
    known = {module.name: module for module in modules()}
    seen: set[str] = set()
    outside: set[str] = set()
    ways = {name: name for name in LOOK_AFTER_IT}
    while ways:
        name, way = ways.popitem()
        seen.add(name)
        at_once = [
            node for node in known[name].tree.body if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        found = {each.partition(".")[0] for each in _imports(at_once)} & NOT_NEEDED
        outside |= {f"{way} > {each}" for each in found}
        for called in _called(at_once, known):
            packages = accumulate(called.split("."), "{}.{}".format)
            ways |= {each: f"{way} > {each}" for each in packages if each in known.keys() - seen}

    assert outside == set()


def test_a_migrations_file_begins_with_its_name() -> None:
    """So the newest is known without Alembic, whose import takes a tenth of a start."""
    folder = ROOT / "storage" / "migrations" / "versions"
    names = []
    for file in sorted(folder.glob("*.py"), reverse=True):
        assigned = [
            node.value
            for node in ast.parse(file.read_bytes()).body
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "revision"
        ]
        names += [ast.literal_eval(value) for value in assigned if value is not None]

    assert tuple(names) == database._versions()
