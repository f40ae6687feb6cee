"""Reading likers: from X's stand-in on a socket to rows in a database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from sqlalchemy import text

from bot.domain import UsersPage
from storage.database import Database
from storage.models import PostKind
from tests.databases import on_sqlite
from tests.watching.harness import (
    LIMIT,
    Bot,
    World,
    announced,
    announcements,
    growths,
    stored_likers,
    stored_post,
)


@asynccontextmanager
async def _table_away(database: Database, name: str) -> AsyncIterator[None]:
    async with database.transaction() as session:
        await session.exec(text(f"ALTER TABLE {name} RENAME TO {name}_away"))
    try:
        yield
    finally:
        async with database.transaction() as session:
            await session.exec(text(f"ALTER TABLE {name}_away RENAME TO {name}"))


@on_sqlite
async def test_first_sight_is_silent(world: World, bot: Bot) -> None:
    post = world.post()
    people = world.likes(post, 5)
    await bot.watch(post)
    await bot.round()

    assert await stored_likers(bot.database, post) == set(people)
    assert await announcements(bot.database) == []


@on_sqlite
async def test_new_likers_are_announced_oldest_first(world: World, bot: Bot, post: int) -> None:
    people = world.likes(post, 3)
    await bot.round()
    await bot.round()

    (announcement,) = await announcements(bot.database)
    assert announcement.liker_ids == people
    assert (announcement.liker_count, announcement.to_count) == (3, 33)


@on_sqlite
@pytest.mark.parametrize(("likes", "page"), [(1, 2), (4, 6), (16, 21)])
async def test_a_small_change_needs_a_small_page(
    world: World, bot: Bot, post: int, likes: int, page: int
) -> None:
    people = world.likes(post, likes)
    await bot.round()

    assert await bot.pages() == [page]
    assert await announced(bot.database) == people


@on_sqlite
async def test_a_change_that_the_small_page_does_not_explain_is_read_on(
    world: World, bot: Bot, post: int
) -> None:
    known = sorted(await stored_likers(bot.database, post))[:2]
    world.unlike(post, *known)
    new = world.likes(post)
    world.like(post, *known)
    await bot.round()

    assert await bot.pages() == [2, 20]
    assert await announced(bot.database) == new


@on_sqlite
async def test_the_pages_grow_and_end_where_the_list_does(world: World, bot: Bot) -> None:
    post = world.post(likes=98)
    await bot.watch(post)
    await bot.requests()
    world.likes(post, protected=True)
    await bot.round()

    assert await bot.pages() == [2, 20, 40, 80]


@on_sqlite
async def test_hidden_likers_are_looked_for_four_times_and_not_asked_for_again(
    world: World, bot: Bot, post: int
) -> None:
    world.likes(post, 2, protected=True)
    earliest = bot.now()
    await bot.round()
    assert await bot.pages() == [3, 20, 40]
    latest, before, looks = bot.now(), bot.now(), []
    for _ in range(120):
        await bot.rest(5)
        if await bot.pages():
            looks.append((before, bot.now()))
        before = bot.now()

    # Each look came in the first round after it was due, however long the rounds themselves take.
    assert len(looks) == 4
    for due, (round_before, look) in zip((5, 15, 60, 300), looks, strict=True):
        assert (look - earliest).total_seconds() >= due
        assert (round_before - latest).total_seconds() < due + 1
    assert (await stored_post(bot.database, post)).hidden_count == 2
    await bot.requests()
    for _ in range(3):
        await bot.round()
    assert await bot.pages() == []
    assert await announcements(bot.database) == []


@on_sqlite
async def test_counting_makes_no_more_looks_than_are_planned(
    world: World, bot: Bot, post: int
) -> None:
    """A post that is lively is counted again and again, also where its count has not moved."""
    people = world.likes(post)
    await bot.round()
    world.likes(post, 2, protected=True)
    await bot.round()
    await bot.requests()
    pages = []
    for _ in range(4):
        await bot.round()
        pages.append(await bot.pages())

    # Down past the one who was told of just now.
    assert pages == [[4], [], [], [4]], "at 5 and 15 s in one, and at 60 s"
    assert await announced(bot.database) == people


@on_sqlite
async def test_a_like_taken_back_and_given_again_is_announced_once(
    world: World, bot: Bot, post: int
) -> None:
    (person,) = world.likes(post)
    await bot.round()
    await bot.rest(300)
    world.unlike(post, person)
    await bot.round()
    await bot.rest(5)  # who has gone is looked for where the count fell
    assert person not in await stored_likers(bot.database, post)
    world.like(post, person)
    await bot.round()

    assert person in await stored_likers(bot.database, post)
    assert await announced(bot.database) == [person]


async def test_likes_that_come_during_a_reading_are_announced_once(
    world: World, bot: Bot, post: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The count read meanwhile is not overwritten by the one that the reading began with."""
    read, later = bot.x.likes.liking_users, []

    async def others_like_meanwhile(*args: Any, **kwargs: Any) -> UsersPage:
        page = await read(*args, **kwargs)
        if not later:
            later.extend(world.likes(post, 2))
            await bot.count()
        return page

    first = world.likes(post)
    await bot.count()
    monkeypatch.setattr(bot.x.likes, "liking_users", others_like_meanwhile)
    await bot.read(post)

    row = await stored_post(bot.database, post)
    assert (row.like_count, row.collected_count) == (33, 31)
    assert await announced(bot.database) == first
    await bot.collect()
    assert await announced(bot.database) == first + later


