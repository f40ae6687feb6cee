"""Which posts' likers are read whole, to see who took a like back."""

from datetime import datetime

import pytest

from storage.database import Database
from storage.models import PostKind, PostState
from storage.posts import Posts
from tests.storage.rows import MINUTE, NOW, POST, a_watch, store_post, store_watch

LONG_AGO = NOW - 60 * MINUTE


async def _to_read_whole(database: Database) -> list[int]:
    async with database.reading() as session:
        found, _ = await Posts(session).to_read_whole(NOW, NOW - 30 * MINUTE)
        return [each.post.id for each in found]


async def _store(
    database: Database,
    *,
    state: PostState = PostState.LIVE,
    kind: PostKind = PostKind.NAMES,
    collected_at: datetime | None = NOW,
    whole_at: datetime | None = None,
) -> None:
    await store_post(database, state=state, kind=kind, collected_at=collected_at, whole_at=whole_at)


@pytest.mark.parametrize(
    ("whole_at", "due"), [(None, True), (LONG_AGO, True), (NOW - MINUTE, False)]
)
async def test_those_that_fell_or_were_not_read_whole_for_long(
    database: Database, whole_at: datetime | None, *, due: bool
) -> None:
    await _store(database, whole_at=whole_at)
    await store_watch(database, a_watch(unlikes=True))

    assert await _to_read_whole(database) == ([POST] if due else [])


async def test_only_where_a_watch_that_is_on_asks_for_it(database: Database) -> None:
    await _store(database)
    await store_watch(database, a_watch(channel_id=1))
    await store_watch(database, a_watch(channel_id=2, unlikes=True, paused_at=NOW))
    await store_watch(database, a_watch(channel_id=3, unlikes=True, expires_at=NOW))
    assert await _to_read_whole(database) == []

    await store_watch(database, a_watch(channel_id=4, unlikes=True))
    assert await _to_read_whole(database) == [POST]


@pytest.mark.parametrize(
    ("state", "kind", "collected_at"),
    [
        (PostState.DELETED, PostKind.NAMES, NOW),
        (PostState.PROTECTED, PostKind.NAMES, NOW),
        (PostState.LIVE, PostKind.COUNTS, NOW),
        (PostState.LIVE, PostKind.STALLED, NOW),
        (PostState.LIVE, PostKind.PENDING, NOW),
        (PostState.LIVE, PostKind.NAMES, None),
    ],
)
async def test_only_where_x_shows_names_and_they_are_known(
    database: Database, state: PostState, kind: PostKind, collected_at: datetime | None
) -> None:
    await _store(database, state=state, kind=kind, collected_at=collected_at)
    await store_watch(database, a_watch(unlikes=True))

    assert await _to_read_whole(database) == []
