"""Counting likes: which posts are asked for, and what the answer changes."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.watching.counts import schedule
from bot.x.limits import Endpoint
from storage.models import Post, PostKind, PostState
from tests.databases import on_sqlite
from tests.watching.harness import (
    DEV,
    EVERY,
    GUILD,
    LIMIT,
    TWITTER,
    Bot,
    World,
    announced,
    growths,
    stored_post,
    watches_on,
)

COUNTS = "GET /2/tweets"


async def _watched(bot: Bot, *posts: int) -> None:
    """Watch posts without asking X for them; nobody has read their likers."""
    async with bot.database.transaction() as session:
        session.add_all(Post(id=post) for post in posts)
        await session.flush()
        session.add_all(watches_on(bot, *posts))


async def _asked(bot: Bot) -> list[dict[str, Any]]:
    """Return the requests for counts since the last call."""
    return await bot.requests(path="/2/tweets")


def _ids(request: dict[str, Any]) -> list[int]:
    return [int(post) for post in request["query"]["ids"].split(",")]


@on_sqlite
async def test_posts_are_counted_a_hundred_a_request(world: World, bot: Bot) -> None:
    posts = [world.post(likes=post % 2) for post in range(210)]
    await _watched(bot, *posts)
    probed = await bot.probe.run_once()

    requests = await _asked(bot)
    assert (probed.posts, len(probed.moved), probed.announcements) == (210, 105, 0)
    assert [len(_ids(request)) for request in requests] == [100, 100, 10]
    assert sorted(post for request in requests for post in _ids(request)) == posts
    assert (await stored_post(bot.database, posts[1])).like_count == 1


@on_sqlite
async def test_only_counts_are_asked_for(world: World, bot: Bot) -> None:
    """X charges for every user that it includes."""
    await _watched(bot, world.post())
    await bot.probe.run_once()

    (request,) = await _asked(bot)
    assert set(request["query"]) == {"ids", "tweet.fields"}
    assert request["query"]["tweet.fields"] == "public_metrics"


@on_sqlite
async def test_a_post_is_counted_once_an_interval(world: World, bot: Bot) -> None:
    early, late = world.post(), world.post()
    await _watched(bot, early)
    await bot.probe.run_once()
    world.sandbox.clock.advance(EVERY.total_seconds() / 3)
    await bot.probe.run_once()
    await _watched(bot, late)
    await bot.probe.run_once()
    world.sandbox.clock.advance(EVERY.total_seconds() / 3)
    await bot.probe.run_once()
    await bot.count()

    asked = [sorted(_ids(request)) for request in await _asked(bot)]
    assert asked == [[early], [early, late], [early, late]]


@on_sqlite
async def test_when_the_allowance_is_short_who_has_waited_longest_is_next(
    world: World, bot: Bot
) -> None:
    posts = [world.post() for _ in range(130)]
    await _watched(bot, *posts)
    asked = []
    for _ in range(2):
        kept = schedule.reserve(await bot.x.allowance(Endpoint.POSTS))
        await bot.leave(kept + 1, Endpoint.POSTS)
        await bot.count()
        asked.append([_ids(request) for request in await _asked(bot)])
        await bot.count()
        assert await _asked(bot) == [], "the rest is for people"
        world.sandbox.clock.advance(900)

    (first,), (second,) = asked
    assert (len(first), len(second)) == (100, 100), "a request has room for a hundred"
    assert sorted({*first, *second}) == posts


@on_sqlite
async def test_what_nobody_watches_is_not_counted(world: World, bot: Bot) -> None:
    watch = await bot.watch(world.post())
    await _asked(bot)
    await bot.watches.remove(GUILD, watch)
    await bot.count()

    assert await _asked(bot) == []


@on_sqlite
async def test_growth_is_announced_where_there_are_no_names(world: World, bot: Bot) -> None:
    await bot.watch(LIMIT)
    before = (await stored_post(bot.database, LIMIT)).like_count
    people = world.likes(LIMIT, 2)
    await bot.count()
    world.unlike(LIMIT, *people)
    await bot.count()
    world.like(LIMIT, *people)
    await bot.count()

    assert await growths(bot.database) == [(before, before + 2)]
    assert (await stored_post(bot.database, LIMIT)).kind is PostKind.COUNTS


@on_sqlite
async def test_growth_that_waits_is_extended_and_what_was_begun_is_not(
    world: World, bot: Bot
) -> None:
    await bot.watch(LIMIT)
    before = (await stored_post(bot.database, LIMIT)).like_count
    for _ in range(2):
        world.likes(LIMIT)
        await bot.count()
    assert await growths(bot.database) == [(before, before + 2)]

    (delivery,) = await bot.outbox.claim()
    world.likes(LIMIT)
    await bot.count()
    await bot.outbox.sent(delivery, 1)
    world.likes(LIMIT)
    await bot.count()

    assert await growths(bot.database) == [(before, before + 2), (before + 2, before + 4)]


@on_sqlite
async def test_growth_is_told_once_a_minute_at_most(world: World, bot: Bot) -> None:
    await bot.watch(LIMIT)
    sent_at = []
    for _ in range(13):
        world.likes(LIMIT)
        await bot.count()
        for delivery in await bot.outbox.claim():
            await bot.outbox.sent(delivery, 1)
            sent_at.append(bot.now())

    gaps = [later - earlier for earlier, later in pairwise(sent_at)]
    assert len(gaps) >= 2
    assert min(gaps) >= timedelta(minutes=1)


@on_sqlite
async def test_a_deleted_post_is_noted_and_goes_on_when_it_is_back(world: World, bot: Bot) -> None:
    post = world.post(likes=2)
    await bot.watch(post)
    kept = world.sandbox.world.posts[post]
    world.delete(post)
    await bot.count_twice()
    row = await stored_post(bot.database, post)
    assert (row.state, row.like_count) == (PostState.DELETED, 2)
    assert row.probed_at is not None

    world.sandbox.world.add_post(kept)
    people = world.likes(post)
    await bot.round()

    assert (await stored_post(bot.database, post)).state is PostState.LIVE
    assert await announced(bot.database) == people


@on_sqlite
async def test_the_posts_of_an_author_who_went_private_are_noted(world: World, bot: Bot) -> None:
    own = world.post(author_id=DEV, likes=1)
    await bot.watch(LIMIT)
    await bot.watch(own)
    for author in (DEV, TWITTER):
        world.sandbox.world.users[author].protected = True
    for _ in range(10):
        await bot.count()

    assert (await stored_post(bot.database, LIMIT)).state is PostState.PROTECTED
    assert (await stored_post(bot.database, own)).state is PostState.LIVE, "seen by its author"


@on_sqlite
@pytest.mark.parametrize(
    "fault", [{"status": 503, "body": "<html>down</html>"}, {"drop": True}, {"status": 429}]
)
async def test_trouble_ends_the_run_and_loses_nothing(
    world: World, bot: Bot, fault: dict[str, Any]
) -> None:
    posts = [world.post(likes=1) for _ in range(150)]
    await _watched(bot, *posts)
    world.fault(COUNTS, times=2, **fault)
    probed = await bot.probe.run_once()
    assert probed.posts == 0
    assert bot.health.problem is not None
    assert (await stored_post(bot.database, posts[0])).probed_at is None

    world.sandbox.faults.clear()
    world.sandbox.clock.advance(901)
    probed = await bot.probe.run_once()

    assert (probed.posts, len(probed.moved)) == (150, 150)
    assert bot.health.problem is None


@on_sqlite
async def test_what_was_counted_before_the_trouble_is_kept(world: World, bot: Bot) -> None:
    posts = [world.post(likes=1) for _ in range(150)]
    await _watched(bot, *posts)
    counts, calls = bot.x.counts, []

    async def second_fails(batch: Any, **more: Any) -> Any:
        calls.append(batch)
        if len(calls) == 2:
            world.fault(COUNTS, times=2, status=503)
        return await counts(batch, **more)

    bot.x.counts = second_fails  # type: ignore[method-assign] -- X breaks between two requests
    probed = await bot.probe.run_once()

    assert (probed.posts, len(probed.moved)) == (100, 100)
    rows = [await stored_post(bot.database, post) for post in posts]
    assert [row.like_count for row in rows if row.probed_at is not None] == [1] * 100
    assert [row.like_count for row in rows if row.probed_at is None] == [0] * 50


@on_sqlite
async def test_that_a_post_was_edited_since_is_told_with_it(world: World, bot: Bot) -> None:
    post = world.post()
    await bot.watch(post)
    await bot.round()
    world.sandbox.world.posts[post].versions = (post, post + 1)
    await bot.count()
    assert (await stored_post(bot.database, post)).newer_id == post + 1
    world.likes(post, 1)
    await bot.round()
    (delivery,) = await bot.outbox.claim()
    told = delivery.announcements[0].post
    assert told is not None
    assert told.newer_id == post + 1
