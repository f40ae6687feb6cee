"""Who likes which post, in which order, and who is new to us."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlmodel import col, select

from storage.database import Database
from storage.likes import AbsentLike, KnownLike, Likes, NewLike
from storage.models import PostLike
from tests.storage.rows import MINUTE, NOW, POST, SECOND, store_post, store_users

OTHER_POST = 1228393702244134912


@pytest.fixture(autouse=True)
async def _world(database: Database) -> None:
    await store_users(database, *range(1, 151))
    await store_post(database)
    await store_post(database, OTHER_POST)


async def _add(
    database: Database,
    *users: int,
    post_id: int = POST,
    minutes: int = 0,
    doubtful: Sequence[int] = (),
    above: int = 0,
) -> list[int]:
    """Store likes, the oldest first, at the places above the given one."""
    rows = [NewLike(user, above + n, user in doubtful) for n, user in enumerate(users, start=1)]
    async with database.transaction() as session:
        return await Likes(session).add(post_id, rows, NOW + minutes * MINUTE)


async def _known(database: Database, *users: int) -> dict[int, KnownLike]:
    async with database.reading() as session:
        return await Likes(session).known(POST, users)


async def _row(database: Database, user: int, post_id: int = POST) -> PostLike:
    async with database.reading() as session:
        row = await session.get(PostLike, (post_id, user))
    assert row is not None
    return row


async def _gone(database: Database) -> set[int]:
    async with database.reading() as session:
        query = select(PostLike.user_id).where(col(PostLike.gone_at).is_not(None))
        return set(await session.exec(query))


async def _mark_gone(database: Database, *users: int) -> None:
    async with database.transaction() as session:
        await Likes(session).mark_gone(POST, users, NOW + MINUTE)


async def _absent(
    database: Database, present: Sequence[int], between: tuple[int, int] = (0, 2**31 - 1)
) -> list[AbsentLike]:
    async with database.reading() as session:
        return await Likes(session).absent(POST, present, between)


async def test_only_new_likers_are_returned_in_the_order_given(database: Database) -> None:
    assert await _add(database, 3, 1) == [3, 1]
    assert await _add(database, 5, 3, 2, 1) == [5, 2]


async def test_the_same_person_is_new_on_another_post(database: Database) -> None:
    await _add(database, 1)

    assert await _add(database, 1, post_id=OTHER_POST) == [1]


async def test_nobody_is_nobody(database: Database) -> None:
    assert await _add(database) == []
    assert await _known(database) == {}
    async with database.reading() as session:
        assert not await Likes(session).any_of(POST)
        assert await Likes(session).present(POST) == 0


async def test_two_readings_at_once_share_the_new_likers(database: Database) -> None:
    people = list(range(1, 21))

    first, second = await asyncio.gather(_add(database, *people), _add(database, *reversed(people)))

    assert sorted([*first, *second]) == people


async def test_known_says_since_when_and_where_and_asks_for_these_alone(
    database: Database,
) -> None:
    await _add(database, 1, 2)
    await _add(database, 3, 2, minutes=5, above=2)

    assert await _known(database, 2, 3, 4) == {
        2: KnownLike(NOW, None, place=2, newer=1),
        3: KnownLike(NOW + 5 * MINUTE, None, place=3, newer=0),
    }


async def test_newer_counts_those_who_like_this_post_now(database: Database) -> None:
    await _add(database, 1, 2, 3, 4)
    await _add(database, 5, post_id=OTHER_POST, above=9)
    await _mark_gone(database, 3)

    known = await _known(database, 1, 2, 3, 4)

    assert {user: like.newer for user, like in known.items()} == {1: 2, 2: 1, 3: 1, 4: 0}
    assert known[3].gone_at == NOW + MINUTE


async def test_newer_counts_as_far_as_a_page_can_show(database: Database) -> None:
    await _add(database, *range(1, 151))

    known = await _known(database, 1, 50, 51)

    assert [known[user].newer for user in (1, 50, 51)] == [101, 100, 99]


async def test_the_newest_are_told_by_when_they_were_first_seen(database: Database) -> None:
    await _add(database, 1, 2, 3)
    await _add(database, 4, 5, minutes=2, above=3)
    await _mark_gone(database, 5)
    async with database.reading() as session:
        likes = Likes(session)
        since = NOW + MINUTE
        assert await likes.found_since(POST, since, most=100) == 1
        assert await likes.found_since(POST, NOW - MINUTE, most=3) == 3
        assert await likes.found_since(POST, NOW + 2 * MINUTE, most=100) == 0
        assert await likes.found_since(OTHER_POST, since, most=100) == 0


async def test_a_like_taken_back_is_not_present(database: Database) -> None:
    await _add(database, 1, 2, 3)
    await _add(database, 1, post_id=OTHER_POST)
    await _mark_gone(database, 1, 3)

    assert await _gone(database) == {1, 3}
    assert (await _row(database, 1, OTHER_POST)).gone_at is None
    async with database.reading() as session:
        assert await Likes(session).present(POST) == 1
        assert await Likes(session).any_of(POST)
    await _mark_gone(database, 2)
    async with database.reading() as session:
        assert await Likes(session).any_of(POST), "they were seen once"


async def test_who_likes_again_is_not_new_and_not_gone_and_at_the_top(database: Database) -> None:
    await _add(database, 1, 2)
    await _mark_gone(database, 1, 2)
    assert await _add(database, 1, minutes=9) == []

    async with database.transaction() as session:
        await Likes(session).given_again(POST, {1: 3})

    assert await _gone(database) == {2}
    assert await _known(database, 1) == {1: KnownLike(NOW, None, place=3, newer=0)}


async def test_who_is_missing_is_sought_between_the_places_that_were_seen(
    database: Database,
) -> None:
    await _add(database, 1, 2, 3, 4, 5)
    await _add(database, 6, post_id=OTHER_POST)
    await _mark_gone(database, 4)

    assert await _absent(database, [3]) == [AbsentLike(user, None, NOW) for user in (1, 2, 5)]
    assert await _absent(database, [3], (2, 4)) == [AbsentLike(2, None, NOW)]
    assert await _absent(database, [1, 2, 3, 5]) == []


async def test_who_is_missing_again_is_missing_since_the_first_time(database: Database) -> None:
    await _add(database, 1, 2, 3)
    await _add(database, 1, post_id=OTHER_POST)
    async with database.transaction() as session:
        await Likes(session).mark_absent(POST, [1, 2], NOW)
    async with database.transaction() as session:
        await Likes(session).mark_absent(POST, [2, 3], NOW + MINUTE)

    since = {absent.user_id: absent.absent_at for absent in await _absent(database, [])}
    assert since == {1: None, 2: NOW, 3: NOW + MINUTE}
    assert (await _row(database, 1, OTHER_POST)).absent_at is None

    async with database.transaction() as session:
        await Likes(session).mark_absent(POST, [], NOW + 2 * MINUTE)
    assert {absent.absent_at for absent in await _absent(database, [])} == {None}


def test_a_second_look_is_at_another_time() -> None:
    absent = AbsentLike(1, NOW, NOW)

    assert not absent.is_before(NOW - SECOND)
    assert absent.is_before(NOW)
    assert not AbsentLike(1, None, NOW).is_before(NOW)


async def test_the_newest_of_the_doubtful_come_oldest_first_until_they_are_settled(
    database: Database,
) -> None:
    await _add(database, 4, 1, 3, 2, doubtful=[1, 2, 4])
    await _add(database, 5, post_id=OTHER_POST, doubtful=[5])

    async with database.transaction() as session:
        likes = Likes(session)
        assert await likes.newest_doubtful(POST, 2) == [1, 2]
        assert await likes.newest_doubtful(POST, 9) == [4, 1, 2]
        await likes.settle(POST)
    async with database.reading() as session:
        assert await Likes(session).newest_doubtful(POST, 9) == []
        assert await Likes(session).newest_doubtful(OTHER_POST, 9) == [5]


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
