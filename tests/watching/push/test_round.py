"""A pushed like: stored and announced at once, and never a second time by polling."""

from typing import Any

import pytest

from bot.domain import AccountWatchRequest
from bot.domain.push import PushEvent, PushKind
from sandbox.x.world.push_traps import PushTraps
from storage.models import ListOrder, PostState
from storage.outages import DatabaseAway
from tests.watching.harness import (
    CHANNEL,
    DEV,
    GUILD,
    MEMBER,
    World,
    announced,
    notices,
    stored_likers,
    stored_post,
)
from tests.watching.push.harness import PushBot

QUARTER = 15 * 60


@pytest.fixture
async def post(world: World, bot: PushBot) -> int:
    """A post with three likes that is watched."""
    post_id = world.post(likes=3)
    await bot.watch(post_id)
    return post_id


def traps(world: World) -> PushTraps:
    return world.sandbox.world.settings.push_traps


async def test_a_like_is_announced_without_a_reading(world: World, bot_on_each: PushBot) -> None:
    bot, post = bot_on_each, world.post(likes=3)
    await bot.watch(post)
    async with bot.streaming():
        await bot.settle()
        await bot.requests()
        likers = world.likes(post, 2)
        assert (await bot.hear(2)).announcements == 1
        assert await announced(bot.database) == likers
        await bot.wait(QUARTER)
        assert await bot.requests() == []
        row = await stored_post(bot.database, post)
    assert (row.like_count, row.collected_count, row.ahead_count) == (5, 5, 0)
    assert await announced(bot.database) == likers
    assert len(await stored_likers(bot.database, post)) == 5


async def test_what_was_pushed_before_the_first_count_is_not_told_again(
    world: World, bot: PushBot, post: int
) -> None:
    async with bot.streaming():
        likers = world.likes(post, 2)
        await bot.hear(2)
        await bot.round()
        await bot.wait(QUARTER)
    row = await stored_post(bot.database, post)
    assert await announced(bot.database) == likers
    assert (row.collected_count, row.ahead_count, row.hidden_count) == (5, 0, 0)


async def test_a_like_that_polling_found_first_is_not_told_again(
    world: World, bot: PushBot, post: int
) -> None:
    async with bot.streaming():
        likers = world.likes(post, 2)
        await bot.round()
        assert await announced(bot.database) == likers
        assert (await bot.hear(2)).announcements == 0
        await bot.wait(QUARTER)
    row = await stored_post(bot.database, post)
    assert await announced(bot.database) == likers
    assert (row.collected_count, row.ahead_count, row.hidden_count) == (5, 0, 0)


async def test_an_event_that_is_lost_is_found_by_the_count(
    world: World, bot: PushBot, post: int
) -> None:
    async with bot.streaming():
        await bot.settle()
        traps(world).lose = 1
        lost = world.likes(post, 1)
        await bot.wait(QUARTER)
        assert await announced(bot.database) == []  # its event may just be late
        await bot.time_passes(30)
    assert await announced(bot.database) == lost


async def test_an_event_that_is_lost_is_found_by_the_next_which_tells_the_count(
    world: World, bot: PushBot, post: int
) -> None:
    """No count is asked for: X charges nothing for what an event includes of a post."""
    async with bot.streaming():
        await bot.settle()
        traps(world).lose = 1
        lost = world.likes(post, 1)
        traps(world).lose = 0
        heard = world.likes(post, 1)
        await bot.requests()
        await bot.hear()
        await bot.time_passes(10)
        assert await announced(bot.database) == heard  # its event may just be late
        await bot.time_passes(20)
        assert await announced(bot.database) == heard + lost
        assert [each["path"] for each in await bot.requests("tweets")] == []
    assert (await stored_post(bot.database, post)).collected_count == 5


