"""Watching posts: the service over X's stand-in and both databases."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import aiohttp
import pytest

from bot.domain import Missing, Post, PostCounts, WatchAdded, WatchKind, WatchQuestion, WatchRequest
from bot.domain.errors import NoChannel, NotAPost, PostNotFound, PostNotShown, UnknownWatch
from bot.domain.troubles import PostMissing
from bot.watching.cost_forecast import WatchTerms
from bot.watching.foretell import foretell
from bot.watching.stored_values import post_value
from bot.x.prices import MICRO_USD
from storage import models
from storage.database import Database
from storage.guilds import Guilds
from storage.models import Guild, PostState
from tests.cases import in_turn
from tests.databases import on_sqlite
from tests.watching.harness import (
    CHANNEL,
    DEV,
    GUILD,
    LIMIT,
    MEMBER,
    TWITTER,
    VALENTINE,
    Bot,
    World,
    a_world,
    announced,
    announcements,
    growths,
    stored_post,
)

THERE, ELSEWHERE = CHANNEL + 1, GUILD + 1
NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as running:
        yield running


@pytest.fixture
async def bot(world: World, database: Database) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as http:
        yield Bot(world, database, http)


@on_sqlite
async def test_a_watch_says_what_it_will_do(world: World, bot: Bot) -> None:
    post = world.post(likes=3)
    added = await bot.new_watches.add(
        WatchRequest(GUILD, CHANNEL, f"https://x.com/TwitterDev/status/{post}", MEMBER)
    )

    assert not added.already_there
    watch = added.watch
    assert (watch.guild_id, watch.channel_id, watch.post.id) == (GUILD, CHANNEL, post)
    assert (watch.kind, watch.likes_announced, watch.trouble) == (WatchKind.NAMES, 0, None)
    assert watch.post.author is not None
    assert watch.post.author.username == "TwitterDev"
    # A post, its author and three likers; nobody knows how many come, but some likes are old.
    assert added.forecast.first_usd == Decimal("0.045")


@on_sqlite
@pytest.mark.parametrize(("author", "kind"), [(DEV, WatchKind.NAMES), (TWITTER, WatchKind.COUNTS)])
async def test_the_kind_is_known_at_once(
    world: World, bot: Bot, author: int, kind: WatchKind
) -> None:
    post = world.post(author_id=author, likes=2)
    added = await bot.new_watches.add(WatchRequest(GUILD, CHANNEL, str(post), MEMBER))

    assert added.watch.kind is kind


@on_sqlite
async def test_a_first_reading_that_a_round_has_begun_and_cannot_end_is_done_all_the_same(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who likes the post from the answer on is new: so that is not given before the reading."""
    post, rounds = world.post(likes=2), []
    asked, wanted = asyncio.Event(), asyncio.Event()
    begin, reader, likers = bot.new_watches._begin, bot.access.reader, bot.x.likes.liking_users

    async def begin_while_a_round_reads(*about: Any) -> Any:
        begun = await begin(*about)
        rounds.append(asyncio.create_task(bot.collector.run_once()))
        await asked.wait()
        return begun

    async def wants_to_read(*about: Any) -> Any:
        wanted.set()
        return await reader(*about)

    async def fail_first(*about: Any, **named: Any) -> Any:
        if not asked.is_set():
            asked.set()
            await wanted.wait()
            raise RuntimeError("the database is away")
        return await likers(*about, **named)

    monkeypatch.setattr(bot.new_watches, "_begin", begin_while_a_round_reads)
    monkeypatch.setattr(bot.access, "reader", wants_to_read)
    monkeypatch.setattr(bot.x.likes, "liking_users", fail_first)
    await bot.watch(post)
    assert (await stored_post(bot.database, post)).collected_at is not None
    await asyncio.gather(*rounds)


