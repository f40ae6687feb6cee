"""When X, the money or a post stands in the way: nothing is lost, and no post holds up others."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain import Missing, UsersPage
from bot.domain.errors import RateLimited
from bot.domain.notices import PostShown
from bot.domain.troubles import PostMissing
from bot.watching.likers import schedule
from bot.x.limits import Endpoint
from storage.models import AnnouncementKind, PostKind, PostState
from tests.databases import on_sqlite
from tests.watching.harness import (
    LIKERS,
    TWITTER,
    Bot,
    World,
    announced,
    announcements,
    notices,
    stored_likers,
    stored_post,
)


@on_sqlite
async def test_a_post_that_x_cannot_read_now_does_not_stop_the_others(
    world: World, bot: Bot, post: int
) -> None:
    broken = world.post(likes=1)
    await bot.watch(broken)
    late, people = world.likes(broken, 9), world.likes(post)
    world.fault(f"GET /2/tweets/{broken}/liking_users", status=503, times=100)
    await bot.leave(45)  # so that the failing post would have every turn there is
    await bot.round()
    assert await announced(bot.database) == people
    assert bot.health.problem is not None
    world.sandbox.faults.clear()
    await bot.round()

    assert await announced(bot.database) == people + late


@on_sqlite
async def test_a_post_that_fails_in_an_unforeseen_way_does_not_stop_the_others(
    world: World, bot: Bot, post: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = world.post(likes=1)
    await bot.watch(odd)
    late, people = world.likes(odd, 9), world.likes(post)
    read = bot.x.likes.liking_users

    async def fails_at_one(post_id: int, **kwargs: Any) -> UsersPage:
        if post_id == odd:
            raise ZeroDivisionError
        return await read(post_id, **kwargs)

    await bot.leave(45)
    with monkeypatch.context() as patch:
        patch.setattr(bot.x.likes, "liking_users", fails_at_one)
        await bot.round()
    assert await announced(bot.database) == people
    await bot.round()

    assert await announced(bot.database) == people + late


async def test_a_post_deleted_between_count_and_reading_keeps_its_likes(
    world: World, bot: Bot, post: int
) -> None:
    """That X does not find the list says nothing: whether a post is there, the counts say."""
    before = await stored_likers(bot.database, post)
    world.likes(post)
    await bot.count()
    world.delete(post)
    await bot.collect()
    row = await stored_post(bot.database, post)
    assert (row.state, row.kind) == (PostState.LIVE, PostKind.NAMES)
    assert await announcements(bot.database) == []

    await bot.count_twice()
    assert (await stored_post(bot.database, post)).state is PostState.DELETED
    assert await stored_likers(bot.database, post) == before
    await bot.requests()
    await bot.round()
    assert await bot.requests() == [], "it is not read any more"
    told = [row.kind for row in await announcements(bot.database)]
    assert told == [AnnouncementKind.NOTICE], "once"


@on_sqlite
async def test_a_post_protected_between_count_and_reading_waits(world: World, bot: Bot) -> None:
    world.sandbox.world.settings.likers = "public"
    post = world.post(author_id=TWITTER, likes=3)
    await bot.watch(post)
    people = world.likes(post)
    await bot.count()
    world.sandbox.world.users[TWITTER].protected = True
    await bot.collect()
    await bot.count_twice()
    assert (await stored_post(bot.database, post)).state is PostState.PROTECTED
    assert [row.kind for row in await announcements(bot.database)] == [AnnouncementKind.NOTICE]

    world.sandbox.world.users[TWITTER].protected = False
    await bot.round()

    assert (await stored_post(bot.database, post)).state is PostState.LIVE
    assert await announced(bot.database) == people
    assert await notices(bot.database) == [PostMissing(Missing.PROTECTED)]
    await bot.count_twice()
    assert await notices(bot.database) == [PostMissing(Missing.PROTECTED), PostShown()]


@on_sqlite
async def test_a_429_ends_the_round_and_loses_nothing(world: World, bot: Bot, post: int) -> None:
    other = world.post(likes=1)
    await bot.watch(other)
    await bot.requests()
    people = world.likes(post, 5) + world.likes(other)
    await bot.count()
    reset = int(world.sandbox.clock.time()) + 300
    world.fault(LIKERS, status=429, headers={"x-rate-limit-reset": str(reset)})
    await bot.collect()
    await bot.round()
    assert len(await bot.requests()) == 1
    assert await announcements(bot.database) == []
    assert bot.health.problem is not None

    world.sandbox.clock.advance(301)
    await bot.round()

    assert sorted(await announced(bot.database)) == sorted(people)
    assert bot.health.problem is None


@on_sqlite
async def test_a_spent_budget_ends_the_round_and_loses_nothing(
    world: World, bot: Bot, post: int
) -> None:
    people = world.likes(post, 3)
    await bot.count()
    _, bot.ledger.budget_usd = await bot.ledger.spent()
    await bot.collect()
    assert await bot.requests() == []
    assert await announcements(bot.database) == []

    bot.ledger.budget_usd = None
    await bot.collect()

    assert await announced(bot.database) == people


@on_sqlite
async def test_the_reserve_stays_for_people(world: World, bot: Bot, post: int) -> None:
    people = world.likes(post)
    kept = schedule.likers_reserve(await bot.x.allowance(Endpoint.LIKING_USERS), bot.now())
    await bot.leave(kept)
    await bot.count()
    collected = await bot.collector.run_once()

    assert await announcements(bot.database) == []
    assert collected.again_in is not None
    assert timedelta(0) < collected.again_in <= timedelta(minutes=1), "until one is given away"
    with pytest.raises(RateLimited):
        await bot.x.likes.liking_users(post, keep=kept)
    await bot.x.likes.liking_users(post)

    world.sandbox.clock.advance(900)
    await bot.round()
    assert await announced(bot.database) == people


@on_sqlite
async def test_what_people_do_not_use_is_given_away_as_the_window_ends(
    world: World, bot: Bot, post: int
) -> None:
    people = world.likes(post)
    kept = schedule.likers_reserve(await bot.x.allowance(Endpoint.LIKING_USERS), bot.now())
    await bot.leave(kept)
    await bot.count()
    await bot.collect()

    assert await announced(bot.database) == people
    assert (await bot.x.allowance(Endpoint.LIKING_USERS)).remaining == kept - 1


@on_sqlite
async def test_readings_are_spread_over_what_is_left_of_the_window(world: World, bot: Bot) -> None:
    posts = [world.post() for _ in range(3)]
    for one in posts:
        await bot.watch(one)
    people = [world.likes(one)[0] for one in posts]
    await bot.leave(25)
    await bot.count()
    waited = await bot.collect()

    assert sorted(await announced(bot.database)) == people
    # Two thirds of the window's requests are used, so it is two thirds of what would be even.
    even = timedelta(minutes=15) / 24
    assert 3 * even * 0.5 < waited < 3 * even * 0.7
