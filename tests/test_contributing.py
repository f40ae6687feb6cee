"""CONTRIBUTING.md names what there is."""

import re
from pathlib import Path

from tests.cases import in_turn

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
# What to change in words, then the files and the names in code.
_ROW = re.compile(r"^\| ([A-Za-z][^|]*) \| ([^|]*`[^|]*) \| ([^|]*`[^|]*) \|$", re.MULTILINE)
ROWS = _ROW.findall(TEXT)


def _code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def _stands_in(text: str, word: str) -> bool:
    return (
        re.search(rf"(?<!\w){re.escape(word)}" + r"(?!\w)" * word.isidentifier(), text) is not None
    )


def test_the_table_of_changes_is_read() -> None:
    assert len(ROWS) >= 15


@in_turn("change, paths, look_for", ROWS)
def test_what_to_look_for_stands_in_the_files_to_open(
    change: str, paths: str, look_for: str
) -> None:
    named = [ROOT / path for path in _code(paths)]
    assert [path for path in named if not path.exists()] == [], change
    text = "".join(path.read_text(encoding="utf-8") for path in named if path.is_file())

    words = [word for word in _code(look_for) if not word.startswith("X_")]  # settings are no code
    assert words
    assert [word for word in words if not _stands_in(text, word)] == [], change


def test_every_path_exists() -> None:
    named = {
        word.partition("::")[0]
        for word in _code(TEXT)
        if re.match(r"(?:bot|cogs|storage|sandbox|tests|docs|benchmarks)/", word)
    }
    assert len(named) > 20
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
