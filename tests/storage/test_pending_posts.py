"""Which posts' likers are read now."""

from datetime import datetime

import pytest

from storage.database import Database
from storage.models import PostKind
from storage.posts import Posts
from tests.counted import counted
from tests.storage.rows import MINUTE, NOW, POST, SECOND, store_post, store_watch


async def _pending(database: Database) -> list[int]:
    async with database.reading() as session:
        found, _ = await Posts(session).pending(NOW)
        return [each.post.id for each in found]


@pytest.mark.parametrize(
    ("kind", "like_count", "collected_count", "read", "pending"),
    [
        (PostKind.PENDING, 0, 0, False, True),
        (PostKind.NAMES, 7, 5, True, True),
        (PostKind.NAMES, 5, 5, True, False),
        (PostKind.NAMES, 4, 5, True, False),
        (PostKind.COUNTS, 7, 5, True, False),
        (PostKind.STALLED, 700, 100, True, False),
    ],
)
async def test_likers_are_read_where_the_count_moved(
    database: Database,
    kind: PostKind,
    like_count: int,
    collected_count: int,
    *,
    read: bool,
    pending: bool,
) -> None:
    await store_post(
        database,
        kind=kind,
        like_count=like_count,
        collected_count=collected_count,
        collected_at=NOW if read else None,
    )
    await store_watch(database)

    assert await _pending(database) == ([POST] if pending else [])


@pytest.mark.parametrize(
    ("like_count", "held_back", "look_at", "pending"),
    [
        (7, 0, None, True),
        (7, 0, NOW, True),
        (7, 0, NOW + SECOND, False),
        (5, 2, None, True),
        (5, 2, NOW + SECOND, False),
        (5, 0, NOW, False),
    ],
)
async def test_who_is_counted_and_not_listed_is_looked_for_at_the_time_for_it(
    database: Database, like_count: int, held_back: int, look_at: datetime | None, *, pending: bool
) -> None:
    await store_post(
        database,
        kind=PostKind.NAMES,
        like_count=like_count,
        collected_count=5,
        collected_at=NOW - MINUTE,
        held_back_count=held_back,
        look_at=look_at,
    )
    await store_watch(database)

    assert await _pending(database) == ([POST] if pending else [])


async def test_they_are_found_in_their_index_whatever_is_compared(sqlite: Database) -> None:
    """A parameter in the place of what the index is of has SQLite plan the statement each time."""
    with counted(sqlite) as found:
        await _pending(sqlite)
    ((asked,),) = found.sessions

    async with sqlite.reading() as session:
        connection = await session.connection()
        unknown = (None,) * asked.count("?")
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", unknown)

        assert any("ix_post_pending" in row.detail for row in plan)
