"""The account's own posts are counted where they cost least: on its timeline, page by page."""

from typing import Any

import pytest

from bot.x.limits import Endpoint
from storage.models import AnnouncementKind, Post, PostKind, PostState, XUser
from tests.watching.harness import (
    DEV,
    LIMIT,
    Bot,
    World,
    announcements,
    growths,
    stored_post,
    watches_on,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TIMELINE = f"/2/users/{DEV}/tweets"


async def _watched(bot: Bot, *posts: int) -> None:
    """Watch posts of the account's own without asking X for them."""
    async with bot.database.transaction() as session:
        session.add(XUser(id=DEV, username="XDevelopers", name="Developers"))
        await session.flush()
        session.add_all(
            Post(id=post, author_id=DEV, kind=PostKind.NAMES, collected_at=bot.now())
            for post in posts
        )
        await session.flush()
        session.add_all(watches_on(bot, *posts))


async def _asked(bot: Bot) -> list[tuple[str, dict[str, Any]]]:
    """Return the requests for counts since the last call, and what they asked for."""
    return [(entry["path"], entry["query"]) for entry in await bot.requests(path="/tweets")]


async def _counts(bot: Bot, posts: list[int]) -> list[int]:
    return [(await stored_post(bot.database, post)).like_count for post in posts]


async def test_they_are_counted_through_the_timeline(world: World, bot: Bot) -> None:
    posts = [world.post() for _ in range(12)]
    await _watched(bot, *posts)
    world.likes(posts[3], 2)
    await bot.count()

    ((path, query),) = await _asked(bot)
    assert (path, query["max_results"], query["until_id"]) == (TIMELINE, "12", str(posts[-1] + 1))
    assert query["tweet.fields"] == "public_metrics"
    assert await _counts(bot, posts) == [0, 0, 0, 2] + [0] * 8


async def test_many_are_counted_page_by_page(world: World, bot: Bot) -> None:
    posts = [world.post(likes=number % 3) for number in range(150)]
    await _watched(bot, *posts)
    await bot.count()

    pages = [(path, query["max_results"], query["until_id"]) for path, query in await _asked(bot)]
    assert pages == [
        (TIMELINE, "100", str(posts[-1] + 1)),
        (TIMELINE, "50", str(posts[49] + 1)),
    ]
    assert await _counts(bot, posts) == [number % 3 for number in range(150)]


async def test_what_lies_beyond_a_page_is_reached_soon(world: World, bot: Bot) -> None:
    """Every fifth post is watched, which nobody knows before the first page."""
    posts = [world.post(likes=1) for _ in range(60)][::5]
    await _watched(bot, *posts)
    await bot.count()
    first = await _counts(bot, posts)
    for _ in range(2):
        await bot.count()

    assert 0 < sum(first) < len(posts)
    assert await _counts(bot, posts) == [1] * len(posts)


async def test_what_the_timeline_lacks_is_asked_for_by_its_id_in_the_same_tick(
    world: World, bot: Bot
) -> None:
    posts = [world.post() for _ in range(6)]
    await _watched(bot, *posts)
    world.likes(posts[0])
    world.delete(posts[3])
    await bot.count()
    assert (await stored_post(bot.database, posts[3])).state is PostState.LIVE

    (timeline, _), (by_id, query) = await _asked(bot)
    assert (timeline, by_id, query["ids"]) == (TIMELINE, "/2/tweets", str(posts[3]))
    assert await _counts(bot, posts) == [1, 0, 0, 0, 0, 0]
    await bot.count_twice()
    assert (await stored_post(bot.database, posts[3])).state is PostState.DELETED
    (notice,) = await announcements(bot.database)
    assert (notice.kind, notice.post_id) == (AnnouncementKind.NOTICE, posts[3])


async def test_what_is_deleted_is_looked_for_no_more_at_each_tick(world: World, bot: Bot) -> None:
    posts = [world.post() for _ in range(6)]
    await _watched(bot, *posts)
    world.delete(posts[0])
    await bot.count_twice()  # for the second look it is asked for by its ID
    await _asked(bot)
    for _ in range(3):
        await bot.count()

    assert [path for path, _ in await _asked(bot)] == [TIMELINE] * 3
    assert len(await announcements(bot.database)) == 1


async def test_posts_by_others_are_counted_by_their_id(world: World, bot: Bot) -> None:
    own = world.post()
    await bot.watch(own)
    await bot.watch(LIMIT)
    before = (await stored_post(bot.database, LIMIT)).like_count
    world.likes(LIMIT, 2)
    world.likes(own)
    await _asked(bot)
    for _ in range(4):
        await bot.count()

    asked = await _asked(bot)
    assert {path for path, _ in asked} == {TIMELINE, "/2/tweets"}
    assert {query["ids"] for path, query in asked if path == "/2/tweets"} == {str(LIMIT)}
    assert await growths(bot.database) == [(before, before + 2)]
    assert await _counts(bot, [own]) == [1]


async def test_the_timeline_leaves_requests_to_people(world: World, bot: Bot) -> None:
    await _watched(bot, world.post(likes=1))
    await bot.leave(100, Endpoint.USER_POSTS)
    await bot.count()

    assert await _asked(bot) == []
