"""docs/security.md: every test that it names exists, and every attack is in it."""

import re
from pathlib import Path

from tests.test_likes_api_doc import ROOT, Row, _tests_in

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
SECTIONS = ("Whose account", "Whose money", "Whose data", "What comes in")
HERE = Path(__file__).parent


def _rows() -> list[Row]:
    rows = []
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and cells[0] not in ("The attack", "---"):
            assert len(cells) == 3, line
            rows.append(Row(*cells))
    return rows


def test_the_page_has_its_sections_and_rows() -> None:
    rows = _rows()
    assert tuple(re.findall(r"^## (.+)$", PAGE, re.MULTILINE)) == SECTIONS
    assert len(rows) >= 35
    assert len({row.shown_by for row in rows}) == len(rows)
    assert all(row.what and row.does for row in rows)


def test_every_test_that_is_named_exists() -> None:
    wrong = []
    for row in _rows():
        match = re.fullmatch(r"`(tests/[\w/]+\.py)::([\w:]+)`", row.shown_by)
        if match is None or match[2] not in _tests_in(match[1]):
            wrong.append(row.shown_by)
    assert wrong == []


def test_every_file_of_attacks_is_in_it() -> None:
    files = {f"tests/security/{path.name}" for path in HERE.glob("test_*.py")}
    named = {row.shown_by.strip("`").partition("::")[0] for row in _rows()}
    assert files - {"tests/security/test_security_doc.py"} <= named


def test_whoever_finds_another_one_is_told_where_to_go() -> None:
    told = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "Report a vulnerability" in told
    assert "docs/security.md" in told
    assert "SECURITY.md" in (ROOT / "README.md").read_text(encoding="utf-8")
