"""Migration 0007: likes get their places in a list, and a list that was full is looked at again."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.domain import WatchKind
from bot.domain.notices import WatchEnded
from bot.domain.stored_notices import notice_value
from storage.database import Database
from storage.likes import KnownLike, Likes
from storage.models import Post, PostKind
from storage.posts import Posts
from tests.databases import opened
from tests.storage.old_database import OldDatabase
from tests.storage.rows import CHANNEL, NOW, POST

LIKES = ("post_id", "user_id")
# What is in the tables of 0006: who likes these posts, and since which minute.
LIKED = {POST: {1: 5, 2: 0, 3: 5, 4: 1}, POST + 2: {3: 9}, POST + 3: {1: 1, 2: 2}}
READ = {POST, POST + 2, POST + 3}
KINDS = dict(enumerate(("saturated", "names", "counts", "pending"), start=POST + 10))
ENDED = {"days": 3, "named": 4, "likes": 106}
TOLD = [
    ("watch_ended", {**ENDED, "kind": "saturated"}),
    ("watch_ended", {**ENDED, "kind": "names"}),
    ("watch_ended", None),
    ("budget_warning", {"kind": "saturated"}),
]


@dataclass
class Rows:
    """What stood in the tables at one of the versions."""

    posts: dict[int, dict[str, Any]]
    likes: list[dict[str, Any]]
    facts: list[Any]


@dataclass
class Way:
    """From 0006 to the newest version, and back."""

    before: Rows
    newest: Rows
    posts: dict[int, Post]
    newest_like: KnownLike
    back: Rows


async def _look(old: OldDatabase) -> Rows:
    return Rows(
        {row["id"]: row for row in await old.rows("post")},
        await old.rows("post_like", LIKES),
        [row["facts"] for row in await old.rows("announcement")],
    )


async def _fill(old: OldDatabase) -> None:
    for number in range(1, 5):
        await old.add("x_user", id=number, username=f"u{number}", name="Ada", protected=False)
    for post in range(POST, POST + 4):
        counts = {"like_count": 7, "collected_count": 6} if post == POST + 3 else {}
        await old.post(post, **counts, collected_at=old.now if post in READ else None)
        for user, minutes in LIKED.get(post, {}).items():
            seen_at = old.now + timedelta(minutes=minutes)
            await old.add("post_like", post_id=post, user_id=user, first_seen_at=seen_at)
    for post, kind in KINDS.items():
        await old.post(post, kind)
    await old.watch(1)
    for number, (notice, facts) in enumerate(TOLD, start=1):
        await _ended(old, number, notice, facts)


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


async def _go(database: Database) -> Way:
    old = OldDatabase(database)
    await old.upgrade("0006")
    await _fill(old)
    before = await _look(old)
    await old.upgrade()
    newest = await _look(old)
    async with database.reading() as session:
        posts = await Posts(session).some(newest.posts)
        newest_like = (await Likes(session).known(POST, [3]))[3]
    await old.downgrade("0006")
    way = Way(before, newest, posts, newest_like, await _look(old))
    await old.upgrade()
    return way


@pytest.fixture(scope="module")
def way(old_database_url: str) -> Way:
    async def go() -> Way:
        async with opened(old_database_url) as database:
            return await _go(database)

    return asyncio.run(go())


def test_likes_get_places_in_the_order_in_which_they_were_seen(way: Way) -> None:
    likes, posts = way.newest.likes, way.newest.posts
    assert [like["place"] for like in likes] == [3, 1, 4, 2, 1, 1, 2]
    assert {(bool(like["doubtful"]), like["absent_at"]) for like in likes} == {(False, None)}
    assert [posts[post]["places"] for post in range(POST, POST + 4)] == [4, 0, 1, 2]
    held_back = {post["held_back_count"] + post["doubtful_count"] for post in posts.values()}
    assert held_back == {0}
    assert (way.newest_like.place, way.newest_like.newer) == (4, 0)
    read = {key: (post.first_read_at, post.found_at) for key, post in way.posts.items()}
    assert {key: read[key] for key in (POST, POST + 1)} == {
        POST: (NOW, NOW),
        POST + 1: (None, None),
    }


def test_a_full_list_becomes_one_that_is_looked_at_again_and_the_way_back(way: Way) -> None:
    assert [way.posts[post].kind for post in KINDS] == [
        PostKind.STALLED,
        PostKind.NAMES,
        PostKind.COUNTS,
        PostKind.PENDING,
    ]
    assert {post: way.back.posts[post]["kind"] for post in KINDS} == KINDS


def test_summaries_that_wait_say_the_new_word_and_the_old_one_again(way: Way) -> None:
    after = way.newest.facts
    assert after == [{**ENDED, "kind": "stalled"}, *(facts for _, facts in TOLD[1:])]
    ended = notice_value("watch_ended", after[0])
    assert isinstance(ended, WatchEnded)
    assert ended.kind is WatchKind.STALLED
    assert way.back.facts == [facts for _, facts in TOLD]


def test_likes_and_counts_outlive_the_way_back(way: Way) -> None:
    assert (way.back.posts, way.back.likes) == (way.before.posts, way.before.likes)
    assert way.before.posts[POST + 3]["collected_count"] == 6
