"""What X shows no more, and what nobody needs any more, is gone: from the database's files, too."""

import asyncio
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel, func, select

from bot.domain.retention import NOT_SHOWN_GONE_WITHIN, UNWATCHED_KEPT
from bot.run.housekeeping import Housekeeping
from bot.run.jobs import _HOUSEKEEPING_EVERY
from bot.watching.retention import Retention
from storage.database import Database
from storage.erasing import Erasing
from storage.likes import Likes, NewLike
from storage.models import Announcement, MessageEdit, Post, PostLike, XUser
from storage.users import Users
from tests.databases import on_sqlite
from tests.storage.rows import NOW, POST, store_post, user_row
from tests.watching.conftest import bot, http, world
from tests.watching.harness import (
    CHANNEL,
    DEV,
    GUILD,
    Bot,
    World,
    announced,
    announcements,
    stored_likers,
    stored_post,
)

__all__ = ["bot", "http", "world"]
ANY_TEXT = "a text that is to go"


async def _rows(database: Database, table: type[SQLModel]) -> int:
    async with database.reading() as session:
        return (await session.exec(select(func.count()).select_from(table))).one()


async def _send_all(bot: Bot) -> None:
    """Let Discord have what waits; the IDs of its messages are those of the deliveries' rows."""
    while claimed := await bot.outbox.claim():
        for delivery in claimed:
            await bot.outbox.sent(delivery, 5_000 + delivery.announcements[0].id)


async def _hours_pass(bot: Bot, time: timedelta) -> None:
    """Let the bot count and tidy up for so long, as its jobs do."""
    tidying = Housekeeping(bot.database, bot.now)
    end = bot.now() + time
    while bot.now() < end:
        bot.world.sandbox.clock.advance(_HOUSEKEEPING_EVERY.total_seconds())
        await bot.count()
        await tidying.tidy()


async def _liked(bot: Bot, world: World) -> tuple[int, int, list[int]]:
    """Return a watched post, its watch, and who liked it before and since; they were announced."""
    post = world.post(likes=3)
    world.sandbox.world.posts[post].text = ANY_TEXT
    watch = await bot.watch(post)
    new = world.likes(post, 2)
    await bot.round()
    assert await announced(bot.database) == new
    await _send_all(bot)
    return post, watch, new


class TestDeletedOnX:
    async def test_all_of_a_deleted_post_is_gone_within_a_day(self, bot: Bot, world: World) -> None:
        post, _, _ = await _liked(bot, world)
        world.delete(post)
        await bot.count_twice()
        assert (await stored_post(bot.database, post)).text == ANY_TEXT
        await _send_all(bot)
        await _hours_pass(bot, NOT_SHOWN_GONE_WITHIN - timedelta(hours=1))

        assert (await stored_post(bot.database, post)).text == ""
        assert await _rows(bot.database, PostLike) == 0
        assert await announced(bot.database) == []
        async with bot.database.reading() as session:
            assert set(await session.exec(select(XUser.id))) <= {DEV}
            edits = set(await session.exec(select(MessageEdit.message_id)))
        told = {row.message_id for row in await announcements(bot.database)}
        assert edits == told
        assert len(edits) == 2

    @on_sqlite
    async def test_nothing_of_it_is_quoted_before_that(self, bot: Bot, world: World) -> None:
        post, _, _ = await _liked(bot, world)
        world.delete(post)
        await bot.count_twice()
        (told,) = await bot.outbox.claim()
        assert ANY_TEXT not in str(told)

    @on_sqlite
    async def test_a_post_that_comes_back_is_watched_on_and_nobody_is_told_twice(
        self, bot: Bot, world: World
    ) -> None:
        post, _, new = await _liked(bot, world)
        hidden = world.sandbox.world.posts.pop(post)
        await bot.count_twice()
        await _hours_pass(bot, timedelta(hours=14))
        world.sandbox.world.posts[post] = hidden
        world.likes(post, 1)  # while nobody could see it
        await bot.count_twice()
        await bot.collect()
        assert (await stored_post(bot.database, post)).text == ANY_TEXT
        assert await announced(bot.database) == []

        again = world.likes(post, 1)
        await bot.round()
        await bot.rest(600)
        assert await announced(bot.database) == again
        assert set(new) <= await stored_likers(bot.database, post)

    @on_sqlite
    async def test_what_flickers_loses_nothing(self, bot: Bot, world: World) -> None:
        post, _, new = await _liked(bot, world)
        hidden = world.sandbox.world.posts.pop(post)
        await bot.count_twice()
        await _hours_pass(bot, timedelta(hours=2))
        world.sandbox.world.posts[post] = hidden
        await bot.count_twice()
        await _hours_pass(bot, timedelta(hours=24))
        assert set(new) <= await stored_likers(bot.database, post)
        assert await _rows(bot.database, MessageEdit) == 0