async def test_who_was_pushed_says_nothing_of_the_order_of_the_list(
    world: World, bot: PushBot
) -> None:
    """They stand above those whose events were lost, as those who are older would in another."""
    post = world.post()
    await bot.watch(post)
    async with bot.streaming():
        await bot.settle()
        traps(world).lose = 1
        lost = world.likes(post, 4)
        traps(world).lose = 0
        heard = world.likes(post, 3)
        await bot.hear(3)
        await bot.wait(QUARTER)
        await bot.time_passes(60)
    people = [*heard, *lost]
    for _ in range(3):
        people += world.likes(post, 15)
        await bot.round()
        await bot.time_passes(4 * 60, every_s=30)
    assert await announced(bot.database) == people
    assert (await stored_post(bot.database, post)).list_order is ListOrder.NEWEST_FIRST


async def test_what_comes_while_the_stream_is_away_is_read_after_it(
    world: World, bot: PushBot, post: int
) -> None:
    async with bot.streaming():
        await bot.settle()
        first = world.likes(post, 1)
        await bot.hear()
    missed = world.likes(post, 1)
    async with bot.streaming():
        await bot.round()
    assert await announced(bot.database) == first + missed


async def test_an_unlike_hides_no_like_that_was_pushed(
    world: World, bot: PushBot, post: int
) -> None:
    async with bot.streaming():
        await bot.settle()
        (liker,) = world.likes(post, 1)
        await bot.hear()
        world.unlike(post, liker)
        await bot.wait(QUARTER)
        traps(world).lose = 1
        lost = world.likes(post, 1)
        await bot.wait(QUARTER)
        await bot.time_passes(60)
    assert await announced(bot.database) == [liker, *lost]


@pytest.mark.parametrize(
    "trap",
    [
        {"numbers": True},
        {"includes": "account_too"},
        {"includes": "wrapped"},
        {"direction": False},
        {"author_name": "tweet_author_id"},
        {"new_names": True},
        {"negative_uuid": True},
        {"unknown_types": True},
    ],
    ids=str,
)
async def test_whatever_an_event_looks_like(
    world: World, bot: PushBot, post: int, trap: dict[str, Any]
) -> None:
    async with bot.streaming():
        await bot.settle()
        for name, value in trap.items():
            setattr(traps(world), name, value)
        likers = world.likes(post, 1)
        assert (await bot.hear()).announcements == 1
    assert await announced(bot.database) == likers


async def test_events_that_come_twice_and_in_another_order(
    world: World, bot: PushBot, post: int
) -> None:
    async with bot.streaming():
        await bot.settle()
        traps(world).twice = True
        likers = world.likes(post, 2)
        await bot.hear(4)
        assert bot.inbox.counts["duplicate"] == 2
        traps(world).twice, traps(world).other_order = False, True
        likers += world.likes(post, 2)
        await bot.hear(2)
        await bot.wait(QUARTER)
    assert await announced(bot.database) == likers
    charged = (await bot.ledger.spent())[0]
    assert f"{charged:.3f}" == world.sandbox._charges.report()["total_usd"]


@pytest.mark.parametrize("includes", ["missing", "late"])
async def test_who_is_not_named_is_read_next(
    world: World, bot: PushBot, post: int, includes: Any
) -> None:
    async with bot.streaming():
        await bot.settle()
        traps(world).includes, traps(world).late_s = includes, 0.05
        likers = world.likes(post, 1)
        assert (await bot.hear()).to_read
        assert await bot.push.read_next() == 0  # a copy with the name may come
        world.sandbox.clock.advance(1)
        if includes == "late":
            assert (await bot.hear()).announcements == 1
        await bot.requests()
        await bot.push.read_next()
        assert len(await bot.requests()) == (includes == "missing")
        await bot.wait(QUARTER)
    row = await stored_post(bot.database, post)
    assert await announced(bot.database) == likers
    assert (row.collected_count, row.ahead_count, row.hidden_count) == (4, 0, 0)


async def test_what_cannot_be_read_lets_its_post_be_counted(
    world: World, bot: PushBot, post: int
) -> None:
    async with bot.streaming():
        await bot.settle()
        traps(world).unreadable = True
        likers = world.likes(post, 1)
        assert (await bot.hear()).to_count
        assert bot.inbox.counts["unreadable"] == 1
        await bot.wait(15)
        await bot.time_passes(60)
    assert await announced(bot.database) == likers


