"""docs/compared.md: every row has its answer, and what it names exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "compared.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \|([^|]*)\|$", TEXT, re.MULTILINE)


def test_every_feature_has_one_row_with_an_answer() -> None:
    assert sorted(int(number) for number, *_ in ROWS) == list(range(1, 86))
    assert all(answer.strip() for _, _, answer, _ in ROWS)


def test_what_is_offered_is_shown_by_something_that_exists() -> None:
    named = re.findall(r"`([\w./-]+\.(?:py|md|service))`", TEXT)
    assert len(named) > 60
    assert [path for path in named if not (ROOT / path).exists()] == []
    unshown = [
        number
        for number, _, answer, shown in ROWS
        if not shown.strip() and not answer.strip().startswith(("no", "not ", "English"))
    ]
    assert unshown == []
