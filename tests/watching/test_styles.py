"""Each style tells every like once, whatever happens between, and whatever the style was before."""

from datetime import timedelta

import pytest

from bot.domain import AnnouncementType, Delivery
from bot.domain.announcements import MessageForm
from bot.domain.styles import WatchStyle
from bot.watching.message_edits import MessageEditQueue
from bot.watching.post_state.looking_again import SOON
from storage.database import Database
from storage.message_edits import MessageEdits
from storage.models import (
    AnnouncementKind,
    AnnouncementState,
    AnnouncementStyle,
    EditReason,
    Guild,
    Post,
    Watch,
    XUser,
)
from storage.watches import Watches
from tests.databases import on_sqlite
from tests.outboxes import Stand, ids
from tests.storage.rows import CHANNEL, GUILD, MINUTE, POST

LONG = 3 * MINUTE
MILLISECOND = timedelta(milliseconds=1)


@pytest.fixture
async def stand(database: Database) -> Stand:
    return await Stand(database).open()


async def styled(stand: Stand, style: AnnouncementStyle | None, **more: object) -> None:
    async with stand.database.transaction() as session:
        watch = await session.get_one(Watch, stand.watches[CHANNEL])
        watch.style = style
        watch.sqlmodel_update(more)


async def count_to(stand: Stand, likes: int) -> None:
    async with stand.database.transaction() as session:
        post = await session.get_one(Post, POST)
        post.like_count = post.collected_count = likes


async def add(stand: Stand, size: int, to: int) -> list[int]:
    """Let so many likes wait that bring the count to a number."""
    added = await stand.add(size)
    rows = [row for row in await stand.rows() if row.id in added]
    async with stand.database.transaction() as session:
        for row in rows:
            row.to_count, row.created_at = to, stand.time
            await session.merge(row)
    await count_to(stand, to)
    return added


async def claimed(stand: Stand) -> Delivery:
    delivery = await stand.claim()
    assert delivery is not None
    return delivery


# Cards


async def test_a_card_is_one_message_that_tells_more_and_more(stand: Stand) -> None:
    await styled(stand, AnnouncementStyle.CARD)
    await add(stand, 7, to=7)
    first = await claimed(stand)
    assert (first.style, first.card_id) == (WatchStyle.CARD, None)
    await stand.outbox.sent(first, 77)

    stand.time += MINUTE
    await add(stand, 2, to=9)
    second = await claimed(stand)
    assert (second.key, second.card_id) == (first.key, 77)
    (told,) = second.announcements
    assert ([liker.id for liker in told.likers], told.more) == ([9, 8, 7, 6, 5], 4)
    assert (told.course[0], told.course[-1]) == (0, 9)
    await stand.outbox.sent(second, 77)
    assert await stand.claim() is None
    assert {row.message_id for row in await stand.rows()} == {77}


@on_sqlite
async def test_a_change_of_a_card_that_was_cut_off_is_made_again(stand: Stand) -> None:
    await styled(stand, AnnouncementStyle.CARD)
    await add(stand, 1, to=1)
    first = await claimed(stand)
    stand.time += LONG
    again = await claimed(stand)
    assert (again.key, ids(again), again.card_id) == (first.key, ids(first), None)
    await stand.outbox.sent(again, 77)

    later = await add(stand, 1, to=2)
    cut_off = await claimed(stand)
    await add(stand, 1, to=3)
    stand.time += LONG
    again = await claimed(stand)
    assert ids(again) == ids(cut_off) == [*ids(first), *later], "what came since has to wait"
    await stand.outbox.sent(again, 77)
    assert (await claimed(stand)).announcements[0].told == 3


async def test_a_card_that_is_gone_is_begun_anew_with_what_it_did_not_tell(stand: Stand) -> None:
    await styled(stand, AnnouncementStyle.CARD)
    await add(stand, 3, to=3)
    await stand.outbox.sent(await claimed(stand), 77)
    later = await add(stand, 1, to=4)
    gone = await claimed(stand)
    await stand.outbox.renew_card(gone)

    anew = await claimed(stand)
    assert (anew.card_id, ids(anew)) == (None, later)
    assert anew.key != gone.key


@on_sqlite
async def test_what_discord_refuses_of_a_card_is_plainer_and_set_aside_at_last(
    stand: Stand,
) -> None:
    await styled(stand, AnnouncementStyle.CARD)
    first = await add(stand, 1, to=1)
    await stand.outbox.sent(await claimed(stand), 77)
    refused = await add(stand, 1, to=2)
    for _ in range(4):
        await stand.outbox.refused(await claimed(stand), 200_000)
    states = {row.id: row.state for row in await stand.rows()}
    assert states[refused[0]] is AnnouncementState.SET_ASIDE
    await stand.outbox.sent(await claimed(stand), 78)  # that it was set aside

    later = await add(stand, 1, to=3)
    last = await claimed(stand)
    assert ids(last) == [*first, *later]
    await stand.outbox.sent(last, 77)
    states = {row.id: row.state for row in await stand.rows()}
    assert states[refused[0]] is AnnouncementState.SET_ASIDE, "nobody was told of it"