class TestNobodyWatches:
    @on_sqlite
    async def test_who_liked_a_post_is_gone_thirty_days_after_its_last_watch(
        self, bot: Bot, world: World
    ) -> None:
        post, watch, new = await _liked(bot, world)
        other = await bot.watch(post, CHANNEL + 1)
        tidying, clock = Housekeeping(bot.database, bot.now), world.sandbox.clock
        await bot.watches.remove(GUILD, watch)
        await tidying.tidy()
        clock.advance(UNWATCHED_KEPT.total_seconds())
        await tidying.tidy()
        assert set(new) <= await stored_likers(bot.database, post)

        await bot.watches.remove(GUILD, other)
        await tidying.tidy()
        clock.advance(UNWATCHED_KEPT.total_seconds() - 60)
        await tidying.tidy()
        assert set(new) <= await stored_likers(bot.database, post)
        clock.advance(60)
        await tidying.tidy()
        left = [await _rows(bot.database, table) for table in (Post, PostLike, XUser, Announcement)]
        assert left == [0, 0, 0, 0]

    @on_sqlite
    async def test_who_is_gone_is_not_announced_when_the_post_is_watched_anew(
        self, bot: Bot, world: World
    ) -> None:
        post, watch, _ = await _liked(bot, world)
        tidying = Housekeeping(bot.database, bot.now)
        await bot.watches.remove(GUILD, watch)
        await tidying.tidy()
        world.sandbox.clock.advance(UNWATCHED_KEPT.total_seconds())
        await tidying.tidy()

        await bot.watch(post)
        await bot.rest(600)
        assert await announced(bot.database) == []
        new = world.likes(post, 2)
        await bot.round()
        assert await announced(bot.database) == new

    @on_sqlite
    async def test_what_a_watch_told_stays_known_until_then_so_that_it_can_be_taken_back(
        self, bot: Bot, world: World
    ) -> None:
        post, watch, new = await _liked(bot, world)
        world.likes(post, 1)
        await bot.round()
        await bot.watches.remove(GUILD, watch)
        (told,) = await announcements(bot.database)
        assert (told.watch_id, told.guild_id, told.liker_ids) == (None, GUILD, new)


async def test_no_byte_of_it_is_left(sqlite: Database, sqlite_url: str) -> None:
    """Thousands are stored and a part deleted, so that pages are split and put together.

    What is overwritten when it is deleted may have stood on another page before.
    """
    ids = [pow(7, n, 2**61 - 1) for n in range(1_000, 7_000)]
    gone, kept = set(ids[::2]), set(ids[1::2])
    for post in (POST, POST + 1):
        await store_post(sqlite, post)
    for start in range(0, len(ids), 100):
        some = ids[start : start + 100]
        async with sqlite.transaction() as session:
            await Users(session).save([user_row(n, f"MARK{n:019d}{'x' * (n % 61)}") for n in some])
            for post, users in ((POST, gone), (POST + 1, kept)):
                await Likes(session).add(post, [NewLike(n, 1) for n in some if n in users], NOW)
    deleted = 1
    while deleted:
        async with sqlite.transaction() as session:
            deleted = await Erasing(session).some_likers(POST, 500)
    await sqlite.scrub()

    file = Path(make_url(sqlite_url).database or "")
    files = [path for path in file.parent.glob(f"{file.name}*") if path.is_file()]
    contents = b"".join(path.read_bytes() for path in files)
    assert {path.name for path in files} >= {file.name, f"{file.name}-wal", f"{file.name}-shm"}
    found = {int(digits) for digits in re.findall(rb"MARK(\d{19})", contents)}
    assert found == kept
    eights = {contents[at : at + 8] for at in range(len(contents))}
    assert [n for n in gone if n.to_bytes(8, "big") in eights] == []


async def test_others_write_while_a_hundred_thousand_go(sqlite: Database, sqlite_url: str) -> None:
    """A part of them here: each five hundred go in a transaction of their own, by an index."""
    number = 5_000
    await store_post(sqlite)
    async with sqlite.transaction() as session:
        await Users(session).save([user_row(n) for n in range(1, number + 1)])
        likes = [NewLike(n, n) for n in range(1, number + 1)]
        await Likes(session).add(POST, likes, NOW)
    statements: list[tuple[str, Any]] = []
    engine = sqlite._engine.sync_engine
    event.listen(
        engine,
        "before_cursor_execute",
        lambda _c, _cursor, text, values, *_: statements.append((text, values)),
    )
    turns = 0

    async def write() -> None:
        nonlocal turns
        while True:
            async with sqlite.transaction() as session:
                await Users(session).save([user_row(number + 1, f"turn {turns}")])
            turns += 1

    other = asyncio.create_task(write())
    for moment in (NOW, NOW + UNWATCHED_KEPT):
        await Retention(sqlite, partial(datetime.fromtimestamp, moment.timestamp(), UTC)).run_once()
    other.cancel()
    await asyncio.gather(other, return_exceptions=True)
    assert await _rows(sqlite, PostLike) == 0
    assert turns >= number // 500

    with closing(sqlite3.connect(make_url(sqlite_url).database or "")) as connection:
        plans = [
            str(connection.execute(f"EXPLAIN QUERY PLAN {text}", values).fetchall())
            for text, values in statements
            if "count(" not in text and (text.startswith("DELETE") or "post_like" in text)
        ]
    assert len(plans) > number // 500
    whole = ("SCAN post_like", "SCAN x_user")
    assert [plan for plan in plans if any(scan in plan for scan in whole)] == []