async def test_a_like_from_before_the_watch_is_stored_and_not_told(
    world: World, bot: PushBot, post: int
) -> None:
    traps(world).delay_s = 0.2
    async with bot.streaming():
        (early,) = world.likes(post, 1)
        world.sandbox.world.settings.list_lag_s = 60
        world.sandbox.clock.advance(30)
        await bot.watches.remove(GUILD, 1)
        await bot.watch(post)
        assert (await bot.hear()).announcements == 0
    assert early in await stored_likers(bot.database, post)
    assert await announced(bot.database) == []


async def test_a_protected_liker_is_not_named(world: World, bot: PushBot, post: int) -> None:
    async with bot.streaming():
        await bot.settle()
        world.likes(post, 1, protected=True)
        assert (await bot.hear()).to_read
    assert await announced(bot.database) == []


async def test_a_deleted_post_is_looked_at_at_once(world: World, bot: PushBot, post: int) -> None:
    async with bot.streaming():
        await bot.settle()
        world.delete(post)
        assert (await bot.hear()).to_count
        await bot.wait(1)
        assert (await stored_post(bot.database, post)).state is PostState.DELETED
    assert len(await notices(bot.database)) == 1


async def test_a_deletion_that_x_does_not_confirm_is_taken_back(bot: PushBot, post: int) -> None:
    async with bot.streaming():
        await bot.settle()
        bot.inbox.offer(PushEvent(PushKind.POST_DELETED, account_id=DEV, post_id=post))
        assert (await bot.push.run_once()).to_count
        await bot.wait(1)
    row = await stored_post(bot.database, post)
    assert (row.state, row.suspected) == (PostState.LIVE, None)


async def test_likes_of_a_post_that_has_just_appeared(world: World, bot: PushBot) -> None:
    first = world.post()
    await bot.watch(first)
    wanted = AccountWatchRequest(GUILD, CHANNEL, "TwitterDev", MEMBER, days=7)
    await bot.account_watches.add(wanted)
    async with bot.streaming():
        await bot.settle()
        await bot.accounts.run_once()
        new = world.post()
        (liker,) = world.likes(new, 1)
        assert (await bot.hear()).appeared
        world.sandbox.clock.advance(15)
        await bot.accounts.run_once()
        await bot.push.run_once()
        assert await announced(bot.database) == [liker]
        await bot.wait(QUARTER)
    assert await announced(bot.database) == [liker]


async def test_a_database_that_is_away_for_long_fills_no_memory(
    world: World, bot: PushBot, post: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = AccountWatchRequest(GUILD, CHANNEL, "TwitterDev", MEMBER, days=7)
    await bot.account_watches.add(wanted)

    async def locked(*_: object) -> None:
        raise DatabaseAway("another program has it locked")

    async with bot.streaming():
        await bot.settle()
        appearing = world.post()
        world.likes(appearing, 3)
        await bot.hear(3)
        likers = world.likes(post, 2)
        with monkeypatch.context() as away:
            away.setattr(bot.push._likes, "store", locked)
            with pytest.raises(DatabaseAway):
                await bot.hear(2)
            held = len(bot.inbox), _size(bot)
            for _ in range(20):
                with pytest.raises(DatabaseAway):
                    await bot.push.run_once()
            assert (len(bot.inbox), _size(bot)) == held
        assert (await bot.push.run_once()).announcements == 1
    assert await announced(bot.database) == likers


def _size(bot: PushBot) -> int:
    return sum(map(len, bot.push._unbooked.values()))


@pytest.mark.usefixtures("post")
async def test_an_owner_takes_it_back(world: World, bot: PushBot) -> None:
    async with bot.streaming():
        world.sandbox.hub.revoked(DEV)
        await bot.hear()
    assert bot.revoked == [DEV]
