"""Tables: safe for spreadsheets, exact for scripts, and never too large."""

import csv
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from bot.services.export.table import Row, Table, TableFormat, csv_line
from tests.cases import in_turn

COLUMNS = ("id", "name", "likes", "protected")
PLENTY = 1_000_000

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
rows = st.fixed_dictionaries(
    {
        "id": st.integers(1, 2**63 - 1).map(str),
        "name": st.none() | texts,
        "likes": st.none() | st.integers(0, 10**10),
        "protected": st.booleans(),
    }
)


def _written(table_format: TableFormat, *given_rows: Row) -> str:
    table = Table(table_format, COLUMNS, PLENTY)
    assert all(table.add(row) for row in given_rows)
    return table.contents().decode()


def _row(name: str | None = "Ada", number: int = 1) -> Row:
    return {"id": str(number), "name": name, "likes": 3, "protected": False}


@in_turn(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("https://a.example")']
)
def test_no_cell_is_a_formula(text: str) -> None:
    written = _written(TableFormat.CSV, _row(text))

    _, line = csv.reader(io.StringIO(written, newline=""))
    assert line[1].startswith("'")
    assert line[1].replace("'", "") == text


def test_the_command_line_writes_the_same_lines() -> None:
    assert csv_line(["1", "=1", None, 2, True]) == "1,'=1,,2,true\n"


def test_csv_has_a_header_and_ids_as_they_are() -> None:
    assert _written(TableFormat.CSV, _row(number=2**63 - 1)) == (
        "id,name,likes,protected\n9223372036854775807,Ada,3,false\n"
    )
    assert _written(TableFormat.CSV) == "id,name,likes,protected\n"


def test_json_is_one_array_with_ids_as_text() -> None:
    assert json.loads(_written(TableFormat.JSON, _row(), _row("名前 🙂"))) == [
        {"id": "1", "name": "Ada", "likes": 3, "protected": False},
        {"id": "1", "name": "名前 🙂", "likes": 3, "protected": False},
    ]
    assert json.loads(_written(TableFormat.JSON)) == []


@given(st.lists(rows, max_size=5))
def test_whatever_is_written_can_be_read(given_rows: list[Row]) -> None:
    assert json.loads(_written(TableFormat.JSON, *given_rows)) == given_rows

    written = _written(TableFormat.CSV, *given_rows)
    header, *lines = csv.reader(io.StringIO(written, newline=""))
    assert header == list(COLUMNS)
    assert [line[0] for line in lines] == [row["id"] for row in given_rows]
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line)


@given(st.lists(rows, min_size=1, max_size=8), st.sampled_from(TableFormat), st.integers(0, 400))
def test_a_file_stays_within_its_size_and_whole(
    given_rows: list[Row], table_format: TableFormat, room: int
) -> None:
    most = len(Table(table_format, COLUMNS, PLENTY).contents()) + room
    table = Table(table_format, COLUMNS, most)

    added = [table.add(row) for row in given_rows]

    assert len(table.contents()) <= most
    assert table.rows == sum(added)
    if table_format is TableFormat.JSON:
        kept = [row for row, fits in zip(given_rows, added, strict=True) if fits]
        assert json.loads(table.contents()) == kept
