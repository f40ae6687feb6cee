"""Which posts are read deeper when there is room: to see who has gone, or is shown again."""

from datetime import datetime
from typing import Any

import pytest

from storage.database import Database
from storage.models import Post, PostKind, PostState
from storage.posts import Posts
from tests.storage.rows import MINUTE, NOW, POST, a_watch, store_watch

LONG_AGO = NOW - 60 * MINUTE
JUST_NOW = NOW - MINUTE


async def _to_look_deeper(database: Database) -> list[int]:
    async with database.reading() as session:
        found, _ = await Posts(session).to_look_deeper(
            NOW, before=NOW - 30 * MINUTE, soon=NOW - 5 * MINUTE
        )
        return [each.post.id for each in found]


async def _store(database: Database, *, unlikes: bool = True, **values: Any) -> None:
    named = {"kind": PostKind.NAMES, "collected_at": NOW, "whole_at": LONG_AGO}
    async with database.transaction() as session:
        session.add(Post(id=POST, **(named | values)))
    await store_watch(database, a_watch(unlikes=unlikes))


@pytest.mark.parametrize(
    ("whole_at", "tried_at", "due"),
    [
        (LONG_AGO, None, True),
        (JUST_NOW, None, False),
        (None, None, True),
        (None, JUST_NOW, False),
        (None, NOW - 10 * MINUTE, True),
    ],
)
async def test_where_unlikes_are_news_those_that_fell_or_were_not_looked_at_for_long(
    database: Database, whole_at: datetime | None, tried_at: datetime | None, *, due: bool
) -> None:
    await _store(database, whole_at=whole_at, deep_at=tried_at)

    assert await _to_look_deeper(database) == ([POST] if due else [])


@pytest.mark.parametrize(
    ("whole_at", "tried_at", "due"),
    [
        (LONG_AGO, None, False),
        (None, None, True),
        (None, NOW - 10 * MINUTE, False),
        (None, LONG_AGO, True),
    ],
)
async def test_where_they_are_none_those_whose_sum_does_not_add_up(
    database: Database, whole_at: datetime | None, tried_at: datetime | None, *, due: bool
) -> None:
    await _store(database, unlikes=False, whole_at=whole_at, deep_at=tried_at)

    assert await _to_look_deeper(database) == ([POST] if due else [])


async def test_only_where_a_watch_that_is_on_asks_for_it(database: Database) -> None:
    await _store(database, unlikes=False)
    await store_watch(database, a_watch(channel_id=2, unlikes=True, paused_at=NOW))
    await store_watch(database, a_watch(channel_id=3, unlikes=True, expires_at=NOW))
    assert await _to_look_deeper(database) == []

    await store_watch(database, a_watch(channel_id=4, unlikes=True))
    assert await _to_look_deeper(database) == [POST]


@pytest.mark.parametrize(
    ("state", "kind", "collected_at"),
    [
        (PostState.DELETED, PostKind.NAMES, NOW),
        (PostState.PROTECTED, PostKind.NAMES, NOW),
        (PostState.LIVE, PostKind.PENDING, NOW),
        (PostState.LIVE, PostKind.NAMES, None),
    ],
)
async def test_only_where_x_shows_names_and_they_are_known(
    database: Database, state: PostState, kind: PostKind, collected_at: datetime | None
) -> None:
    await _store(database, state=state, kind=kind, collected_at=collected_at)

    assert await _to_look_deeper(database) == []


@pytest.mark.parametrize("kind", [PostKind.COUNTS, PostKind.STALLED])
@pytest.mark.parametrize(
    ("look_at", "due"), [(None, True), (JUST_NOW, True), (NOW + MINUTE, False)]
)
async def test_where_no_names_are_shown_when_it_is_time_to_look_again(
    database: Database, kind: PostKind, look_at: datetime | None, *, due: bool
) -> None:
    await _store(database, kind=kind, look_at=look_at, like_count=100, looked_count=100)

    assert await _to_look_deeper(database) == ([POST] if due else [])


@pytest.mark.parametrize(
    ("kind", "likes", "due"),
    [
        (PostKind.STALLED, 109, False),
        (PostKind.STALLED, 110, True),
        (PostKind.COUNTS, 110, False),
    ],
)
async def test_a_stalled_list_is_looked_at_once_the_count_grew_by_a_tenth(
    database: Database, kind: PostKind, likes: int, *, due: bool
) -> None:
    await _store(database, kind=kind, look_at=NOW + MINUTE, like_count=likes, looked_count=100)

    assert await _to_look_deeper(database) == ([POST] if due else [])