@on_sqlite
async def test_an_unlike_hides_no_like_that_waits(world: World, bot: Bot, post: int) -> None:
    known = min(await stored_likers(bot.database, post))
    new = world.likes(post)
    await bot.count()
    world.unlike(post, known)
    await bot.round()

    assert await announced(bot.database) == new


@on_sqlite
async def test_every_watch_gets_its_announcement_as_one(world: World, bot: Bot, post: int) -> None:
    other = await bot.watch(post, channel_id=77, guild_id=88)
    people = world.likes(post, 60)
    await bot.round()

    assert await announced(bot.database, other) == people
    assert sorted(await announced(bot.database)) == sorted(people * 2)
    rows = await announcements(bot.database)
    assert [row.liker_count for row in rows] == [60, 60]
    assert {row.channel_id for row in rows} == {77, rows[0].channel_id}


# Where X shows no names


@on_sqlite
async def test_the_count_of_another_accounts_post_is_followed(world: World, bot: Bot) -> None:
    watch = await bot.watch(LIMIT)
    before = (await stored_post(bot.database, LIMIT)).like_count
    await bot.requests()
    world.likes(LIMIT, 3)
    await bot.round()
    world.likes(LIMIT, 2)
    await bot.round()

    row = await stored_post(bot.database, LIMIT)
    assert (row.kind, row.like_count) == (PostKind.COUNTS, before + 5)
    assert await bot.requests() == []
    (growth,) = await announcements(bot.database)
    assert (growth.watch_id, growth.from_count, growth.to_count) == (watch, before, before + 5)


@on_sqlite
async def test_a_full_list_is_followed_by_its_count_after_two_vain_rises(
    world: World, bot: Bot
) -> None:
    world.sandbox.world.settings.listing = "first_100"
    post = world.post(likes=97)
    world.likes(post, 2, protected=True)
    await bot.watch(post)
    last = world.likes(post, 1)
    await bot.round()
    assert await announced(bot.database) == last

    world.likes(post, 20)
    await bot.round()
    world.likes(post, 5)
    await bot.round()
    await bot.rest(240)
    row = await stored_post(bot.database, post)
    assert (row.kind, await growths(bot.database)) == (PostKind.NAMES, []), "one rise, as it were"
    world.likes(post, 3)
    await bot.round()
    await bot.rest(60)
    await bot.requests()
    world.likes(post, 2)
    await bot.round()

    assert (await stored_post(bot.database, post)).kind is PostKind.STALLED
    assert await growths(bot.database) == [(100, 130)]
    assert await bot.requests() == []


async def test_the_app_alone_follows_counts(
    world: World, sqlite: Database, http: aiohttp.ClientSession
) -> None:
    """X refuses the app's own token to list likers: the same as hiding them."""
    bot = Bot(world, sqlite, http, app_only=True)
    post = world.post(likes=4)
    await bot.watch(post)
    world.likes(post)
    await bot.round()

    assert (await stored_post(bot.database, post)).kind is PostKind.COUNTS
    assert await growths(bot.database) == [(4, 5)]


# Both or neither, once


async def test_without_the_announcements_the_likes_are_not_stored(
    world: World, bot: Bot, post: int
) -> None:
    before = await stored_likers(bot.database, post)
    people = world.likes(post, 2)
    async with _table_away(bot.database, "announcement"):
        await bot.round()
        assert await stored_likers(bot.database, post) == before
        assert (await stored_post(bot.database, post)).collected_count == 30
    await bot.round()

    assert await announced(bot.database) == people


async def test_two_collectors_on_one_database_announce_once(
    world: World, bot: Bot, post: int, http: aiohttp.ClientSession
) -> None:
    other = Bot(world, bot.database, http)
    people = world.likes(post, 3)
    await bot.count()
    both_have_read = asyncio.Barrier(2)
    for reader in (bot, other):
        _pause_after_reading(reader, both_have_read)

    made = await asyncio.gather(bot.read(post), other.read(post))

    assert sorted(made) == [0, 1]
    assert await announced(bot.database) == people


def _pause_after_reading(bot: Bot, barrier: asyncio.Barrier) -> None:
    read = bot.x.likes.liking_users

    async def paused(*args: Any, **kwargs: Any) -> UsersPage:
        page = await read(*args, **kwargs)
        await barrier.wait()
        return page

    bot.x.likes.liking_users = paused  # type: ignore[method-assign] -- where two processes would meet


@on_sqlite
async def test_of_two_readings_of_a_post_in_one_process_one_asks_x(
    world: World, bot: Bot, post: int
) -> None:
    people = world.likes(post)
    await bot.count()
    each = await bot.watched(post)  # both know of one like that is to be read
    await asyncio.gather(bot.collector.read(each), bot.collector.read(each))

    assert await bot.pages() == [2]
    assert await announced(bot.database) == people
