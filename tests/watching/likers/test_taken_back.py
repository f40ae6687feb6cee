"""Likes that are taken back, and likers that X shows no longer."""

from sqlmodel import col, update

from bot.domain.notices import LikersHidden
from bot.domain.page_sizes import LIKERS_BEYOND_KNOWN
from bot.watching.post_state.looking_again import LOOKS
from storage.models import AnnouncementKind, PostKind, Watch
from tests.databases import on_sqlite
from tests.watching.harness import (
    TWITTER,
    Bot,
    World,
    announced,
    announcements,
    growths,
    notices,
    stored_likers,
    stored_post,
)


async def _watch(bot: Bot, post_id: int, *, unlikes: bool, channel_id: int = 1) -> int:
    watch_id = await bot.watch(post_id, channel_id=channel_id)
    async with bot.database.transaction() as session:
        await session.exec(update(Watch).where(col(Watch.id) == watch_id).values(unlikes=unlikes))
    bot.world.sandbox.clock.advance(LOOKS[-1].total_seconds())  # no list is late by more
    await bot.requests()
    return watch_id


async def _left(bot: Bot) -> list[tuple[int | None, list[int]]]:
    """Return what was told of likes that were taken back: which watch, and who."""
    return [
        (row.watch_id, row.liker_ids)
        for row in await announcements(bot.database)
        if row.kind is AnnouncementKind.LEFT
    ]


async def _left_ids(bot: Bot) -> list[int]:
    return [who for _, some in await _left(bot) for who in some]


async def test_a_count_that_falls_is_looked_into_once_where_a_watch_asks(
    world: World, bot: Bot
) -> None:
    post = world.post(likes=5)
    watch = await _watch(bot, post, unlikes=True)
    await _watch(bot, post, unlikes=False, channel_id=2)
    gone = sorted(await stored_likers(bot.database, post))[1:3]
    world.unlike(post, *gone)
    for _ in range(3):
        await bot.round()

    assert await _left(bot) == [(watch, gone)]
    assert len(await announcements(bot.database)) == 1
    assert len(await bot.requests()) == 1


@on_sqlite
async def test_where_nobody_asks_a_fall_is_looked_into_once_a_day_and_nothing_is_told(
    world: World, bot: Bot
) -> None:
    post = world.post(likes=5)
    await _watch(bot, post, unlikes=False)
    people = sorted(await stored_likers(bot.database, post))
    for person in people[:3]:
        world.unlike(post, person)
        await bot.round()
    assert len(await bot.requests()) == 1
    assert await stored_likers(bot.database, post) == set(people[1:])

    world.sandbox.clock.advance(24 * 3_600)
    await bot.round()
    await bot.round()
    assert len(await bot.requests()) == 1
    assert await stored_likers(bot.database, post) == set(people[3:])
    assert await announcements(bot.database) == []


@on_sqlite
async def test_likes_that_wait_go_first(world: World, bot: Bot) -> None:
    post, other = world.post(likes=5), world.post(likes=5)
    watch = await _watch(bot, post, unlikes=True)
    await bot.watch(other, channel_id=2)
    gone = min(await stored_likers(bot.database, post))
    people = world.likes(other)
    world.unlike(post, gone)
    await bot.count()
    await bot.collector.run_once()
    assert (await _left(bot), await announced(bot.database)) == ([], people)
    await bot.collector.run_once()

    assert await _left(bot) == [(watch, [gone])]


@on_sqlite
async def test_without_room_it_waits_for_the_next_window(world: World, bot: Bot) -> None:
    post = world.post(likes=5)
    await _watch(bot, post, unlikes=True)
    gone = min(await stored_likers(bot.database, post))
    world.unlike(post, gone)
    await bot.leave(37)
    await bot.round()
    assert (await bot.requests(), await _left(bot)) == ([], [])

    world.sandbox.clock.advance(901)
    await bot.round()
    assert [who for _, who in await _left(bot)] == [[gone]]


@on_sqlite
async def test_one_that_cannot_be_read_does_not_keep_others_from_it(world: World, bot: Bot) -> None:
    posts = [world.post(likes=5) for _ in range(2)]
    for channel_id, post in enumerate(posts, start=1):
        await _watch(bot, post, unlikes=True, channel_id=channel_id)
        world.unlike(post, min(await stored_likers(bot.database, post)))
    world.fault(f"GET /2/tweets/{posts[0]}/liking_users", status=503, times=100)
    for _ in range(2):
        await bot.round()
    assert len(await _left(bot)) == 1

    world.sandbox.faults.clear()
    for _ in range(5):
        await bot.round()
    assert len(await _left(bot)) == 2


@on_sqlite
async def test_a_like_taken_back_that_the_count_does_not_show_takes_a_second_look(
    world: World, bot: Bot
) -> None:
    """A like and an unlike between two counts leave nothing to see in the count."""
    post = world.post(likes=5)
    await _watch(bot, post, unlikes=True)
    gone = min(await stored_likers(bot.database, post))
    world.unlike(post, gone)
    world.likes(post, protected=True)
    await bot.round()
    assert await _left(bot) == []

    world.sandbox.clock.advance(24 * 3_600)
    await bot.round()
    for _ in range(3):
        await bot.round()
        assert await _left(bot) == [], "that took 45 s"
    await bot.round()
    await bot.round()
    assert [who for _, who in await _left(bot)] == [[gone]]


