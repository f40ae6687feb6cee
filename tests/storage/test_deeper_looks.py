"""Which posts are looked into when there is room: who left, who was overlooked, who is shown."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from storage.database import Database
from storage.models import PostKind, PostState
from storage.posts import Posts
from tests.cases import in_turn
from tests.storage.rows import MINUTE, NOW, POST, SECOND, a_watch, store_post, store_watch

DAY = timedelta(days=1)
LONG_AGO = NOW - DAY - SECOND
LATELY = NOW - 2 * MINUTE
JUST_NOW = NOW - SECOND
_IDS = count(POST)


async def _to_look_deeper(database: Database) -> list[int]:
    async with database.reading() as session:
        found, _ = await Posts(session).to_look_deeper(NOW, before=NOW - DAY, soon=NOW - MINUTE)
        return [each.post.id for each in found]


async def _store(database: Database, post_id: int = POST, **post: Any) -> None:
    await store_post(database, post_id, **{"kind": PostKind.NAMES, "collected_at": NOW, **post})


async def _is_due(database: Database, *, unlikes: bool = False, **post: Any) -> bool:
    """Store one more post that somebody watches, and say whether it is to be looked into."""
    post_id = next(_IDS)
    await _store(database, post_id, **post)
    await store_watch(database, a_watch(post_id=post_id, unlikes=unlikes))
    return post_id in await _to_look_deeper(database)


@in_turn(
    "whole_at, deep_at, due",
    [
        (None, None, True),
        (LONG_AGO, None, True),
        (LATELY, None, False),
        (None, LATELY, True),
        (None, JUST_NOW, False),
        (LONG_AGO, LATELY, True),
        (LONG_AGO, JUST_NOW, False),
    ],
)
async def test_where_somebody_wants_to_know_soon_after_a_fall_and_once_a_day(
    database: Database, whole_at: datetime | None, deep_at: datetime | None, *, due: bool
) -> None:
    assert (await _is_due(database, whole_at=whole_at, deep_at=deep_at, unlikes=True)) is due


@in_turn(
    "whole_at, deep_at, due",
    [
        (None, None, True),
        (LONG_AGO, None, False),
        (None, LATELY, False),
        (None, LONG_AGO, True),
        (LONG_AGO, LONG_AGO, False),
    ],
)
async def test_where_nobody_asks_once_a_day_and_only_after_a_fall(
    database: Database, whole_at: datetime | None, deep_at: datetime | None, *, due: bool
) -> None:
    assert (await _is_due(database, whole_at=whole_at, deep_at=deep_at)) is due


async def test_only_a_watch_that_is_on_asks_for_it(database: Database) -> None:
    await _store(database, whole_at=LONG_AGO)
    await store_watch(database, a_watch(channel_id=1))
    await store_watch(database, a_watch(channel_id=2, unlikes=True, paused_at=NOW))
    await store_watch(database, a_watch(channel_id=5, unlikes=True, ended_at=NOW))
    assert await _to_look_deeper(database) == []

    await store_watch(database, a_watch(channel_id=4, unlikes=True))
    assert await _to_look_deeper(database) == [POST]


async def test_what_nobody_watches_is_not_looked_into(database: Database) -> None:
    await _store(database)
    await store_watch(database, a_watch(channel_id=2, unlikes=True, paused_at=NOW))

    assert await _to_look_deeper(database) == []


@in_turn("unlikes", [True, False])
@in_turn(
    "state, kind, collected_at",
    [
        (PostState.DELETED, PostKind.NAMES, NOW),
        (PostState.PROTECTED, PostKind.NAMES, NOW),
        (PostState.WITHHELD, PostKind.STALLED, NOW),
        (PostState.LIVE, PostKind.PENDING, NOW),
        (PostState.LIVE, PostKind.NAMES, None),
    ],
)
async def test_only_where_x_shows_the_post_and_its_likers_were_read(
    database: Database,
    state: PostState,
    kind: PostKind,
    collected_at: datetime | None,
    *,
    unlikes: bool,
) -> None:
    assert not await _is_due(
        database, state=state, kind=kind, collected_at=collected_at, unlikes=unlikes
    )


@in_turn("kind", [PostKind.COUNTS, PostKind.STALLED])
@in_turn("look_at, due", [(None, True), (NOW, True), (NOW + SECOND, False), (LONG_AGO, True)])
async def test_where_no_names_are_shown_they_are_looked_for_now_and_then(
    database: Database, kind: PostKind, look_at: datetime | None, *, due: bool
) -> None:
    assert (
        await _is_due(database, kind=kind, look_at=look_at, whole_at=LONG_AGO, unlikes=True)
    ) is due


@in_turn(
    "kind, like_count, due",
    [
        (PostKind.STALLED, 219, False),
        (PostKind.STALLED, 220, True),
        (PostKind.STALLED, 200, False),
        (PostKind.COUNTS, 900, False),
    ],
)
async def test_a_list_that_ended_is_looked_at_again_when_the_count_has_grown_by_a_tenth(
    database: Database, kind: PostKind, like_count: int, *, due: bool
) -> None:
    assert (
        await _is_due(
            database, kind=kind, like_count=like_count, looked_count=200, look_at=NOW + MINUTE
        )
    ) is due
