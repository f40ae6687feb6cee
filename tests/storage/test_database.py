"""Transactions are whole or nothing, writers wait for each other, times are in UTC."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import select

from storage.database import Database, NestedSession
from storage.models import Post, PostLike
from storage.posts import Posts
from tests.databases import opened
from tests.storage.rows import NOW, POST, store_post


async def _posts(database: Database) -> list[int]:
    async with database.reading() as session:
        return list(await session.exec(select(Post.id)))


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as session:
            session.add(Post(id=1))
            await session.flush()
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        await fail()

    assert await _posts(database) == []


async def test_a_transaction_that_is_cancelled_leaves_nothing(database: Database) -> None:
    written = asyncio.Event()

    async def write() -> None:
        async with database.transaction() as session:
            session.add(Post(id=1))
            await session.flush()
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await _posts(database) == []


async def test_a_broken_rule_undoes_the_whole_transaction(database: Database) -> None:
    async def like_by_nobody() -> None:
        async with database.transaction() as session:
            session.add(Post(id=1))
            await session.flush()
            session.add(PostLike(post_id=1, user_id=404, first_seen_at=NOW))

    with pytest.raises(IntegrityError):
        await like_by_nobody()

    assert await _posts(database) == []


async def test_rows_can_be_read_after_their_transaction(database: Database) -> None:
    async with database.transaction() as session:
        post = Post(id=1, text="kept")
        session.add(post)

    assert post.text == "kept"


async def test_two_who_read_then_write_both_succeed(database: Database) -> None:
    """On SQLite a transaction that starts as a read and then writes fails when another came."""
    await store_post(database)
    begun = asyncio.Event()

    async def count_up(*, first: bool) -> None:
        async with database.transaction() as session:
            if first:
                begun.set()
            post = await Posts(session).get(POST, lock=True)
            assert post is not None
            seen = post.like_count
            await asyncio.sleep(0)
            post.like_count = seen + 1

    async with asyncio.TaskGroup() as group:
        group.create_task(count_up(first=True))
        await begun.wait()
        for _ in range(4):
            group.create_task(count_up(first=False))

    async with database.reading() as session:
        assert (await session.exec(select(Post.like_count))).one() == 5


async def test_a_reader_sees_one_state_while_another_writes(
    sqlite: Database, sqlite_url: str
) -> None:
    await store_post(sqlite)
    async with opened(sqlite_url) as another, sqlite.reading() as session:
        assert (await session.exec(select(Post.like_count))).one() == 0
        async with another.transaction() as writer:
            post = await Posts(writer).get(POST)
            assert post is not None
            post.like_count = 9
        assert (await session.exec(select(Post.like_count))).one() == 0


async def test_a_task_has_one_session_at_a_time(database: Database) -> None:
    """Else as many tasks as there are connections would wait for each other for good."""

    async def look() -> None:
        async with database.reading():
            pass

    for open_one in (database.reading, database.transaction):
        async with open_one():
            with pytest.raises(NestedSession):
                await look()
            # Another task may have one.
            await asyncio.create_task(look())
    await look()


async def test_two_programs_on_one_file_wait_for_each_other(sqlite_url: str) -> None:
    async with opened(sqlite_url) as first, opened(sqlite_url) as second:

        async def write(database: Database, ids: range) -> None:
            for post_id in ids:
                await store_post(database, post_id)

        await asyncio.gather(write(first, range(1, 20)), write(second, range(20, 40)))

        assert sorted(await _posts(first)) == list(range(1, 40))


@pytest.mark.parametrize("post_id", [1, 2**53 + 1, 2**63 - 1])
async def test_ids_of_64_bits_come_back_whole(database: Database, post_id: int) -> None:
    await store_post(database, post_id)

    assert await _posts(database) == [post_id]


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 8, 1, 12, 0)  # noqa: DTZ001 -- the mistake that is tested for

    with pytest.raises(StatementError, match="without a zone"):
        await store_post(database, probed_at=naive)

    assert await _posts(database) == []


@pytest.mark.parametrize(
    "moment",
    [
        NOW,
        datetime(2026, 8, 1, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 8, 2, 1, 0, tzinfo=timezone(timedelta(hours=9))),
    ],
)
async def test_times_come_back_in_utc(database: Database, moment: datetime) -> None:
    await store_post(database, probed_at=moment)

    async with database.reading() as session:
        stored = (await session.exec(select(Post.probed_at))).one()

    assert stored == moment
    assert stored is not None
    assert stored.utcoffset() == timedelta(0)


async def test_times_are_compared_across_zones(database: Database) -> None:
    await store_post(database, 1, probed_at=NOW)
    tokyo = (NOW - timedelta(seconds=1)).astimezone(timezone(timedelta(hours=9)))

    async with database.reading() as session:
        assert list(await session.exec(select(Post.id).where(Post.probed_at > tokyo))) == [1]  # type: ignore[operator]