@on_sqlite
async def test_who_is_only_left_out_of_one_answer_is_not_told_of(world: World, bot: Bot) -> None:
    post = world.post(likes=5)
    await _watch(bot, post, unlikes=True)
    person = world.sandbox.world.users[min(await stored_likers(bot.database, post))]
    world.sandbox.clock.advance(24 * 3_600)
    person.protected = True
    await bot.round()
    person.protected = False
    for _ in range(8):
        await bot.round()

    assert await _left(bot) == []
    assert len(await bot.requests()) == 2, "once more, and then the next day"


@on_sqlite
async def test_who_is_pushed_out_of_the_newest_hundred_has_not_left(world: World, bot: Bot) -> None:
    world.sandbox.world.settings.listing = "newest_100"
    post = world.post(likes=100)
    await _watch(bot, post, unlikes=True)
    people = []
    for _ in range(3):
        people += world.likes(post, 20)
        await bot.round()
    gone = people[30]
    world.unlike(post, gone)
    for _ in range(8):
        await bot.round()
    world.sandbox.clock.advance(24 * 3_600)
    for _ in range(8):
        await bot.round()

    assert [who for _, who in await _left(bot)] == [[gone]]
    assert await announced(bot.database) == [*people, *await _left_ids(bot)]


@on_sqlite
async def test_who_liked_lately_is_not_gone_where_the_list_shows_again_how_it_was(
    world: World, bot: Bot
) -> None:
    """X's list may be answered by a machine that is behind another, beside a fall."""
    post = world.post(likes=5)
    watch = await _watch(bot, post, unlikes=True)
    gone = min(await stored_likers(bot.database, post))
    (lately,) = world.likes(post)
    await bot.round()
    world.sandbox.world.settings.list_lag_s = 50
    world.unlike(post, gone)
    await bot.round()
    await bot.rest(30)
    assert len(await bot.requests()) == 2
    assert await _left(bot) == []

    await bot.rest(60)
    assert await _left(bot) == [(watch, [gone])]
    assert await announced(bot.database) == [lately, gone]


@on_sqlite
async def test_nobody_has_gone_whom_a_list_that_is_minutes_behind_lacks_twice(
    world: World, bot: Bot
) -> None:
    post = world.post(likes=5)
    watch = await _watch(bot, post, unlikes=True)
    gone = min(await stored_likers(bot.database, post))
    lately = world.likes(post, 3)
    await bot.round()
    world.sandbox.world.settings.list_lag_s = 200
    world.unlike(post, gone)
    await bot.round()
    await bot.rest(150)
    assert len(await bot.requests()) > 2
    assert await _left(bot) == []

    await bot.rest(300)
    world.sandbox.clock.advance(24 * 3_600)
    await bot.rest(75)
    assert await _left(bot) == [(watch, [gone])]
    assert await announced(bot.database) == [*lately, gone]


@on_sqlite
async def test_a_list_that_is_behind_a_fall_is_looked_at_once_more(world: World, bot: Bot) -> None:
    post = world.post(likes=5)
    watch = await _watch(bot, post, unlikes=True)
    gone = min(await stored_likers(bot.database, post))
    world.sandbox.world.settings.list_lag_s = 50
    world.unlike(post, gone)
    await bot.round()
    await bot.rest(30)
    assert (len(await bot.requests()), await _left(bot)) == (1, [])

    await bot.rest(60)
    assert await _left(bot) == [(watch, [gone])]


@on_sqlite
async def test_who_takes_a_like_back_that_was_given_lately_is_told_of_after_a_second_look(
    world: World, bot: Bot
) -> None:
    post = world.post(likes=5)
    watch = await _watch(bot, post, unlikes=True)
    (lately,) = world.likes(post)
    await bot.round()
    world.unlike(post, lately)
    await bot.round()
    await bot.rest(50)
    assert await _left(bot) == []

    await bot.rest(25)
    assert await _left(bot) == [(watch, [lately])]


# Names that are hidden later


@on_sqlite
async def test_likers_that_are_hidden_later_are_told_of_once(world: World, bot: Bot) -> None:
    world.sandbox.world.settings.likers = "public"
    post = world.post(author_id=TWITTER, likes=3)
    await bot.watch(post)
    assert (await stored_post(bot.database, post)).kind is PostKind.NAMES

    world.sandbox.world.settings.likers = "private"
    for _ in range(3):
        world.likes(post, 2)
        await bot.round()
        await bot.rest(270)
        assert await announcements(bot.database) == []
    world.likes(post, 2)
    await bot.round()
    await bot.rest(300)
    world.likes(post)
    await bot.round()

    assert (await stored_post(bot.database, post)).kind is PostKind.COUNTS
    assert await notices(bot.database) == [LikersHidden()]
    assert await growths(bot.database) == [(3, 12)]
    assert await announced(bot.database) == []


async def test_likers_that_are_not_shown_for_a_while_are_named_afterwards(
    world: World, bot: Bot
) -> None:
    world.sandbox.world.settings.likers = "public"
    post = world.post(author_id=TWITTER, likes=3)
    await bot.watch(post)
    world.sandbox.world.settings.likers = "private"
    people = world.likes(post, 2)
    await bot.round()
    await bot.rest(45)
    world.sandbox.world.settings.likers = "public"
    await bot.rest(20)

    assert await announced(bot.database) == people
    assert await notices(bot.database) == []


@on_sqlite
async def test_a_long_list_is_read_no_farther_than_the_forecast_says(
    world: World, bot: Bot
) -> None:
    post = world.post()
    people = world.likes(post, 400)
    await _watch(bot, post, unlikes=True)
    known = await stored_likers(bot.database, post)
    world.unlike(post, people[0])
    for _ in range(3):
        await bot.round()

    assert people[0] not in known
    assert sum(await bot.pages()) == len(known) + LIKERS_BEYOND_KNOWN
