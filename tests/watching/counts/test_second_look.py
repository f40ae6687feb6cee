"""What one count says of a post is looked at again a minute later, before anybody is told."""

from datetime import timedelta

from bot.domain import Missing
from bot.domain.notices import PostShown
from bot.domain.troubles import PostMissing
from bot.watching.counts.schedule import Countable, CountById, plan
from storage.models import PostState
from tests.databases import on_sqlite
from tests.watching.harness import (
    EVERY,
    TWITTER,
    Bot,
    World,
    announced,
    notices,
    stored_post,
)

COUNTS = "GET /2/tweets"


def _not_found(post: int) -> dict[str, object]:
    """Return X's answer that it has no such post."""
    problem = {
        "type": "https://api.twitter.com/2/problems/resource-not-found",
        "title": "Not Found Error",
        "resource_type": "tweet",
        "resource_id": str(post),
        "value": str(post),
    }
    return {"status": 200, "body": {"errors": [problem]}}


async def _state(bot: Bot, post: int) -> tuple[PostState, PostState | None]:
    row = await stored_post(bot.database, post)
    return row.state, row.suspected


@on_sqlite
async def test_one_not_found_changes_nothing_and_says_nothing(world: World, bot: Bot) -> None:
    post = world.post(TWITTER)
    await bot.watch(post)
    world.fault(COUNTS, times=1, **_not_found(post))
    await bot.count()
    suspected = await stored_post(bot.database, post)
    assert (suspected.state, suspected.suspected) == (PostState.LIVE, PostState.DELETED)
    assert suspected.suspected_at is not None
    assert bot.now() - suspected.suspected_at < EVERY

    for _ in range(5):
        await bot.count()

    assert await _state(bot, post) == (PostState.LIVE, None)
    assert await notices(bot.database) == []


async def test_two_a_minute_apart_are_a_verdict_with_its_beginning(world: World, bot: Bot) -> None:
    post = world.post(TWITTER)
    await bot.watch(post)
    world.delete(post)
    await bot.count()
    first_at = (await stored_post(bot.database, post)).suspected_at
    for _ in range(3):
        await bot.count()
    assert await _state(bot, post) == (PostState.LIVE, PostState.DELETED)
    assert await notices(bot.database) == []

    await bot.count()

    row = await stored_post(bot.database, post)
    assert (row.state, row.suspected, row.missing_since) == (PostState.DELETED, None, first_at)
    assert await notices(bot.database) == [PostMissing(Missing.DELETED)]


@on_sqlite
async def test_it_is_taken_back_by_itself(world: World, bot: Bot) -> None:
    post = world.post(likes=2)
    await bot.watch(post)
    kept = world.sandbox.world.posts[post]
    world.delete(post)
    await bot.count_twice()

    world.sandbox.world.add_post(kept)
    people = world.likes(post)
    await bot.round()
    at_once = await announced(bot.database), await notices(bot.database)
    await bot.count_twice()

    assert at_once == (people, [PostMissing(Missing.DELETED)])
    assert await notices(bot.database) == [PostMissing(Missing.DELETED), PostShown()]
    row = await stored_post(bot.database, post)
    assert (row.state, row.missing_since, row.suspected_at) == (PostState.LIVE, None, None)


@on_sqlite
async def test_a_post_that_flickers_posts_nothing(world: World, bot: Bot) -> None:
    post = world.post(TWITTER)
    await bot.watch(post)
    kept = world.sandbox.world.posts[post]
    for _ in range(6):
        world.delete(post)
        await bot.count()
        world.sandbox.world.add_post(kept)
        await bot.count()

    assert await notices(bot.database) == []


@on_sqlite
async def test_what_x_is_silent_about_stays_suspected(world: World, bot: Bot) -> None:
    post = world.post(TWITTER)
    await bot.watch(post)
    world.delete(post)
    await bot.count()
    world.fault(COUNTS, times=1, status=200, body={"data": []})
    await bot.count()

    assert await _state(bot, post) == (PostState.LIVE, PostState.DELETED)


@on_sqlite
async def test_a_post_that_is_watched_anew_is_not_suspected(world: World, bot: Bot) -> None:
    post = world.post(TWITTER)
    watch = await bot.watch(post)
    kept = world.sandbox.world.posts[post]
    world.delete(post)
    await bot.count()
    world.sandbox.world.add_post(kept)
    await bot.watches.remove(watch_id=watch, guild_id=1100000000000000001)
    await bot.watch(post)

    assert await _state(bot, post) == (PostState.LIVE, None)


def _posts(again_at: float | None) -> list[Countable]:
    """Return a thousand still posts that were counted just now, of which one is suspected."""
    still = [Countable(number, 985.0, 0.0) for number in range(1, 1_000)]
    return [*still, Countable(1_000, 985.0, 0.0, own=True, look_again_at=again_at)]


def test_a_suspected_post_is_counted_when_its_minute_is_over() -> None:
    every_s = EVERY.total_seconds()
    due = plan(_posts(1_000.0), 1_000.0, every_s, by_id=3, own=3)
    assert due[0] == CountById((1_000,), unpaid=1), "by its ID, and before all others"
    assert sum(1_000 in request.post_ids for request in due) == 1
    for not_due in (None, 1_000.1):
        requests = plan(_posts(not_due), 1_000.0, every_s, by_id=3, own=3)
        assert CountById((1_000,), unpaid=1) not in requests


def test_second_looks_keep_within_the_requests_that_there_are() -> None:
    posts = [Countable(n, 985.0, 1.0, look_again_at=990.0) for n in range(250)]
    lively = [Countable(n, 0.0, 1.0) for n in range(250, 500)]
    for by_id in range(5):
        requests = plan([*lively, *posts], 1_000.0, 15.0, by_id=by_id, own=0)
        assert len(requests) == by_id
        assert {post for request in requests[:3] for post in request.post_ids} <= set(range(250))


@on_sqlite
async def test_among_many_still_posts_it_is_looked_at_again_in_time(world: World, bot: Bot) -> None:
    """A still hundred is counted seldom: the second look does not wait for its turn."""
    post = world.post(TWITTER)
    await bot.watch(post)
    await bot.count()
    world.sandbox.clock.advance(timedelta(days=30).total_seconds())
    world.delete(post)
    await bot.count()
    assert (await _state(bot, post))[1] is PostState.DELETED
    for _ in range(4):
        await bot.count()

    assert (await _state(bot, post))[0] is PostState.DELETED