@on_sqlite
async def test_added_twice_it_is_there_once(world: World, bot: Bot) -> None:
    post = world.post(likes=2)
    first = await bot.new_watches.add(WatchRequest(GUILD, CHANNEL, str(post), MEMBER))
    people = world.likes(post, 2)
    second = await bot.new_watches.add(WatchRequest(GUILD, CHANNEL, str(post), MEMBER))
    await bot.round()

    assert second.already_there
    assert second.watch.id == first.watch.id
    assert len(await bot.watches.list(GUILD)) == 1
    assert await announced(bot.database) == people


@on_sqlite
async def test_removed_and_added_again_it_is_silent_again(world: World, bot: Bot) -> None:
    post = world.post(likes=2)
    first = await bot.watch(post)
    removed = await bot.watches.remove(GUILD, first)
    assert removed.id == first
    assert await bot.watches.list(GUILD) == ()
    world.likes(post, 3)
    await bot.round()
    await bot.watch(post)
    await bot.round()
    assert await announcements(bot.database) == []

    people = world.likes(post)
    await bot.round()
    assert await announced(bot.database) == people


@on_sqlite
async def test_what_a_removed_watch_had_yet_to_announce_is_dropped(world: World, bot: Bot) -> None:
    post = world.post()
    watch = await bot.watch(post)
    world.likes(post)
    await bot.round()
    await bot.watches.remove(GUILD, watch)

    assert await announcements(bot.database) == []
    assert await bot.outbox.claim() == ()


@on_sqlite
async def test_likes_before_the_second_guilds_watch_are_news_to_the_first_alone(
    world: World, bot: Bot
) -> None:
    """Also those that no probe has seen yet."""
    post = world.post(likes=2)
    first = await bot.watch(post)
    early = world.likes(post, 3)
    second = await bot.watch(post, channel_id=THERE, guild_id=ELSEWHERE)
    assert await announced(bot.database, first) == early
    assert await announced(bot.database, second) == []

    late = world.likes(post)
    await bot.round()

    assert await announced(bot.database, first) == early + late
    assert await announced(bot.database, second) == late


@on_sqlite
async def test_growth_before_the_second_guilds_watch_is_news_to_the_first_alone(
    world: World, bot: Bot
) -> None:
    first = await bot.watch(LIMIT)
    before = (await stored_post(bot.database, LIMIT)).like_count
    world.likes(LIMIT, 3)
    await bot.watch(LIMIT, channel_id=THERE, guild_id=ELSEWHERE)

    assert await growths(bot.database) == [(before, before + 3)]
    assert [row.watch_id for row in await announcements(bot.database)] == [first]


async def test_two_guilds_watch_one_post_and_know_nothing_of_each_other(
    world: World, bot: Bot
) -> None:
    post = world.post()
    here = await bot.watch(post)
    there = await bot.watch(post, channel_id=THERE, guild_id=ELSEWHERE)
    assert [watch.id for watch in await bot.watches.list(GUILD)] == [here]
    assert [watch.id for watch in await bot.watches.list(ELSEWHERE)] == [there]
    with pytest.raises(UnknownWatch):
        await bot.watches.remove(GUILD, there)

    await bot.watches.remove(GUILD, here)
    people = world.likes(post)
    await bot.round()
    assert await announced(bot.database) == await announced(bot.database, there) == people


@on_sqlite
async def test_without_a_channel_the_guilds_own_is_used(world: World, bot: Bot) -> None:
    post = world.post()
    with pytest.raises(NoChannel):
        await bot.new_watches.add(WatchRequest(GUILD, None, str(post), MEMBER))
    assert world.sandbox.world.posts[post].like_count == 0
    assert await bot.watches.list(GUILD) == ()

    async with bot.database.transaction() as session:
        session.add(Guild(id=GUILD, channel_id=THERE))
    added = await bot.new_watches.add(WatchRequest(GUILD, None, str(post), MEMBER))

    assert added.watch.channel_id == THERE


@on_sqlite
async def test_what_cannot_be_watched_changes_nothing(world: World, bot: Bot) -> None:
    world.sandbox.world.users[TWITTER].protected = True
    deleted = world.post()
    world.delete(deleted)
    for ref, error in (
        ("https://example.org/1", NotAPost),
        (str(deleted), PostNotFound),
        (str(LIMIT), PostNotShown),
    ):
        with pytest.raises(error):
            await bot.new_watches.add(WatchRequest(GUILD, CHANNEL, ref, MEMBER))

    assert await bot.watches.list(GUILD) == ()


