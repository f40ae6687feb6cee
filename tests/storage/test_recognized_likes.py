"""The how manieth like of somebody's it is, as far as their server watches."""

from datetime import timedelta

import pytest

from storage.database import Database
from storage.models import PostLike
from storage.recognized_likes import RecognizedLikes, Standing
from tests.storage.rows import (
    GUILD,
    MINUTE,
    NOW,
    POST,
    a_watch,
    store_post,
    store_users,
    store_watch,
)

ADA, BOB = 1, 2
MONTH = NOW.replace(day=1, hour=0)
ELSEWHERE = GUILD + 1


@pytest.fixture
async def likes(database: Database) -> Database:
    """Ada likes five posts here, one of them before this month, one of them no more."""
    await store_users(database, ADA, BOB)
    for number in range(6):
        await store_post(database, POST + number)
        await store_watch(
            database,
            a_watch(post_id=POST + number, guild_id=ELSEWHERE if number == 5 else GUILD),
        )
    async with database.transaction() as session:
        session.add_all(
            PostLike(
                post_id=POST + number,
                user_id=ADA,
                first_seen_at=MONTH - MINUTE if number == 0 else NOW + number * MINUTE,
                gone_at=NOW if number == 1 else None,
                place=7,
            )
            for number in range(6)
        )
        session.add(PostLike(post_id=POST + 3, user_id=BOB, first_seen_at=NOW, place=6))
    return database


async def _of(database: Database, *likes: tuple[int, int]) -> dict[tuple[int, int], Standing]:
    async with database.reading() as session:
        return await RecognizedLikes(session).since(MONTH, GUILD, likes)


async def test_likes_of_this_month_are_counted_in_their_order(likes: Database) -> None:
    found = await _of(likes, (POST + 4, ADA), (POST + 2, ADA), (POST + 3, ADA), (POST + 3, BOB))

    assert found == {
        (POST + 2, ADA): Standing(1, is_earliest=True),
        (POST + 3, ADA): Standing(2, is_earliest=False),
        (POST + 4, ADA): Standing(3, is_earliest=True),
        (POST + 3, BOB): Standing(1, is_earliest=True),
    }


async def test_what_was_there_when_the_watch_began_came_at_no_known_moment(
    likes: Database,
) -> None:
    await store_post(likes, POST + 9, first_read_at=NOW + timedelta(hours=1))
    await store_watch(likes, a_watch(post_id=POST + 9))
    async with likes.transaction() as session:
        session.add(PostLike(post_id=POST + 9, user_id=ADA, first_seen_at=NOW, place=1))

    assert (await _of(likes, (POST + 4, ADA)))[(POST + 4, ADA)].nth == 3


async def test_nobody_is_asked_about_nobody(likes: Database) -> None:
    assert await _of(likes) == {}
