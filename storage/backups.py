"""Copies of an SQLite file, made while others use it, and putting one back."""

import contextlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

_PAGES_AT_ONCE = 1_000
_BUSY_S = 10.0
_OWNER_ALONE = 0o600


def make_private(file: Path) -> None:
    """Make a file that is not there yet for this user alone; SQLite makes those beside it alike."""
    # What keeps it from being made keeps SQLite from opening it, which says why.
    with contextlib.suppress(OSError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OWNER_ALONE))


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment; the target is there whole or not at all."""
    whole = target.with_name(f"{target.name}.part")
    whole.unlink(missing_ok=True)
    make_private(whole)
    try:
        with (
            closing(sqlite3.connect(source, timeout=_BUSY_S)) as reading,
            closing(sqlite3.connect(whole, timeout=_BUSY_S)) as writing,
        ):
            reading.backup(writing, pages=_PAGES_AT_ONCE, sleep=0.01)
            # In one file, which can be carried elsewhere.
            writing.execute("PRAGMA journal_mode=DELETE")
        whole.replace(target)
    finally:
        whole.unlink(missing_ok=True)


def version_of(file: Path) -> str | None:
    """Return which migration an SQLite file is at; None where there are no tables of ours."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=_BUSY_S)) as reading:
        try:
            row = reading.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return None
            raise
    return None if row is None else str(row[0])


def put_back(source: Path, target: Path) -> None:
    """Make a database what a copy of it was, in one step; who has it open sees the copy's rows."""
    make_private(target)
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as reading,
        closing(sqlite3.connect(target, timeout=_BUSY_S)) as writing,
    ):
        reading.backup(writing)
