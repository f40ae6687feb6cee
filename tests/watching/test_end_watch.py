"""Watches that end by themselves: once, with a summary, whatever happens meanwhile."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.chat.cards.notices import notice_sentence
from bot.domain import WatchRequest
from bot.domain.notices import WatchEnded
from bot.watching.end_watch import LAST_LOOK_WITHIN, Endings, summary_of
from storage.database import Database
from storage.models import Post, PostKind, PostState, Watch
from storage.watches import Told
from tests.cases import in_turn
from tests.databases import on_sqlite
from tests.watching.harness import (
    CHANNEL,
    GUILD,
    MEMBER,
    TWITTER,
    Bot,
    World,
    announced,
    announcements,
    notices,
)

DAY = timedelta(days=1)


async def _watch_for(bot: Bot, days: int, post: int, channel_id: int = CHANNEL) -> int:
    watch_id = await bot.watch(post, channel_id)
    async with bot.database.transaction() as session:
        watch = await session.get(Watch, watch_id)
        assert watch is not None
        watch.expires_at = bot.now() + timedelta(days=days)
    return watch_id


async def _send_all(bot: Bot) -> list[str]:
    """Send what waits; return the sentences of the notices among it."""
    notes = []
    while claimed := await bot.outbox.claim():
        for delivery in claimed:
            await bot.outbox.sent(delivery, 1)
            notes += [notice_sentence(one.notice) for one in delivery.announcements if one.notice]
    return notes


async def _watches(database: Database) -> list[int | None]:
    async with database.reading() as session:
        return list(await session.exec(select(Watch.id).order_by(col(Watch.id))))


@on_sqlite
async def test_a_watch_ends_with_one_summary_and_is_gone_when_that_is_sent(
    world: World, bot: Bot
) -> None:
    post, other = world.post(likes=2), world.post()
    await _watch_for(bot, 3, post)
    lasting = await bot.watch(other)
    people = world.likes(post, 4)
    await bot.round()
    assert await bot.endings.run_once() == 0
    assert [watch.post.id for watch in await bot.watches.list(GUILD)] == [other, post]

    world.sandbox.clock.advance(3 * DAY.total_seconds())
    await bot.round()
    assert await bot.endings.run_once() == 1
    assert await bot.endings.run_once() == 0
    assert [watch.post.id for watch in await bot.watches.list(GUILD)] == [other]
    assert len(await _watches(bot.database)) == 2
    world.likes(post)
    await bot.round()

    assert await _send_all(bot) == ["In 3 days, 4 likes announced by name; 6 likes in total."]
    assert await announced(bot.database) == people
    await bot.endings.run_once()
    assert await _watches(bot.database) == [lasting]


@on_sqlite
async def test_what_was_liked_until_the_end_is_told_before_it(world: World, bot: Bot) -> None:
    post = world.post()
    await _watch_for(bot, 1, post)
    await bot.round()
    world.sandbox.clock.advance(DAY.total_seconds() - 1)
    people = world.likes(post, 2)
    world.sandbox.clock.advance(2)
    assert await bot.endings.run_once() == 0, "it has a last look to come"

    await bot.count()
    assert await bot.endings.run_once() == 0, "they are counted, and not read yet"
    await bot.round()
    assert await bot.endings.run_once() == 1
    assert await _send_all(bot) == ["In 1 day, 2 likes announced by name; 2 likes in total."]
    assert await announced(bot.database) == people


@on_sqlite
async def test_a_watch_does_not_wait_for_ever_for_its_last_look(world: World, bot: Bot) -> None:
    post = world.post()
    await _watch_for(bot, 1, post)
    world.sandbox.clock.advance((DAY + LAST_LOOK_WITHIN).total_seconds() - 1)
    assert await bot.endings.run_once() == 0
    world.sandbox.clock.advance(1)
    assert await bot.endings.run_once() == 1


@on_sqlite
async def test_what_x_is_not_asked_for_ends_at_once(world: World, bot: Bot) -> None:
    paused, left, deleted, _ = [
        (await _watch_for(bot, 1, post), post) for post in (world.post() for _ in range(4))
    ]
    async with bot.database.transaction() as session:
        (await session.get_one(Watch, paused[0])).paused_at = bot.now()
        (await session.get_one(Watch, left[0])).resting_since = bot.now()
        (await session.get_one(Post, deleted[1])).state = PostState.DELETED
    world.sandbox.clock.advance(DAY.total_seconds())
    assert await bot.endings.run_once() == 3


async def test_two_processes_end_a_watch_once(world: World, bot: Bot) -> None:
    await _watch_for(bot, 1, world.post())
    world.sandbox.clock.advance(DAY.total_seconds())
    await bot.round()
    endings = [Endings(bot.database, bot.now) for _ in range(3)]

    assert sum(await asyncio.gather(*(each.run_once() for each in endings))) == 1
    assert [type(notice) for notice in await notices(bot.database)] == [WatchEnded]


@on_sqlite
async def test_a_crash_before_the_end_is_written_loses_and_doubles_nothing(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _watch_for(bot, 1, world.post())
    world.sandbox.clock.advance(DAY.total_seconds())
    await bot.round()

    async def power_cut(_: object) -> int:
        raise ConnectionError

    with monkeypatch.context() as cut:
        cut.setattr("storage.watches.Watches.forget_ended", power_cut)
        with pytest.raises(ConnectionError):
            await bot.endings.run_once()
    assert await announcements(bot.database) == []

    assert await bot.endings.run_once() == 1
    assert len(await _send_all(bot)) == 1


@on_sqlite
async def test_growth_that_waits_is_sent_before_the_summary(world: World, bot: Bot) -> None:
    post = world.post(author_id=TWITTER, likes=1)
    await bot.watch(post)
    world.likes(post)
    await bot.round()
    await _send_all(bot)
    # Growth is told once a minute, so this has to wait.
    world.likes(post)
    await bot.round()
    async with bot.database.transaction() as session:
        watch = (await session.exec(select(Watch))).one()
        watch.expires_at = (await session.get_one(Post, post)).probed_at
    assert await bot.endings.run_once() == 1
    assert await bot.outbox.claim() == ()
    world.sandbox.clock.advance(60)

    (delivery,) = await bot.outbox.claim()
    assert [one.type for one in delivery.announcements] == ["growth", "notice"]
    assert isinstance(delivery.announcements[1].notice, WatchEnded)


@on_sqlite
async def test_a_watch_that_was_asked_for_meanwhile_does_not_end(world: World, bot: Bot) -> None:
    post = world.post()
    await _watch_for(bot, 1, post)
    await bot.new_watches.add(WatchRequest(GUILD, CHANNEL, str(post), MEMBER))
    world.sandbox.clock.advance(2 * DAY.total_seconds())
    assert await bot.endings.run_once() == 0


@on_sqlite
async def test_growth_is_announced_too_in_the_list_and_at_the_end(world: World, bot: Bot) -> None:
    post = world.post(author_id=TWITTER, likes=1)
    await _watch_for(bot, 1, post)
    world.likes(post, 21)
    await bot.round()
    await _send_all(bot)

    (listed,) = await bot.watches.list(GUILD)
    assert listed.likes_announced == 21
    world.sandbox.clock.advance(DAY.total_seconds())
    await bot.round()
    await bot.endings.run_once()
    (sentence,) = await _send_all(bot)
    assert sentence.startswith("In 1 day, 21 likes announced, without names; 22 likes in total.")


_HIDDEN = "X does not show who 3 of them come from."
_STALLED = "X's list of likers shows nobody new."


@in_turn(
    "post, announced, days, told, why",
    [
        (
            Post(id=1, kind=PostKind.NAMES),
            Told(0, 0),
            7,
            "In 7 days, 0 likes announced by name; 0 likes",
            "",
        ),
        (
            Post(id=1, kind=PostKind.NAMES, like_count=1_200, hidden_count=3),
            Told(1, 0),
            0.1,
            "In 1 day, 1 like announced by name; 1,200 likes",
            _HIDDEN,
        ),
        (
            Post(id=1, kind=PostKind.COUNTS, like_count=1, hidden_count=1),
            Told(0, 0),
            2,
            "In 2 days, 0 likes announced by name; 1 like",
            "X hides who likes it.",
        ),
        (
            Post(id=1, kind=PostKind.COUNTS, like_count=1),
            Told(0, 1),
            2,
            "In 2 days, 1 like announced, without names; 1 like",
            "X hides who likes it.",
        ),
        (
            Post(id=1, kind=PostKind.STALLED, like_count=150),
            Told(90, 1_060),
            2,
            "In 2 days, 90 likes announced by name and 1,060 without names; 150 likes",
            _STALLED,
        ),
        (
            Post(id=1, kind=PostKind.NAMES, state=PostState.DELETED, like_count=2),
            Told(2, 0),
            30,
            "In 30 days, 2 likes announced by name; 2 likes",
            "X no longer shows the post.",
        ),
    ],
)
def test_a_summary_says_what_was_announced_counted_and_hidden(
    post: Post, announced: Told, days: float, told: str, why: str
) -> None:
    summary = summary_of(post, announced, timedelta(days=days))
    assert notice_sentence(summary) == f"{told} in total. {why}".rstrip()
