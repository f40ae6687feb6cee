"""Writing the stored likes out, for spreadsheets and scripts."""

from collections.abc import AsyncIterator
from typing import TextIO

from bot.services.export.table import Row, TableFormat, csv_line, json_object
from storage.database import Database
from storage.likes import Likes
from storage.models import PostLike, XUser

_AT_ONCE = 1_000
_COLUMNS = ("post_id", "user_id", "username", "name", "first_seen_at", "gone_at")


async def export(
    database: Database, file: TextIO, line_format: TableFormat, post_id: int | None
) -> None:
    """Write one line for each like: CSV with a header, or a JSON object a line."""
    if line_format is TableFormat.JSON:
        async for row in _rows(database, post_id):
            file.write(f"{json_object(row)}\n")
        return
    file.write(csv_line(_COLUMNS))
    async for row in _rows(database, post_id):
        file.write(csv_line(row[column] for column in _COLUMNS))


async def _rows(database: Database, post_id: int | None) -> AsyncIterator[Row]:
    after = (0, 0)
    while True:
        async with database.reading() as session:
            page = await Likes(session).listed(post_id, after, _AT_ONCE)
        for like, user in page:
            yield _row(like, user)
        if len(page) < _AT_ONCE:
            return
        after = (page[-1][0].post_id, page[-1][0].user_id)


def _row(like: PostLike, user: XUser) -> Row:
    return {
        "post_id": str(like.post_id),
        "user_id": str(like.user_id) if like.user_id > 0 else "",
        "username": user.username,
        "name": user.name,
        "first_seen_at": like.first_seen_at.isoformat(),
        "gone_at": like.gone_at.isoformat() if like.gone_at else None,
    }
