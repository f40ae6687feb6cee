"""Rows as CSV or JSON, for spreadsheets and scripts.

IDs are text in both: they do not fit the numbers of a spreadsheet or of JavaScript.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

Value = str | int | bool | None
Row = Mapping[str, Value]

# A cell that begins with one of these, or its full-width form, is a formula to a spreadsheet. One
# that parts its columns by semicolons begins cells, and rows, in the middle of ours.
_SIGNS = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
_FORMULA = re.compile(
    rf"""(?:^|;)(?=["\uff02]*[\t\r\n]) | [\r\n](?=["\uff02]*\t) | \t(?=["\uff02]+[\r\n])
        | (?:^|[;\t\r\n])(?=(?:[^\S\t\r\n]|["\uff02])*{_SIGNS})""",
    re.VERBOSE,
)


class TableFormat(StrEnum):
    CSV = "csv"
    JSON = "json"


def csv_line(values: Iterable[Value]) -> str:
    """Return a line of CSV in which no text is a formula."""
    line = io.StringIO()
    # Only the characters of its line ending are quoted, and either of them ends a line somewhere.
    csv.writer(line, lineterminator="\r\n").writerow([_cell(value) for value in values])
    return line.getvalue().removesuffix("\r\n") + "\n"


def json_object(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False)


def _cell(value: Value) -> Value:
    match value:
        case str():
            return _FORMULA.sub(_as_text, value)
        case bool():
            return json.dumps(value)
        case _:
            return value


def _as_text(begins: re.Match[str]) -> str:
    return f"{begins[0]}'"


class Table:
    """Rows in one file that stays within a number of bytes: CSV with a header, or a JSON array."""

    def __init__(self, table_format: TableFormat, columns: Sequence[str], max_bytes: int) -> None:
        self._is_csv = table_format is TableFormat.CSV
        self._columns = columns
        self._file = bytearray((csv_line(columns) if self._is_csv else "[").encode())
        self._max_bytes = max_bytes - len(self._end())
        self.rows = 0

    def add(self, row: Row) -> bool:
        """Write a row; return False, and write nothing, when there is no room left for it."""
        written = self._written(row).encode()
        if len(self._file) + len(written) > self._max_bytes:
            return False
        self._file += written
        self.rows += 1
        return True

    def contents(self) -> bytes:
        return bytes(self._file) + self._end()

    def _written(self, row: Row) -> str:
        if self._is_csv:
            return csv_line(row[column] for column in self._columns)
        return f"{',' if self.rows else ''}\n{json_object(row)}"

    def _end(self) -> bytes:
        return b"" if self._is_csv else b"\n]\n"
