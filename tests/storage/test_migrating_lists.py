"""Migration 0007: likes get their places in a list, and a list that was full is looked at again."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain import WatchKind
from bot.domain.notices import WatchEnded
from bot.domain.stored_notices import notice_value
from storage.database import Database
from storage.likes import Likes
from storage.models import PostKind
from storage.posts import Posts
from tests.storage.old_database import OldDatabase
from tests.storage.rows import CHANNEL, NOW, POST

LIKES = ("post_id", "user_id")
ENDED = {"days": 3, "named": 4, "likes": 106}


@pytest.fixture
def database(empty_database_url: str) -> Database:
    return Database(empty_database_url)


@pytest.fixture
async def old(database: Database) -> AsyncIterator[OldDatabase]:
    """A database of 0006."""
    rows = OldDatabase(database)
    await rows.upgrade("0006")
    yield rows
    await database.close()


async def _like(old: OldDatabase, post: int, user: int, minutes: int) -> None:
    seen_at = old.now + timedelta(minutes=minutes)
    await old.add("post_like", post_id=post, user_id=user, first_seen_at=seen_at)


async def _users(old: OldDatabase, *ids: int) -> None:
    for number in ids:
        await old.add("x_user", id=number, username=f"u{number}", name="Ada", protected=False)


async def _ended(old: OldDatabase, number: int, notice: str, facts: object) -> None:
    await old.add(
        "announcement",
        id=number,
        watch_id=1,
        channel_id=CHANNEL,
        post_id=POST,
        kind="summary",
        liker_ids=[],
        liker_count=0,
        from_count=0,
        to_count=7,
        state="waiting",
        attempts=0,
        created_at=old.now,
        not_before=old.now,
        notice=notice,
        facts=facts,
    )


async def test_likes_get_places_in_the_order_in_which_they_were_seen(
    old: OldDatabase, database: Database
) -> None:
    await _users(old, 1, 2, 3, 4)
    await old.post(collected_at=old.now)
    await old.post(POST + 1)
    await old.post(POST + 2, collected_at=old.now)
    for user, minutes in ((1, 5), (2, 0), (3, 5), (4, 1)):
        await _like(old, POST, user, minutes)
    await _like(old, POST + 2, 3, 9)

    await old.upgrade()

    likes = await old.rows("post_like", LIKES)
    assert [like["place"] for like in likes] == [3, 1, 4, 2, 1]
    assert {(bool(like["doubtful"]), like["absent_at"]) for like in likes} == {(False, None)}
    posts = await old.rows("post")
    assert [post["places"] for post in posts] == [4, 0, 1]
    assert [post["held_back_count"] + post["doubtful_count"] for post in posts] == [0, 0, 0]
    async with database.reading() as session:
        found = await Posts(session).some([POST, POST + 1])
        newest = (await Likes(session).known(POST, [3]))[3]
    assert (newest.place, newest.newer) == (4, 0)
    read = {key: (post.first_read_at, post.found_at) for key, post in found.items()}
    assert read == {POST: (NOW, NOW), POST + 1: (None, None)}


async def test_a_full_list_becomes_one_that_is_looked_at_again_and_the_way_back(
    old: OldDatabase, database: Database
) -> None:
    kinds = ("saturated", "names", "counts", "pending")
    for number, kind in enumerate(kinds):
        await old.post(POST + number, kind)

    await old.upgrade()
    async with database.reading() as session:
        posts = await Posts(session).some(range(POST, POST + 4))
    assert [posts[POST + number].kind for number in range(4)] == [
        PostKind.STALLED,
        PostKind.NAMES,
        PostKind.COUNTS,
        PostKind.PENDING,
    ]

    await old.downgrade("0006")
    assert [row["kind"] for row in await old.rows("post")] == list(kinds)
    await old.upgrade()


async def test_summaries_that_wait_say_the_new_word_and_the_old_one_again(
    old: OldDatabase,
) -> None:
    await old.post()
    await old.watch(1)
    told = [
        ("watch_ended", {**ENDED, "kind": "saturated"}),
        ("watch_ended", {**ENDED, "kind": "names"}),
        ("watch_ended", None),
        ("budget_warning", {"kind": "saturated"}),
    ]
    for number, (notice, facts) in enumerate(told, start=1):
        await _ended(old, number, notice, facts)

    await old.upgrade()

    after = [row["facts"] for row in await old.rows("announcement")]
    assert after == [{**ENDED, "kind": "stalled"}, *(facts for _, facts in told[1:])]
    ended = notice_value("watch_ended", after[0])
    assert isinstance(ended, WatchEnded)
    assert ended.kind is WatchKind.STALLED

    await old.downgrade("0006")
    assert [row["facts"] for row in await old.rows("announcement")] == [facts for _, facts in told]


async def test_likes_and_counts_outlive_the_way_back(old: OldDatabase) -> None:
    await _users(old, 1, 2)
    await old.post(like_count=7, collected_count=6, collected_at=old.now)
    for user in (1, 2):
        await _like(old, POST, user, user)
    before = await old.rows("post"), await old.rows("post_like", LIKES)

    await old.upgrade()
    await old.downgrade("0006")

    assert (await old.rows("post"), await old.rows("post_like", LIKES)) == before
