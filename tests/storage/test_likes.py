"""Who likes which post, who is new to us, and who is no longer listed."""

import asyncio

import pytest
from sqlmodel import col, select

from storage.database import Database
from storage.likes import AbsentLike, KnownLike, Likes, NewLike
from storage.models import PostLike
from tests.storage.rows import MINUTE, NOW, POST, store_post, store_users

OTHER_POST = 1228393702244134912


@pytest.fixture(autouse=True)
async def _world(database: Database) -> None:
    await store_users(database, *range(1, 21))
    await store_post(database)
    await store_post(database, OTHER_POST)


async def _add(database: Database, *users: int, post_id: int = POST, minutes: int = 0) -> list[int]:
    """Store likes, the oldest first, each at its number in the row."""
    async with database.transaction() as session:
        likes = [NewLike(user_id, place) for place, user_id in enumerate(users, 1)]
        return await Likes(session).add(post_id, likes, NOW + minutes * MINUTE)


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


async def test_known_says_since_when_and_how_many_are_newer(database: Database) -> None:
    await _add(database, 1, 2, 3)
    async with database.transaction() as session:
        await Likes(session).mark_gone(POST, [3], NOW + MINUTE)
        known = await Likes(session).known(POST, [1, 3, 4])

    assert known == {1: KnownLike(NOW, None, 1, 1), 3: KnownLike(NOW, NOW + MINUTE, 3, 0)}


async def test_only_those_who_took_it_back_are_marked(database: Database) -> None:
    await _add(database, 1, 2, 3)
    await _add(database, 1, post_id=OTHER_POST)

    async with database.transaction() as session:
        likes = Likes(session)
        await likes.mark_gone(POST, [1, 3], NOW + MINUTE)
        assert (await likes.present(POST), await likes.present(OTHER_POST)) == (1, 1)

    assert await _gone(database) == {1, 3}


async def test_who_likes_again_is_not_new_not_gone_and_at_the_top(database: Database) -> None:
    await _add(database, 1, 2)
    async with database.transaction() as session:
        await Likes(session).mark_gone(POST, [1, 2], NOW)

    assert await _add(database, 1, minutes=9) == []
    async with database.transaction() as session:
        await Likes(session).given_again(POST, {1: 3})

    assert await _gone(database) == {2}
    async with database.reading() as session:
        assert (await Likes(session).known(POST, [1]))[1] == KnownLike(NOW, None, 3, 0)


async def test_who_is_absent_between_two_places(database: Database) -> None:
    await _add(database, 1, 2, 3, 4, 5)
    async with database.transaction() as session:
        likes = Likes(session)
        await likes.mark_gone(POST, [4], NOW)

        assert await likes.absent(POST, [2], (2, 5)) == [AbsentLike(3, None), AbsentLike(5, None)]


async def test_since_when_somebody_is_absent_is_kept_until_they_are_back(
    database: Database,
) -> None:
    await _add(database, 1, 2, 3)
    async with database.transaction() as session:
        likes = Likes(session)
        await likes.mark_absent(POST, [1, 2], NOW)
        await likes.mark_absent(POST, [1, 3], NOW + MINUTE)

        assert await likes.absent(POST, [], (1, 3)) == [
            AbsentLike(1, NOW),
            AbsentLike(2, None),
            AbsentLike(3, NOW + MINUTE),
        ]


async def test_the_newest_who_are_doubtful_until_all_are_settled(database: Database) -> None:
    async with database.transaction() as session:
        likes = Likes(session)
        doubted = [NewLike(user_id, user_id, doubtful=user_id != 3) for user_id in (1, 2, 3, 4)]
        await likes.add(POST, doubted, NOW)
        await likes.add(OTHER_POST, [NewLike(5, 1, doubtful=True)], NOW)

        assert await likes.newest_doubtful(POST, 2) == [2, 4]
        await likes.settle(POST)
        assert await likes.newest_doubtful(POST, 2) == []
        assert await likes.newest_doubtful(OTHER_POST, 2) == [5]


async def test_whether_anybody_was_ever_seen(database: Database) -> None:
    await _add(database, 1)
    async with database.transaction() as session:
        await Likes(session).mark_gone(POST, [1], NOW)

        assert await Likes(session).any_of(POST)
        assert not await Likes(session).any_of(OTHER_POST)


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
