"""Who likes which post, and who is new to us."""

import asyncio

import pytest
from sqlmodel import col, select

from storage.database import Database
from storage.likes import Likes
from storage.models import PostLike
from tests.storage.rows import MINUTE, NOW, POST, store_post, store_users

OTHER_POST = 1228393702244134912


@pytest.fixture(autouse=True)
async def _world(database: Database) -> None:
    await store_users(database, *range(1, 21))
    await store_post(database)
    await store_post(database, OTHER_POST)


async def _add(database: Database, *users: int, post_id: int = POST, minutes: int = 0) -> list[int]:
    async with database.transaction() as session:
        likes = Likes(session)
        known = await likes.known(post_id, users)
        return await likes.add(post_id, users, NOW + minutes * MINUTE, known)


async def _gone(database: Database) -> set[int]:
    async with database.reading() as session:
        query = select(PostLike.user_id).where(col(PostLike.gone_at).is_not(None))
        return set(await session.exec(query))


async def test_only_new_likers_are_returned_in_the_order_given(database: Database) -> None:
    assert await _add(database, 3, 1) == [3, 1]
    assert await _add(database, 5, 3, 2, 1) == [5, 2]


async def test_the_same_person_is_new_on_another_post(database: Database) -> None:
    await _add(database, 1)

    assert await _add(database, 1, post_id=OTHER_POST) == [1]


async def test_nobody_is_nobody(database: Database) -> None:
    assert await _add(database) == []


async def test_two_readings_at_once_share_the_new_likers(database: Database) -> None:
    people = list(range(1, 21))

    first, second = await asyncio.gather(_add(database, *people), _add(database, *reversed(people)))

    assert sorted([*first, *second]) == people


async def test_known_says_since_when_and_asks_for_these_alone(database: Database) -> None:
    await _add(database, 1, 2)
    await _add(database, 2, 3, minutes=5)

    async with database.reading() as session:
        known = await Likes(session).known(POST, [2, 3, 4])

    assert known == {2: (NOW, None), 3: (NOW + 5 * MINUTE, None)}


async def test_a_like_taken_back_is_marked_and_told_once(database: Database) -> None:
    await _add(database, 1, 2, 3)
    await _add(database, 1, post_id=OTHER_POST)

    async with database.transaction() as session:
        assert await Likes(session).mark_gone(POST, [2], NOW + MINUTE) == [1, 3]
    async with database.transaction() as session:
        assert await Likes(session).mark_gone(POST, [2], NOW + 2 * MINUTE) == []

    assert await _gone(database) == {1, 3}


async def test_a_whole_reading_that_shows_nobody_marks_everybody(database: Database) -> None:
    await _add(database, 1, 2)

    async with database.transaction() as session:
        assert await Likes(session).mark_gone(POST, [], NOW) == [1, 2]


async def test_who_likes_again_is_not_new_and_not_gone(database: Database) -> None:
    await _add(database, 1, 2)
    async with database.transaction() as session:
        await Likes(session).mark_gone(POST, [], NOW)

    assert await _add(database, 1, minutes=9) == []

    assert await _gone(database) == {2}
    async with database.reading() as session:
        assert (await Likes(session).known(POST, [1]))[1].first_seen_at == NOW


async def test_stored_likes_are_listed_page_by_page(database: Database) -> None:
    await _add(database, 3, 1, 2)
    await _add(database, 1, post_id=OTHER_POST)
    pages = []
    after = (0, 0)

    async with database.reading() as session:
        while page := await Likes(session).listed(None, after, 2):
            pages.append([(like.post_id, user.id) for like, user in page])
            after = pages[-1][-1]
        of_one_post = await Likes(session).listed(POST, (0, 0), 100)

    assert pages == [
        [(OTHER_POST, 1), (POST, 1)],
        [(POST, 2), (POST, 3)],
    ]
    assert [user.username for _, user in of_one_post] == ["user1", "user2", "user3"]