async def test_a_card_of_which_something_was_set_aside_goes_on_however_it_does(
    stand: Stand,
) -> None:
    await styled(stand, AnnouncementStyle.CARD)
    first = await add(stand, 1, to=1)
    await stand.outbox.sent(await claimed(stand), 77)
    refused = await add(stand, 1, to=2)
    for _ in range(4):
        await stand.outbox.refused(await claimed(stand), 200_000)
    await stand.outbox.sent(await claimed(stand), 78)  # that it was set aside

    later = await add(stand, 1, to=3)
    await stand.outbox.refused(await claimed(stand), 50_035)
    plainer = await claimed(stand)
    assert (ids(plainer), plainer.form) == ([*first, *later], MessageForm.WITHOUT_PICTURE)
    assert len(plainer.announcements) == 1, "what is told plainer is told of the same post"
    stand.time += LONG
    again = await claimed(stand)
    assert ids(again) == [*first, *later], "what was set aside is not taken up"
    await stand.outbox.renew_card(again)
    anew = await claimed(stand)
    assert ids(anew) == later
    await stand.outbox.sent(anew, 79)
    states = {row.id: row.state for row in await stand.rows()}
    assert states[refused[0]] is AnnouncementState.SET_ASIDE


# Milestones


@on_sqlite
async def test_milestones_are_told_once_with_everybody_since_the_last(stand: Stand) -> None:
    await styled(stand, AnnouncementStyle.MILESTONES)
    await add(stand, 6, to=6)
    assert await stand.claim() is None
    await add(stand, 6, to=12)
    told = await claimed(stand)
    (announcement,) = told.announcements
    assert (announcement.told, announcement.milestone) == (12, 10)
    await stand.outbox.sent(told, 1)

    # The count falls and rises again.
    await add(stand, 2, to=11)
    await count_to(stand, 13)
    assert await stand.claim() is None
    await add(stand, 20, to=31)
    assert (await claimed(stand)).announcements[0].milestone == 25


async def test_a_milestone_that_pushed_likes_come_to_waits_for_no_count(stand: Stand) -> None:
    await styled(stand, AnnouncementStyle.MILESTONES)
    await add(stand, 9, to=9)
    await count_to(stand, 0)
    assert await stand.claim() is None
    await add(stand, 1, to=10)
    await count_to(stand, 0)
    (announcement,) = (await claimed(stand)).announcements
    assert (announcement.told, announcement.milestone) == (10, 10)


async def test_a_milestone_waits_for_those_who_are_counted_and_not_read_yet(stand: Stand) -> None:
    await styled(stand, AnnouncementStyle.MILESTONES)
    await add(stand, 9, to=9)
    async with stand.database.transaction() as session:
        post = await session.get_one(Post, POST)
        post.like_count, post.moved_at = 10, stand.time
    stand.time += LONG  # as long as X's allowance lets nobody read them
    assert await stand.claim() is None

    await add(stand, 1, to=10)
    (announcement,) = (await claimed(stand)).announcements
    assert (announcement.told, announcement.milestone) == (10, 10)


async def test_a_milestone_waits_for_whom_x_does_not_list_as_long_as_lists_are_late(
    stand: Stand,
) -> None:
    await styled(stand, AnnouncementStyle.MILESTONES)
    await add(stand, 9, to=9)
    async with stand.database.transaction() as session:
        post = await session.get_one(Post, POST)
        post.like_count, post.missing_count, post.looked_for_since = 10, 1, stand.time
    stand.time += SOON - MILLISECOND
    assert await stand.claim() is None

    stand.time += MILLISECOND
    (announcement,) = (await claimed(stand)).announcements
    assert (announcement.told, announcement.milestone) == (9, 10)


async def test_a_goal_and_own_milestones_are_told(stand: Stand) -> None:
    await styled(stand, AnnouncementStyle.MILESTONES, milestones=[3], goal=5)
    for likes, milestone in ((3, 3), (4, None), (5, 5)):
        await add(stand, 1, to=likes)
        delivery = await stand.claim()
        assert (delivery and delivery.announcements[0].milestone) == milestone
        if delivery is not None:
            await stand.outbox.sent(delivery, likes)


# Digests, quiet hours, pauses


async def test_a_digest_comes_with_the_hour_and_holds_all_posts(stand: Stand) -> None:
    async with stand.database.transaction() as session:
        session.add(Guild(id=GUILD, style=AnnouncementStyle.DIGEST))
    added = [*await stand.add_apart(1, 2), *await stand.add(3, 4)]
    left = await stand.add(1, kind=AnnouncementKind.LEFT)
    assert await stand.claim() is None
    assert {row.state for row in await stand.rows()} == {AnnouncementState.HELD}
    stand.time += timedelta(hours=1)

    digest = await claimed(stand)
    assert digest.style is WatchStyle.DIGEST
    assert ids(digest) == [*added, *left]
    assert [one.told for one in digest.announcements if one.type is AnnouncementType.LIKES] == [
        1,
        2,
        7,
    ]


