"""No text from outside holds the bot up: the time goes up with its length, not with its square."""

import ast
import contextlib
import importlib
import logging
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from discord import ui

import bot
import cogs
import storage
from bot.chat import text
from bot.chat.text.graphemes import graphemes
from bot.domain import Link
from bot.domain.errors import LikecordError
from bot.run.logs import _Redacting
from bot.services.export.table import csv_line
from bot.x.asking.named_parameters import refused_names
from bot.x.post_ref import find_post_refs, parse_post_ref, parse_username
from bot.x.wire.text import Entities, resolve
from tests.cases import in_turn
from tests.security.growth import MOST_TIMES, attacks, grown, ratio

ROOT = Path(__file__).parents[2]
_FORMATTER = _Redacting(logging.Formatter("%(message)s"), ["a-secret"])


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield every regular expression of the bot, those of its buttons too."""
    for package in (bot, cogs, storage):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if any(part in module.name for part in (".migrations.", ".settings.", "__main__")):
                continue  # they meet what the bot itself or its operator has written
            for name, value in vars(importlib.import_module(module.name)).items():
                yield from _of(f"{module.name}.{name}", module.name, value)


def _of(name: str, module: str, value: object) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from _of(f"{name}[{number}]", module, part)
    elif isinstance(value, type) and issubclass(value, ui.DynamicItem):
        template = value.__dict__.get("__discord_ui_compiled_template__")
        if template is not None and value.__module__ == module:
            yield name, template


PATTERNS = dict(_patterns())


def _walk(pattern: re.Pattern[str], given: str) -> None:
    for _ in pattern.finditer(given):
        pass
    pattern.fullmatch(given)


@in_turn("name", PATTERNS)
def test_every_regular_expression(name: str) -> None:
    pattern = PATTERNS[name]
    slow = []
    for attack in attacks(pattern):
        found = ratio(lambda given: _walk(pattern, given), grown(*attack))
        if found > MOST_TIMES:
            slow.append((attack, round(found)))
            break
    assert slow == []


def test_regular_expressions_stand_where_the_test_above_finds_them() -> None:
    """Compiled, under a name of their module; but for what is made of the text that it looks in."""
    hidden = []
    for path in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "cogs").rglob("*.py")]:
        given = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(given)) if "import re\n" in given else ():
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=attr)):
                    if attr not in ("compile", "escape"):
                        hidden.append(f"{path.relative_to(ROOT)}:{node.lineno}")
                case _:
                    pass
    assert hidden == []
    assert len(PATTERNS) > 40


ATOMS = (
    *(".", ")", "`", ":", ":a", "://", "@", "@everyone", "#", "*", "\\", "[", "](", "<", " ", "\n"),
    *("a", "1", "1.", "- ", "\n-", "\n 1", "\n \n", "\r", "\u2028", "https://", "https://a", "&"),
    *("https://a.)", "https://x.com/a/status/1", "x.com/a/status/", "x.com/", "`a` query ", "&#1"),
    *("`a` query parameter value [", "query parameter [a", "oauth_token=", "code=", "Bearer "),
    *("\u0301", "e\u0301", "👨\u200d", "🇩", "\u200d", "क\u094d", "\u202e", "한", "\U000e0062"),
    *("=", ";=", "\t", '"', ",", "'"),
)
STARTS = ("https://a", "https://x.com/a/status/1", "`a", "&#")
ATTACKS = (
    *(("", atom) for atom in ATOMS),
    *((start, atom) for start in STARTS for atom in (".", ")", ":", "@everyone", "1", "a", "[")),
)


def _linked(given: str) -> str:
    return text.linked(given, [Link(0, 1, "https://x.com/hashtag/a")], len(given) + 10)


def _parsed(given: str) -> None:
    for parse in (parse_post_ref, parse_username):
        with contextlib.suppress(LikecordError):
            parse(given)


def _logged(given: str) -> str:
    return _FORMATTER.format(logging.LogRecord("a", 20, "a", 1, "%s", (given,), None))


def _resolved(given: str) -> None:
    """As X tells of a text: each of its words is an entity of its own."""
    places = [match.span() for match in re.finditer(r"\S+", given)]
    urls = [{"url": given[a:b], "expanded_url": "https://a.example"} for a, b in places]
    tags = [{"start": a, "end": b, "tag": given[a + 1 : b]} for a, b in places]
    resolve(given, Entities.model_validate({"urls": urls, "hashtags": tags}))


READERS: dict[str, Any] = {
    "escape": text.escape,
    "linked": _linked,
    "plain": lambda given: text.plain(given, 100_000),
    "label": lambda given: text.label(given, 100_000),
    "graphemes": lambda given: list(graphemes(given)),
    "references in a message": find_post_refs,
    "a reference": _parsed,
    "a line of the log": _logged,
    "a line of CSV": lambda given: csv_line([given]),
    "X's words of a refusal": lambda given: refused_names({"message": given}),
    "X's text": _resolved,
}


@in_turn("reader", READERS)
def test_whatever_reads_foreign_text(reader: str) -> None:
    slow = []
    for start, atom in ATTACKS:
        found = ratio(READERS[reader], grown(start, atom, "x"))
        if found > MOST_TIMES:
            slow.append((start, atom, round(found)))
            break
    assert slow == []


def test_a_post_of_nothing_but_links() -> None:
    """A thousand of X's short links fit into the longest post."""

    told: dict[str, Entities] = {}

    def grow(size: int) -> str:
        addresses = [f"https://t.co/{number:010}" for number in range(size)]
        urls = [{"url": url, "expanded_url": f"{url}/b"} for url in addresses]
        given = " ".join(addresses)
        told[given] = Entities.model_validate({"urls": urls})
        return given

    def work(given: str) -> None:
        resolve(given, told[given])

    assert ratio(work, grow) <= MOST_TIMES


def test_a_number_that_python_would_not_read() -> None:
    assert resolve(f"a &#{'1' * 5_000}; b", Entities()).text == "a \ufffd b"