@on_sqlite
async def test_while_likers_cannot_be_read_the_watch_waits_for_them_silently(
    world: World, bot: Bot
) -> None:
    post = world.post(likes=4)
    world.fault("GET /2/tweets/:id/liking_users", status=503, times=2)
    added = await bot.new_watches.add(WatchRequest(GUILD, CHANNEL, str(post), MEMBER))
    assert added.watch.kind is WatchKind.PENDING
    await bot.round()
    people = world.likes(post)
    await bot.round()

    (watch,) = await bot.watches.list(GUILD)
    assert watch.kind is WatchKind.NAMES
    assert await announced(bot.database) == people


@on_sqlite
async def test_the_list_tells_what_was_announced_and_what_is_wrong(world: World, bot: Bot) -> None:
    quiet, busy = world.post(), world.post()
    await bot.watch(quiet)
    await bot.watch(busy)
    world.likes(busy, 3)
    await bot.round()
    for delivery in await bot.outbox.claim():
        await bot.outbox.sent(delivery, 1)
    world.delete(quiet)
    await bot.count_twice()

    newest, oldest = await bot.watches.list(GUILD)
    assert (newest.post.id, newest.likes_announced, newest.trouble) == (busy, 3, None)
    assert (oldest.post.id, oldest.likes_announced) == (quiet, 0)
    assert oldest.trouble == PostMissing(Missing.DELETED)
    assert (await stored_post(bot.database, quiet)).state is PostState.DELETED


@on_sqlite
async def test_a_guild_that_the_bot_left_is_not_watched_for(world: World, bot: Bot) -> None:
    """What others' watches show meanwhile waits for it, and comes together."""
    post = world.post()
    here = await bot.watch(post)
    there = await bot.watch(post, channel_id=THERE, guild_id=ELSEWHERE)
    await bot.watches.left(ELSEWHERE)
    people = world.likes(post)
    await bot.round()
    assert await announced(bot.database, here) == people
    others = world.likes(post)
    await bot.round()

    await bot.watches.present_in([ELSEWHERE])
    more = world.likes(post)
    await bot.round()
    assert await announced(bot.database, there) == [*people, *others, *more]
    assert await announced(bot.database, here) == [*people, *others, *more]


# Choices


@on_sqlite
async def test_choices_match_what_is_typed_in_author_text_or_number(bot: Bot) -> None:
    await bot.watch(VALENTINE)
    await bot.watch(LIMIT)

    async def found(typed: str) -> list[int]:
        return [choice.post_id for choice in await bot.watches.choices(GUILD, typed)]

    assert await found("") == [LIMIT, VALENTINE]
    assert await found(" @twitterdev") == [VALENTINE]
    assert await found("280 CHARACTERS") == [LIMIT]
    assert await found(str(LIMIT)[:9]) == [LIMIT]
    assert await found("nothing like it") == []


@on_sqlite
async def test_choices_are_at_most_twenty_five_lines_that_discord_accepts(
    world: World, bot: Bot
) -> None:
    world.sandbox.world.users[DEV].name = "x" * 50
    for _ in range(27):
        post = world.post()
        world.sandbox.world.posts[post].text = "long\n\n" * 45
        await bot.watch(post)
    choices = await bot.watches.choices(GUILD, "")

    assert len(choices) == 25
    assert all(0 < len(choice.label) <= 100 for choice in choices)
    assert all("\n" not in choice.label for choice in choices)


# What it will cost


def _post(likes: int, age: timedelta | None) -> Post:
    created_at = NOW - age if age is not None else None
    return Post(1, "Hello", created_at=created_at, counts=PostCounts(likes=likes))


