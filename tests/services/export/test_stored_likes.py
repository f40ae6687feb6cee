"""The likes that are stored, written out line by line."""

import csv
import io
import json

import pytest

from bot.services.export import stored_likes
from bot.services.export.table import TableFormat
from storage.database import Database
from storage.likes import Likes, NewLike
from storage.users import Users
from tests.storage.rows import NOW, POST, store_post, user_row


@pytest.fixture
async def filled(sqlite: Database) -> Database:
    await store_post(sqlite, POST)
    await store_post(sqlite, POST + 1)
    async with sqlite.transaction() as session:
        await Users(session).save([user_row(1, "=Ada"), user_row(2, "Bob"), user_row(3, "Cy")])
        await Likes(session).add(POST, [NewLike(user, user) for user in (1, 2, 3)], NOW)
        await Likes(session).add(POST + 1, [NewLike(2, 1)], NOW)
    return sqlite


async def _exported(
    database: Database, line_format: TableFormat, post_id: int | None = None
) -> str:
    file = io.StringIO()
    await stored_likes.export(database, file, line_format, post_id)
    return file.getvalue()


async def test_csv_over_many_pages(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_likes, "_AT_ONCE", 2)

    rows = list(csv.DictReader(io.StringIO(await _exported(filled, TableFormat.CSV))))

    likes = [(str(POST), "1"), (str(POST), "2"), (str(POST), "3"), (str(POST + 1), "2")]
    assert [(row["post_id"], row["user_id"]) for row in rows] == likes
    assert rows[0]["name"] == "'=Ada"
    assert rows[0]["first_seen_at"] == NOW.isoformat()
    assert rows[0]["gone_at"] == ""


async def test_a_json_object_a_line_of_one_post(filled: Database) -> None:
    lines = (await _exported(filled, TableFormat.JSON, POST + 1)).splitlines()

    (row,) = (json.loads(line) for line in lines)
    assert (row["post_id"], row["user_id"], row["gone_at"]) == (str(POST + 1), "2", None)
