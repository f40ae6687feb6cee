"""New posts of accounts: watched as they appear, at one request, by whoever wants them."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain import AccountWatchAdded, AccountWatchRequest, Mention, WatchKind, WatchRef
from bot.domain.errors import NoChannel, PostsOfUserNotShown, UnknownWatch, UserNotFound
from bot.watching.managing import ManagedWatches
from bot.watching.new_posts.round import NewPostsRound
from bot.x.limits import Endpoint
from sandbox.x.control.made_to_order import make_post
from storage.database import Database
from storage.models import AccountWatch, Announcement, AnnouncementKind, Watch
from tests.databases import on_sqlite
from tests.outboxes import notice_of, sentence_of
from tests.watching.harness import (
    CHANNEL,
    DEV,
    EVERY,
    GUILD,
    MEMBER,
    TWITTER,
    Bot,
    World,
    announced,
    announcements,
    growths,
    stored_post,
)

THERE, ELSEWHERE = CHANNEL + 1, GUILD + 1


async def _watch(
    bot: Bot,
    channel_id: int = CHANNEL,
    guild_id: int = GUILD,
    name: str = "TwitterDev",
    **more: Any,
) -> AccountWatchAdded:
    options = {"days": 7, **more}
    return await bot.account_watches.add(
        AccountWatchRequest(guild_id, channel_id, f"@{name}", MEMBER, **options)
    )


async def _look(bot: Bot) -> None:
    """Let the interval pass, look for new posts, and read the likers of what is watched."""
    bot.world.sandbox.clock.advance(EVERY.total_seconds())
    await bot.accounts.run_once()
    await bot.round()


async def _look_for_a_minute(bot: Bot) -> None:
    """Look often enough for two looks a minute apart to agree, and once more."""
    for _ in range(6):
        await _look(bot)


async def _watched(bot: Bot, guild_id: int = GUILD) -> list[int]:
    """Return the posts that are watched, the first to appear first."""
    return [watch.post.id for watch in reversed(await bot.watches.list(guild_id))]


def _make(world: World, kind: str, target: int, author_id: int = DEV) -> int:
    references = [{"type": kind, "id": str(target)}]
    order = {"author_id": str(author_id), "text": "About it", "referenced_tweets": references}
    return make_post(world.sandbox.world, order).id


def _is_troubled(bot: Bot) -> bool:
    return bot.health.problem is not None


async def _notices(database: Database) -> list[Announcement]:
    return [row for row in await announcements(database) if row.kind is AnnouncementKind.NOTICE]


@on_sqlite
async def test_of_a_new_post_every_like_is_announced_from_the_first_on(
    world: World, bot: Bot
) -> None:
    world.post(likes=3)
    await _watch(bot)
    await _look(bot)
    assert await _watched(bot) == []

    post = world.post()
    early = world.likes(post, 4)
    await _look(bot)
    late = world.likes(post, 2)
    await _look(bot)

    (watch,) = await bot.watches.list(GUILD)
    assert (watch.post.id, watch.kind, watch.channel_id) == (post, WatchKind.NAMES, CHANNEL)
    assert watch.post.author is not None
    assert watch.post.author.username == "TwitterDev"
    assert await announced(bot.database) == early + late
    assert await growths(bot.database) == []


async def test_its_posts_mention_a_role_as_it_does_and_have_its_cooldown_together(
    world: World, bot: Bot
) -> None:
    managed = ManagedWatches(bot.database, bot.access, bot.now)
    added = await _watch(bot)
    old = world.post()
    await _look(bot)
    ref = WatchRef(added.watch.id, account=True)
    saved = await managed.set_mention(GUILD, ref, Mention(7, 600))
    assert (await bot.account_watches.list(GUILD))[0].mention == saved.mention == Mention(7, 600)
    new = [world.post() for _ in range(2)]
    await _look(bot)
    assert {watch.mention for watch in await bot.watches.list(GUILD)} == {Mention(7, 600)}

    async def mentioned_by(*posts: int) -> list[tuple[int, ...]]:
        for post in posts:
            world.likes(post, 1)
        await _look(bot)
        told = await bot.outbox.claim()
        for number, delivery in enumerate(told):
            await bot.outbox.sent(delivery, number + 1)
        return [delivery.mentions for delivery in told]

    assert await mentioned_by(old, *new) == [(7,)]
    assert await mentioned_by(old, *new) == [()], "its posts have one cooldown"
    first = (await bot.watches.list(GUILD))[-1]
    await managed.set_mention(GUILD, WatchRef(first.id), Mention(8, 0))
    assert await mentioned_by(*new) == [()]
    assert await mentioned_by(old) == [(8,)], "what a post has of its own is its own"
    world.sandbox.clock.advance(600)
    assert await mentioned_by(*new) == [(7,)]
    await managed.set_mention(GUILD, ref, None)
    assert {watch.mention for watch in await bot.watches.list(GUILD)} == {None}


@on_sqlite
async def test_a_post_without_a_like_is_not_read_until_it_has_one(world: World, bot: Bot) -> None:
    await _watch(bot)
    post = world.post()
    await _look(bot)
    assert await bot.requests() == []
    people = world.likes(post)
    await _look(bot)
    assert await announced(bot.database) == people


@on_sqlite
async def test_where_names_are_hidden_growth_is_told_from_nothing_on(
    world: World, bot: Bot
) -> None:
    added = await _watch(bot, name="Twitter")
    assert not added.by_name
    post = world.post(author_id=TWITTER)
    world.likes(post, 3)
    await _look(bot)

    assert await growths(bot.database) == [(0, 3)]
    assert await _notices(bot.database) == []


@on_sqlite
async def test_an_account_is_asked_once_however_many_watch_it(world: World, bot: Bot) -> None:
    await _watch(bot)
    await _watch(bot, THERE)
    await _watch(bot, THERE + 1, ELSEWHERE)
    await bot.requests()
    post = world.post()
    people = world.likes(post, 2)
    bot.world.sandbox.clock.advance(EVERY.total_seconds())
    await bot.accounts.run_once()
    assert len(await bot.requests(f"{DEV}/tweets")) == 1
    await bot.round()

    assert await _watched(bot) == [post, post]
    assert await _watched(bot, ELSEWHERE) == [post]
    assert sorted(await announced(bot.database)) == sorted(people * 3)


async def test_two_processes_that_find_a_post_at_once_watch_it_once(world: World, bot: Bot) -> None:
    await _watch(bot)
    await _watch(bot, THERE, ELSEWHERE)
    post = world.post()
    people = world.likes(post, 2)
    pollers = [NewPostsRound(bot.database, bot.x, bot.health, bot.now, EVERY) for _ in range(3)]
    found = await asyncio.gather(*(poller.run_once() for poller in pollers))
    await bot.round()

    assert sum(appeared.watches for appeared in found) == 2
    assert (await _watched(bot), await _watched(bot, ELSEWHERE)) == ([post], [post])
    assert sorted(await announced(bot.database)) == sorted(people * 2)


@on_sqlite
async def test_a_look_that_finds_nothing_costs_nothing_and_a_post_is_paid_by_its_guilds(
    world: World, bot: Bot
) -> None:
    await _watch(bot)
    await _watch(bot, THERE, ELSEWHERE)
    before, _ = await bot.ledger.spent()
    await bot.accounts.run_once()
    assert (await bot.ledger.spent())[0] == before

    world.post()
    bot.world.sandbox.clock.advance(EVERY.total_seconds())
    await bot.accounts.run_once()
    # The account's own post, at the price of owned reads.
    assert (await bot.ledger.spent())[0] - before == Decimal("0.001")
    spent = await bot.ledger.refresh()
    # Each of the two has asked who TwitterDev is, which X charges once a day.
    assert spent[ELSEWHERE] == 500


@on_sqlite
async def test_replies_and_reposts_come_where_they_are_wanted(world: World, bot: Bot) -> None:
    old, foreign = world.post(), world.post(author_id=TWITTER, likes=3)
    await _watch(bot)
    await _watch(bot, THERE, ELSEWHERE, replies=True)
    plain = world.post()
    answer, repost = _make(world, "replied_to", old), _make(world, "retweeted", foreign)
    quote = _make(world, "quoted", foreign)
    await _look(bot)

    assert await _watched(bot) == [plain, quote]
    assert await _watched(bot, ELSEWHERE) == [plain, answer, quote]
    assert repost not in await _watched(bot, ELSEWHERE)


@on_sqlite
async def test_of_a_repost_the_original_is_watched_with_its_author_and_from_now_on(
    world: World, bot: Bot
) -> None:
    foreign, gone = world.post(author_id=TWITTER, likes=3), world.post(author_id=TWITTER)
    await _watch(bot, reposts=True)
    _make(world, "retweeted", gone)
    world.delete(gone)
    _make(world, "retweeted", foreign)
    await _look(bot)

    (watch,) = await bot.watches.list(GUILD)
    assert watch.post.id == foreign
    assert watch.post.author is not None
    assert watch.post.author.username == "Twitter"
    assert await growths(bot.database) == []
    world.likes(foreign)
    await _look(bot)
    assert await growths(bot.database) == [(3, 4)]


@on_sqlite
async def test_many_new_posts_are_all_found(world: World, bot: Bot) -> None:
    await _watch(bot)
    posts = [world.post() for _ in range(23)]
    await _look(bot)
    assert await _watched(bot) == posts
    await _look(bot)
    assert await _watched(bot) == posts


@on_sqlite
async def test_a_post_that_is_watched_already_is_left_as_it_is(world: World, bot: Bot) -> None:
    await _watch(bot)
    post = world.post()
    by_hand = await bot.watch(post)
    await _look(bot)

    (watch,) = await bot.watches.list(GUILD)
    assert (watch.id, watch.expires_at) == (by_hand, None)


@on_sqlite
async def test_a_later_version_of_a_post_begins_silently(world: World, bot: Bot) -> None:
    old = world.post(likes=2)
    await _watch(bot)
    order = {"author_id": str(DEV), "text": "Edited", "edit_of": str(old)}
    newer = make_post(world.sandbox.world, order).id
    world.likes(newer, 2)
    await _look(bot)
    assert await _watched(bot) == [newer]
    assert await announcements(bot.database) == []


# How long


@on_sqlite
async def test_each_post_is_watched_for_the_days_that_were_chosen(world: World, bot: Bot) -> None:
    await _watch(bot, days=3)
    post = world.post()
    made = world.sandbox.world.posts[post].created_at
    await _look(bot)

    (watch,) = await bot.watches.list(GUILD)
    assert watch.expires_at is not None
    assert abs(watch.expires_at - made - timedelta(days=3)) < timedelta(seconds=1)


@on_sqlite
async def test_what_is_too_old_when_it_is_found_is_not_watched(world: World, bot: Bot) -> None:
    await _watch(bot, days=1)
    world.post()
    world.sandbox.clock.advance(timedelta(days=2).total_seconds())
    fresh = world.post()
    await _look(bot)
    assert await _watched(bot) == [fresh]


# What goes wrong


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("protected", "are protected now"),
        ("suspended", "no longer shows the account"),
        ("deactivated", "no longer shows the account"),
    ],
)
@on_sqlite
async def test_an_account_that_is_hidden_is_told_of_once_and_goes_on_by_itself(
    world: World, bot: Bot, field: str, words: str
) -> None:
    user = world.sandbox.world.users[TWITTER]
    await _watch(bot, name="Twitter")
    await _watch(bot, THERE, ELSEWHERE, name="Twitter")
    setattr(user, field, True)
    await _look_for_a_minute(bot)

    told = await _notices(bot.database)
    assert {row.channel_id for row in told} == {CHANNEL, THERE}
    assert all(words in sentence_of(row) and "`@Twitter`" in sentence_of(row) for row in told)
    assert len(told) == 2
    (listed,) = await bot.account_watches.list(GUILD)
    assert listed.trouble == notice_of(told[0])
    assert not _is_troubled(bot)

    setattr(user, field, False)
    post = world.post(author_id=TWITTER)
    await _look(bot)
    assert await _watched(bot) == [post]
    assert len(await _notices(bot.database)) == 2
    await _look_for_a_minute(bot)
    told = await _notices(bot.database)
    assert [sentence_of(row) for row in told[2:]] == [
        "X shows the posts of `@Twitter` again. I go on with its new posts."
    ] * 2
    (listed,) = await bot.account_watches.list(GUILD)
    assert listed.trouble is None


@on_sqlite
async def test_one_look_that_does_not_show_it_says_nothing(world: World, bot: Bot) -> None:
    await _watch(bot, name="Twitter")
    world.fault("GET /2/users/:id/tweets", status=404, times=1)
    for _ in range(6):
        await _look(bot)

    (listed,) = await bot.account_watches.list(GUILD)
    assert listed.trouble is None
    assert await _notices(bot.database) == []


@on_sqlite
async def test_one_account_that_fails_keeps_no_other_waiting(world: World, bot: Bot) -> None:
    await _watch(bot, name="Twitter")
    await _watch(bot, THERE)
    world.fault("GET /2/users/:id/tweets", status=400, times=1)
    post = world.post()
    await _look(bot)
    assert _is_troubled(bot)
    assert await _watched(bot) == [post]
    await _look(bot)
    assert not _is_troubled(bot)


@on_sqlite
async def test_what_appeared_while_x_was_away_is_found_afterwards(world: World, bot: Bot) -> None:
    await _watch(bot)
    world.fault("GET /2/users/:id/tweets", status=503, times=2)
    post = world.post()
    await bot.accounts.run_once()
    assert _is_troubled(bot)
    people = world.likes(post)
    await _look(bot)
    assert not _is_troubled(bot)
    assert await announced(bot.database) == people


@on_sqlite
async def test_no_account_is_asked_about_when_x_allows_no_more(world: World, bot: Bot) -> None:
    await _watch(bot)
    world.post()
    await bot.leave(1, Endpoint.USER_POSTS)
    await bot.requests()
    await bot.accounts.run_once()
    assert await bot.requests("/tweets") == []
    assert await _watched(bot) == []


@on_sqlite
async def test_accounts_take_turns_where_not_all_can_be_asked_at_once(
    world: World, bot: Bot
) -> None:
    names = [world.person().username for _ in range(3)]
    for number, name in enumerate(names):
        await _watch(bot, CHANNEL + number, name=name)
    # One more than is kept for others, each time: a single request a look.
    asked = []
    for _ in range(3):
        world.sandbox.clock.advance(EVERY.total_seconds())
        allowance = await bot.x.allowance(Endpoint.USER_POSTS)
        await bot.leave(allowance.limit // 5 + 1, Endpoint.USER_POSTS)
        await bot.requests()
        await bot.accounts.run_once()
        asked += [entry["path"] for entry in await bot.requests("/tweets")]
    assert len(asked) == len(set(asked)) == 3


@on_sqlite
async def test_many_accounts_of_one_server_keep_no_other_servers_waiting(
    world: World, bot: Bot
) -> None:
    many = [world.person().username for _ in range(12)]
    for number, name in enumerate(many):
        await _watch(bot, CHANNEL + number, name=name)
    alone = world.person()
    await _watch(bot, CHANNEL + len(many), ELSEWHERE, alone.username)

    asked = []
    for _ in range(8):
        world.sandbox.clock.advance(EVERY.total_seconds())
        allowance = await bot.x.allowance(Endpoint.USER_POSTS)
        await bot.leave(allowance.limit // 5 + 1, Endpoint.USER_POSTS)
        await bot.requests()
        await bot.accounts.run_once()
        asked += [str(alone.id) in entry["path"] for entry in await bot.requests("/tweets")]

    assert len(asked) == 8
    assert sum(asked) >= 3


# The service


@on_sqlite
async def test_what_cannot_be_watched_is_refused(world: World, bot: Bot) -> None:
    with pytest.raises(UserNotFound):
        await _watch(bot, name="nobody_at_all")
    world.sandbox.world.users[TWITTER].protected = True
    with pytest.raises(PostsOfUserNotShown, match="protected"):
        await _watch(bot, name="Twitter")
    with pytest.raises(NoChannel):
        await bot.account_watches.add(
            AccountWatchRequest(GUILD, None, "TwitterDev", MEMBER, days=7)
        )
    assert await bot.account_watches.list(GUILD) == ()


async def test_asked_for_again_it_is_there_once_with_the_new_choice(bot: Bot) -> None:
    first = await _watch(bot)
    again = await _watch(bot, days=2, reposts=True)
    assert (first.already_there, again.already_there) == (False, True)
    assert first.by_name
    assert first.forecast.liker_usd == Decimal("0.01")

    (watch,) = await bot.account_watches.list(GUILD)
    assert (watch.id, watch.days, watch.replies, watch.reposts) == (first.watch.id, 2, False, True)
    assert await bot.account_watches.list(ELSEWHERE) == ()


async def test_removed_it_takes_its_posts_along_and_no_others(world: World, bot: Bot) -> None:
    by_hand = world.post()
    await bot.watch(by_hand)
    added = await _watch(bot)
    world.likes(world.post(), 2)
    world.post()
    await _look(bot)
    (listed,) = await bot.account_watches.list(GUILD)
    assert listed.posts_watched == 2
    (choice,) = await bot.account_watches.choices(GUILD, "@twitterd")
    assert (choice.watch_id, choice.account, choice.channel_id) == (added.watch.id, True, CHANNEL)
    assert await bot.account_watches.choices(GUILD, "else") == ()
    with pytest.raises(UnknownWatch):
        await bot.account_watches.remove(ELSEWHERE, added.watch.id)

    removed = await bot.account_watches.remove(GUILD, added.watch.id)
    world.post()
    await _look(bot)

    assert removed.posts_watched == 2
    assert await bot.account_watches.list(GUILD) == ()
    assert await _watched(bot) == [by_hand]
    assert await announcements(bot.database) == []


@on_sqlite
async def test_while_the_bot_is_out_of_a_server_its_accounts_rest(world: World, bot: Bot) -> None:
    await _watch(bot)
    await bot.watches.left(GUILD)
    world.post()
    await _look(bot)
    await bot.watches.joined(GUILD)
    await _look(bot)
    assert await _watched(bot) == []

    await bot.watches.present_in([ELSEWHERE])
    world.post()
    await bot.watches.present_in([GUILD, ELSEWHERE])
    post = world.post()
    await bot.watches.present_in([GUILD, ELSEWHERE])
    await _look(bot)
    assert post in await _watched(bot)


@on_sqlite
async def test_the_rows_say_who_began_and_when_it_was_looked(world: World, bot: Bot) -> None:
    added = await _watch(bot)
    post = world.post()
    await _look(bot)
    async with bot.database.reading() as session:
        row = await session.get(AccountWatch, added.watch.id)
    (watch,) = await bot.watches.list(GUILD)
    async with bot.database.reading() as session:
        found = await session.get(Watch, watch.id)
    assert row is not None
    assert found is not None
    assert (row.created_by, row.since_id) == (MEMBER, post)
    assert row.checked_at is not None
    assert (found.created_by, found.account_watch_id) == (MEMBER, added.watch.id)
    assert (await stored_post(bot.database, post)).author_id == DEV
