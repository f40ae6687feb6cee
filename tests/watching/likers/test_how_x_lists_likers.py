"""Whatever way X lists likers, everybody whom it shows is named, and nobody who liked before."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.x.api import likes
from sandbox.x.api.pages import Page
from storage.models import ListOrder, Post, PostKind
from tests.databases import on_sqlite
from tests.watching.harness import Bot, World, announced, growths, stored_post

MINUTE = 60.0


def _listing(world: World, **settings: object) -> None:
    for name, value in settings.items():
        setattr(world.sandbox.world.settings, name, value)


async def test_names_go_on_past_the_hundredth(world: World, bot: Bot) -> None:
    post = world.post(likes=150)
    await bot.watch(post)
    people = []
    for _ in range(6):
        people += world.likes(post, 10)
        await bot.round()

    assert await announced(bot.database) == people
    assert await growths(bot.database) == []


@on_sqlite
async def test_the_newest_hundred_are_enough(world: World, bot: Bot) -> None:
    _listing(world, listing="newest_100")
    post = world.post(likes=150)
    await bot.watch(post)
    people = []
    for _ in range(6):
        people += world.likes(post, 10)
        await bot.round()

    assert await announced(bot.database) == people


@on_sqlite
async def test_likes_that_are_hidden_stop_no_names(world: World, bot: Bot) -> None:
    _listing(world, hidden=3)
    post = world.post(likes=150)
    await bot.watch(post)
    people = world.likes(post, 60)
    await bot.round()

    assert await announced(bot.database) == people
    assert (await stored_post(bot.database, post)).kind is PostKind.NAMES


@on_sqlite
async def test_a_watch_begins_with_one_page(world: World, bot: Bot) -> None:
    post = world.post(likes=1_090)
    await bot.requests()
    await bot.watch(post)
    assert await bot.pages() == [100]

    people = world.likes(post, 2)
    await bot.round()

    assert await bot.pages() == [3]
    assert await announced(bot.database) == people


@on_sqlite
async def test_many_likes_at_once_are_read_page_by_page_and_no_farther(
    world: World, bot: Bot
) -> None:
    post = world.post(likes=1_090)
    await bot.watch(post)
    await bot.requests()
    people = world.likes(post, 230)
    await bot.round()

    assert await announced(bot.database) == people
    assert sum(await bot.pages()) <= 330


@on_sqlite
@pytest.mark.parametrize("likes", [3, 98, 150])
async def test_a_list_that_begins_with_the_oldest_is_read_from_its_end(
    world: World, bot: Bot, likes: int
) -> None:
    _listing(world, list_order="oldest_first")
    post = world.post(likes=likes)
    await bot.watch(post)
    people = []
    for _ in range(8):
        people += world.likes(post, 1)
        await bot.round()
        await bot.time_passes(6 * MINUTE, every_s=30)

    assert (await stored_post(bot.database, post)).list_order is ListOrder.OLDEST_FIRST
    assert await announced(bot.database) == people


@on_sqlite
async def test_a_list_that_is_late_loses_nobody(world: World, bot: Bot) -> None:
    _listing(world, list_lag_s=4)
    post = world.post(likes=20)
    world.sandbox.clock.advance(10)
    await bot.watch(post)
    people = []
    for _ in range(10):
        people += world.likes(post, 5)
        await bot.round()
    await bot.time_passes(MINUTE)

    assert sorted(await announced(bot.database)) == sorted(people)
    assert (await stored_post(bot.database, post)).kind is PostKind.NAMES


@on_sqlite
async def test_a_count_that_is_late_tells_nobody_twice(world: World, bot: Bot) -> None:
    _listing(world, count_lag_s=20)
    post = world.post(likes=20)
    world.sandbox.clock.advance(30)
    await bot.watch(post)
    people = []
    for _ in range(6):
        people += world.likes(post, 3)
        await bot.round()
    for _ in range(4):
        await bot.round()

    assert sorted(await announced(bot.database)) == sorted(people)


@on_sqlite
@pytest.mark.parametrize("lag_s", [4, 12, 40])
async def test_what_a_late_list_held_back_is_old(world: World, bot: Bot, lag_s: int) -> None:
    _listing(world, list_lag_s=lag_s)
    post = world.post(likes=33)
    world.sandbox.clock.advance(lag_s + 1)
    world.likes(post, 17)
    await bot.watch(post)
    await bot.time_passes(MINUTE)
    assert await announced(bot.database) == []

    people = world.likes(post, 2)
    await bot.round()
    await bot.time_passes(MINUTE)
    assert await announced(bot.database) == people


@on_sqlite
async def test_likes_right_after_the_beginning_are_told_from_those_held_back(
    world: World, bot: Bot
) -> None:
    _listing(world, list_lag_s=4)
    post = world.post(likes=33)
    world.sandbox.clock.advance(5)
    world.likes(post, 17)
    await bot.watch(post)
    world.sandbox.clock.advance(1)
    people = world.likes(post, 2)
    await bot.round()
    await bot.time_passes(MINUTE)

    assert await announced(bot.database) == people


@on_sqlite
async def test_where_somebody_is_hidden_likes_right_after_the_beginning_are_soon_told(
    world: World, bot: Bot
) -> None:
    post = world.post(likes=20)
    world.likes(post, 3, protected=True)
    await bot.watch(post)
    people = world.likes(post, 2)
    await bot.count()
    await bot.collect()
    await bot.time_passes(20)

    assert await announced(bot.database) == people


@on_sqlite
@pytest.mark.parametrize("likes", [5, 150])
async def test_likes_between_the_beginning_and_the_first_reading_are_news(
    world: World, bot: Bot, likes: int
) -> None:
    post = world.post(likes=likes)
    world.fault("GET /2/tweets/:id/liking_users", status=503, times=2)
    await bot.watch(post)
    people = world.likes(post, 6)
    await bot.round()
    await bot.time_passes(MINUTE)

    assert await announced(bot.database) == people


@on_sqlite
async def test_a_like_behind_somebody_who_liked_again_is_found(world: World, bot: Bot) -> None:
    post = world.post(likes=10)
    await bot.watch(post)
    known = sorted(world.sandbox.world.posts[post].likes)
    people = world.likes(post, 1)
    await bot.round()
    overlooked, newest = world.likes(post, 2)
    world.unlike(post, known[0], known[4])
    world.like(post, known[4])
    await bot.round()

    assert await announced(bot.database) == [*people, overlooked, newest]


@on_sqlite
@pytest.mark.parametrize("kind", [PostKind.NAMES, PostKind.STALLED])
async def test_an_order_that_was_taken_for_another_is_seen_anew(
    world: World, bot: Bot, kind: PostKind
) -> None:
    """Of a list that shows nobody new at its end, the top is looked at before it is given up."""
    post = world.post(likes=60)
    await bot.watch(post)
    async with bot.database.transaction() as session:
        row = await session.get_one(Post, post)
        row.list_order, row.kind = ListOrder.OLDEST_FIRST, kind
    for _ in range(4):
        people = world.likes(post, 12)
        await bot.round()
        await bot.time_passes(4 * MINUTE, every_s=30)
        if kind is PostKind.STALLED:
            await bot.time_passes(25 * 60 * MINUTE, every_s=60 * MINUTE)

    row = await stored_post(bot.database, post)
    assert (row.kind, row.list_order) == (PostKind.NAMES, ListOrder.NEWEST_FIRST)
    assert (await announced(bot.database))[-len(people) :] == people


@on_sqlite
async def test_a_list_that_ends_with_the_first_hundred_is_followed_by_its_count(
    world: World, bot: Bot
) -> None:
    _listing(world, listing="first_100")
    post = world.post(likes=98)
    await bot.watch(post)
    named = world.likes(post, 2)
    await bot.round()
    for _ in range(3):
        world.likes(post, 2)
        await bot.round()
        await bot.time_passes(4 * MINUTE, every_s=30)

    assert await announced(bot.database) == named
    assert (await stored_post(bot.database, post)).kind is PostKind.STALLED
    told = await growths(bot.database)
    assert (told[0][0], told[-1][1]) == (100, 106)

    _listing(world, listing="all")
    world.likes(post, 20)
    await bot.round()
    await bot.round()
    people = world.likes(post, 3)
    await bot.round()
    assert (await announced(bot.database))[-3:] == people


@on_sqlite
async def test_two_likes_by_people_whom_x_hides_change_nothing_at_once(
    world: World, bot: Bot
) -> None:
    post = world.post(likes=10)
    await bot.watch(post)
    for _ in range(2):
        world.likes(post, 1, protected=True)
        await bot.round()
    people = world.likes(post, 1)
    await bot.round()

    assert await announced(bot.database) == people
    assert await growths(bot.database) == []


@on_sqlite
@pytest.mark.parametrize(
    "answer",
    [
        {"status": 404, "body": {"type": "https://api.twitter.com/2/problems/resource-not-found"}},
        {"status": 403, "body": {"type": "about:blank", "title": "Forbidden", "status": 403}},
        {"status": 403, "body": "<html>No</html>", "headers": {"Content-Type": "text/html"}},
        {"body": {"meta": {"result_count": 0}}},
    ],
    ids=["not found", "forbidden", "html", "empty"],
)
async def test_one_odd_answer_changes_nothing(
    world: World, bot: Bot, answer: dict[str, object]
) -> None:
    post = world.post(likes=30)
    await bot.watch(post)
    world.fault("GET /2/tweets/:id/liking_users", times=1, **answer)
    people = world.likes(post, 2)
    await bot.round()
    await bot.time_passes(2 * MINUTE)

    assert await announced(bot.database) == people
    assert (await stored_post(bot.database, post)).kind is PostKind.NAMES
    assert await growths(bot.database) == []


@on_sqlite
async def test_a_list_that_begins_again_and_again_is_left(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page named another one, and one like that is never listed took the whole allowance."""
    post = world.post(likes=30)
    await bot.watch(post)
    world.likes(post, protected=True)
    whole = likes._page

    def first_page(found: list[Any], call: Any, name: str, *, is_rising: bool = False) -> Page[Any]:
        call.query.values["pagination_token"] = None
        return replace(whole(found, call, name, is_rising=is_rising), next_token="again")

    monkeypatch.setattr(likes, "_page", first_page)
    await bot.requests()
    await bot.round()

    assert len(await bot.pages()) <= 8