@on_sqlite
async def test_what_falls_into_quiet_hours_comes_after_them_as_one(stand: Stand) -> None:
    async with stand.database.transaction() as session:
        session.add(Guild(id=GUILD, quiet_from=11 * 60, quiet_until=13 * 60))
    await stand.add(2)
    assert await stand.claim() is None
    stand.time += timedelta(minutes=30)
    await stand.add(3)
    assert await stand.claim() is None
    stand.time += timedelta(minutes=30)

    assert (await claimed(stand)).announcements[0].told == 5


@on_sqlite
async def test_a_paused_watch_keeps_what_it_had_to_tell(stand: Stand) -> None:
    added = await stand.add(2)
    await styled(stand, None, resting_since=stand.time)
    assert await stand.claim() is None
    await styled(stand, None, resting_since=None)
    assert ids(await claimed(stand)) == added


# One after the other


@on_sqlite
async def test_a_change_of_style_loses_and_repeats_nothing(stand: Stand) -> None:
    """Whatever was begun stays as it was begun, and all that was held is told in the new one."""
    told: list[int] = []
    likes = 0
    expected: list[int] = []
    for turn, style in enumerate([*AnnouncementStyle, *reversed(AnnouncementStyle)]):
        await styled(stand, style)
        likes += 3
        expected += await add(stand, 3, to=likes)
        begun = await stand.claim()
        if turn % 2 and begun is not None:
            # Nobody knows what became of it: it is taken up in the next style.
            stand.time += LONG
            begun = await stand.claim()
        if begun is not None:
            new = [each for each in ids(begun) if each not in told or begun.card_id is None]
            told += [each for each in new if each not in told]
            await stand.outbox.sent(begun, 100 + turn)
        stand.time += MINUTE
    await styled(stand, None)
    stand.time += timedelta(hours=2)
    while (rest := await stand.claim()) is not None:
        told += ids(rest)
        await stand.outbox.sent(rest, 7)

    assert sorted(told) == sorted(expected)
    assert {row.state for row in await stand.rows()} == {AnnouncementState.SENT}


# Whom a message mentions and names


async def test_a_role_is_mentioned_with_what_begins_and_not_again_within_its_time(
    stand: Stand,
) -> None:
    await styled(stand, None, mention_role_id=7, mention_every_s=3_600)
    await stand.add(1)
    first = await claimed(stand)
    assert first.mentions == (7,)
    stand.time += LONG
    again = await claimed(stand)
    assert again.mentions == (7,), "the same message says the same"
    await stand.outbox.sent(again, 1)
    await stand.add(1)
    quiet = await claimed(stand)
    assert quiet.mentions == ()
    await stand.outbox.sent(quiet, 2)
    stand.time += timedelta(hours=1)
    await stand.add(1)
    assert (await claimed(stand)).mentions == (7,)


async def test_only_those_whom_a_watch_wants_are_named_and_the_others_counted(
    stand: Stand,
) -> None:
    await styled(stand, None, only_verified=True, least_followers=100)
    await stand.add(9)
    async with stand.database.transaction() as session:
        for user_id, verified, followers in ((2, "blue", 100), (4, None, 500), (6, "blue", 99)):
            user = await session.get_one(XUser, user_id)
            user.verified_type, user.followers = verified, followers
    (told,) = (await claimed(stand)).announcements
    assert ([liker.id for liker in told.likers], told.more) == ([2], 8)


@pytest.mark.parametrize("also", [{}, {"only_verified": True, "least_followers": 0}])
async def test_what_is_said_anew_is_said_as_its_watch_did_also_when_that_is_gone(
    stand: Stand, also: dict[str, object]
) -> None:
    wishes = {"least_followers": 100, "template": "{names}!", "goal": 50, **also}
    await styled(stand, AnnouncementStyle.CARD, **wishes)
    await stand.add(9)
    async with stand.database.transaction() as session:
        user = await session.get_one(XUser, 2)
        user.verified_type, user.followers = "blue", 100
    delivery = await claimed(stand)
    await stand.outbox.sent(delivery, 77)
    told_before = await stand.rows()
    async with stand.database.transaction() as session:
        watch = await Watches(session).get(GUILD, stand.watches[CHANNEL])
        assert watch is not None
        await Watches(session).remove(watch)
        await MessageEdits(session).add(told_before, EditReason.ASKED, stand.time)

    (retold,) = await MessageEditQueue(stand.database, stand.now).due()

    assert retold.delivery is not None
    (told,), (before,) = retold.delivery.announcements, delivery.announcements
    assert [liker.id for liker in told.likers] == [liker.id for liker in before.likers] == [2]
    assert (told.more, told.template, told.goal) == (8, "{names}!", 50)