@in_turn(
    "likes, names, first",
    [
        # A post read and its author, and a page of its likers.
        (40, True, "0.415"),
        (50_000, True, "1.015"),
        (0, True, "0.015"),
        # Where names are hidden only the count costs.
        (40, False, "0.015"),
    ],
)
def test_the_first_reading_costs_x_prices(likes: int, *, names: bool, first: str) -> None:
    told = foretell(_post(likes, timedelta(days=4)), MICRO_USD, NOW, WatchTerms(names=names))
    assert told.first_usd == Decimal(first)
    assert told.usd > told.first_usd


def test_a_young_post_is_expected_to_grow_more_than_an_old_one() -> None:
    ages = (None, timedelta(hours=1), timedelta(days=4), timedelta(days=400))
    young, hour, days, old = (
        foretell(_post(40, age), MICRO_USD, NOW, WatchTerms()) for age in ages
    )
    assert young.new_likes > hour.new_likes > days.new_likes > old.new_likes
    assert hour.usd > days.usd > old.usd
    assert old.days == 30


@on_sqlite
async def test_what_the_first_reading_costs_is_what_was_foretold(world: World, bot: Bot) -> None:
    post = world.post(likes=7)
    added = await bot.new_watches.add(WatchRequest(GUILD, CHANNEL, str(post), MEMBER))
    today, _ = await bot.ledger.spent()

    assert today == added.forecast.first_usd == Decimal("0.085")


async def _asks_above(bot: Bot, micro_usd: int) -> None:
    async with bot.database.transaction() as session:
        guild = await Guilds(session).get(GUILD)
        guild.ask_above_micro_usd = micro_usd
        session.add(guild)


@on_sqlite
async def test_a_dear_watch_asks_first_and_begins_when_told_to(world: World, bot: Bot) -> None:
    post = world.post(likes=99)
    question = await bot.new_watches.add_or_ask(
        WatchRequest(GUILD, CHANNEL, str(post), MEMBER, unlikes=True)
    )

    assert isinstance(question, WatchQuestion)
    assert (question.post.id, question.channel_id, question.unlikes) == (post, CHANNEL, True)
    assert question.ask_above_usd == Decimal(1) < question.forecast.usd
    assert await bot.watches.list(GUILD) == ()
    # Nothing but the post and its author was read.
    assert await bot.ledger.spent() == (Decimal("0.015"), Decimal("0.015"))

    await bot.new_watches.add(WatchRequest(GUILD, CHANNEL, str(post), MEMBER, unlikes=True))
    (watch,) = await bot.watches.list(GUILD)
    assert (watch.post.id, watch.unlikes) == (post, True)
    again = await bot.new_watches.add_or_ask(WatchRequest(GUILD, CHANNEL, str(post), MEMBER))
    assert isinstance(again, WatchAdded)
    assert again.already_there


@on_sqlite
async def test_the_guild_chooses_above_what_a_watch_asks(world: World, bot: Bot) -> None:
    post = world.post(likes=2)
    await _asks_above(bot, 0)
    assert isinstance(
        await bot.new_watches.add_or_ask(WatchRequest(GUILD, CHANNEL, str(post), MEMBER)),
        WatchQuestion,
    )
    await _asks_above(bot, 100_000_000)
    assert isinstance(
        await bot.new_watches.add_or_ask(WatchRequest(GUILD, CHANNEL, str(post), MEMBER)),
        WatchAdded,
    )


@on_sqlite
async def test_a_watch_without_names_costs_too_little_to_ask(world: World, bot: Bot) -> None:
    post = world.post(author_id=TWITTER, likes=99)
    added = await bot.new_watches.add_or_ask(WatchRequest(GUILD, CHANNEL, str(post), MEMBER))

    assert isinstance(added, WatchAdded)
    assert added.forecast.usd < Decimal("0.20")


# Likes taken back


@on_sqlite
async def test_unlikes_are_asked_for_once_and_can_be_changed(world: World, bot: Bot) -> None:
    post = world.post()

    async def asked_again(*, unlikes: bool | None) -> bool:
        added = await bot.new_watches.add(
            WatchRequest(GUILD, CHANNEL, str(post), MEMBER, unlikes=unlikes)
        )
        return added.watch.unlikes

    assert not await asked_again(unlikes=None)
    assert await asked_again(unlikes=True)
    assert await asked_again(unlikes=None)
    assert not await asked_again(unlikes=False)


