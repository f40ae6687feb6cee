"""Writing the stored likes out, for spreadsheets and scripts."""

import csv
import json
from collections.abc import AsyncIterator, Mapping
from enum import StrEnum
from typing import TextIO

from storage.database import Database
from storage.likes import Likes
from storage.models import PostLike, XUser

_AT_ONCE = 1_000
_COLUMNS = ("post_id", "user_id", "username", "name", "first_seen_at", "gone_at")
# A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class LineFormat(StrEnum):
    CSV = "csv"
    JSON = "json"


async def export(
    database: Database, file: TextIO, line_format: LineFormat, post_id: int | None
) -> None:
    """Write one line for each like: CSV with a header, or a JSON object a line.

    IDs are text in both: they do not fit the numbers of a spreadsheet or of JavaScript.
    """
    if line_format is LineFormat.JSON:
        async for row in _rows(database, post_id):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        return
    writer = csv.DictWriter(file, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    async for row in _rows(database, post_id):
        writer.writerow({name: _cell(value) for name, value in row.items()})


def _cell(value: str | None) -> str | None:
    return f"'{value}" if value is not None and value.startswith(_FORMULA) else value


async def _rows(database: Database, post_id: int | None) -> AsyncIterator[Mapping[str, str | None]]:
    after = (0, 0)
    while True:
        async with database.reading() as session:
            page = await Likes(session).listed(post_id, after, _AT_ONCE)
        for like, user in page:
            yield _row(like, user)
        if len(page) < _AT_ONCE:
            return
        after = (page[-1][0].post_id, page[-1][0].user_id)


def _row(like: PostLike, user: XUser) -> Mapping[str, str | None]:
    return {
        "post_id": str(like.post_id),
        "user_id": str(like.user_id),
        "username": user.username,
        "name": user.name,
        "first_seen_at": like.first_seen_at.isoformat(),
        "gone_at": like.gone_at.isoformat() if like.gone_at else None,
    }