# One that has ended


async def _end(bot: Bot, watch_id: int) -> None:
    async with bot.database.transaction() as session:
        watch = await session.get(models.Watch, watch_id)
        assert watch is not None
        watch.ended_at = watch.expires_at = bot.now()


@on_sqlite
async def test_an_ended_watch_is_neither_listed_nor_removed_and_can_begin_anew(
    world: World, bot: Bot
) -> None:
    post = world.post(likes=2)
    ended = await bot.watch(post)
    await _end(bot, ended)
    assert await bot.watches.list(GUILD) == ()
    assert await bot.watches.choices(GUILD, "") == ()
    with pytest.raises(UnknownWatch):
        await bot.watches.remove(GUILD, ended)
    world.likes(post, 3)

    added = await bot.new_watches.add(WatchRequest(GUILD, CHANNEL, str(post), MEMBER))
    assert (added.already_there, added.watch.expires_at) == (False, None)
    people = world.likes(post)
    await bot.round()
    assert await announced(bot.database) == people


@on_sqlite
async def test_a_watch_that_would_end_lasts_once_somebody_asks_for_it(
    world: World, bot: Bot
) -> None:
    watch_id = await bot.watch(world.post())
    ends_at = bot.now() + timedelta(days=7)
    async with bot.database.transaction() as session:
        watch = await session.get(models.Watch, watch_id)
        assert watch is not None
        watch.expires_at = ends_at
        watch.account_watch_id = 5
    (listed,) = await bot.watches.list(GUILD)
    assert listed.expires_at == ends_at

    added = await bot.new_watches.add(WatchRequest(GUILD, CHANNEL, str(listed.post.id), MEMBER))
    assert added.already_there
    assert added.watch.expires_at is None


@on_sqlite
async def test_of_a_repost_the_original_is_watched(world: World, bot: Bot) -> None:
    """A repost has no likes of its own: a watch of it would never tell of any."""
    original = world.post(likes=2)
    repost = world.repost(original)

    added = await bot.new_watches.add(WatchRequest(GUILD, CHANNEL, str(repost), MEMBER))
    people = world.likes(original)
    await bot.round()

    assert (added.watch.post.id, added.of_repost, added.already_there) == (original, True, False)
    assert await announced(bot.database) == people


@on_sqlite
async def test_through_its_repost_a_post_is_not_watched_twice(world: World, bot: Bot) -> None:
    original = world.post(likes=2)
    first = await bot.watch(original)
    repost = world.repost(original)

    for _ in range(2):
        again = await bot.new_watches.add(WatchRequest(GUILD, CHANNEL, str(repost), MEMBER))
        assert (again.watch.id, again.of_repost, again.already_there) == (first, True, True)

    assert len(await bot.watches.list(GUILD)) == 1


@on_sqlite
async def test_what_is_no_repost_is_not_called_one(world: World, bot: Bot) -> None:
    added = await bot.new_watches.add(WatchRequest(GUILD, CHANNEL, str(world.post()), MEMBER))

    assert not added.of_repost
    assert added.watch.post.repost_id is None


@on_sqlite
async def test_a_dear_original_is_asked_about_as_the_original(world: World, bot: Bot) -> None:
    original = world.post(likes=90)
    async with bot.database.transaction() as session:
        session.add(Guild(id=GUILD, ask_above_micro_usd=0))
    request = WatchRequest(GUILD, CHANNEL, str(world.repost(original)), MEMBER)

    question = await bot.new_watches.add_or_ask(request)

    assert isinstance(question, WatchQuestion)
    assert question.post.id == original
    assert question.post.repost_id is not None


def test_what_x_has_pushed_and_not_counted_yet_is_among_a_posts_likes() -> None:
    row = models.Post(id=1, text="", like_count=3, ahead_count=2)
    assert post_value(row, {}).counts.likes == 5
