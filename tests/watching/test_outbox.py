"""What waits to be announced: bound to messages, in order, whatever happens."""

from decimal import Decimal

import pytest
from sqlmodel import select

from bot.domain import AnnouncementType, WatchKind
from bot.domain.notices import BudgetWarning, PostShown
from bot.domain.stored_notices import stored_notice
from bot.domain.troubles import DeliveryTrouble
from storage.database import Database
from storage.models import Announcement, AnnouncementKind, AnnouncementState, Watch
from storage.new_announcements import about_guild, about_post
from tests.databases import on_sqlite
from tests.outboxes import OTHER, Stand, ids
from tests.storage.rows import CHANNEL, GUILD, MINUTE, NOW, SECOND, store_announcements

# Longer than a claim lasts.
LONG = 3 * MINUTE

WARNING = BudgetWarning(Decimal("0.08"), Decimal("0.10"))


@pytest.fixture
async def stand(database: Database) -> Stand:
    return await Stand(database).open()


@on_sqlite
async def test_nothing_waits_at_first(stand: Stand) -> None:
    assert await stand.outbox.claim() == ()


# One message


@on_sqlite
async def test_whatever_waits_of_one_watch_is_one_announcement(stand: Stand) -> None:
    """A burst is one message, which names the newest and counts the others."""
    added = await stand.add(*[1] * 12, 87)
    delivery = await stand.claim()

    assert delivery is not None
    assert ids(delivery) == added
    (burst,) = delivery.announcements
    assert [liker.id for liker in burst.likers] == [99, 98, 97, 96, 95]
    assert (burst.more, burst.told) == (94, 99)


@on_sqlite
async def test_a_message_holds_what_five_watches_tell(stand: Stand) -> None:
    added = await stand.add_apart(*[1] * 7)
    later = await stand.add(3)

    assert await stand.send_all() == [added[:5], [*added[5:], *later]]


@on_sqlite
async def test_what_is_told_in_different_ways_is_not_put_together(stand: Stand) -> None:
    await stand.add(2)
    await stand.add(1, kind=AnnouncementKind.LEFT)
    await stand.add(1)
    delivery = await stand.claim()

    assert delivery is not None
    assert [(one.type, one.told) for one in delivery.announcements] == [
        (AnnouncementType.LIKES, 3),
        (AnnouncementType.LEFT, 1),
    ]


@on_sqlite
async def test_a_delivery_tells_what_its_card_needs(stand: Stand) -> None:
    await stand.add(2)
    await stand.add(0, kind=AnnouncementKind.GROWTH)
    async with stand.database.transaction() as session:
        growth = (await session.exec(select(Announcement).where(Announcement.id == 2))).one()
        growth.from_count, growth.to_count = 5, 7
    delivery = await stand.claim()

    assert delivery is not None
    assert (delivery.channel_id, delivery.first_tried_at) == (CHANNEL, NOW)
    likes, grown = delivery.announcements
    assert [liker.username for liker in likes.likers] == ["user2", "user1"]
    assert (likes.like_count, likes.from_count, likes.kind) == (40, None, WatchKind.NAMES)
    assert (grown.likers, grown.from_count, grown.like_count) == ((), 5, 7)


@on_sqlite
async def test_a_notice_takes_the_room_of_a_watch_and_needs_no_post(
    stand: Stand,
) -> None:
    await stand.add_apart(1, 1, 1, 1)
    async with stand.database.reading() as session:
        watch = await session.get_one(Watch, stand.watches[CHANNEL])
    await store_announcements(
        stand.database,
        about_post(watch, *stored_notice(PostShown()), NOW),
        about_guild(watch, CHANNEL, *stored_notice(WARNING), NOW),
    )
    first = await stand.claim()
    assert first is not None
    await stand.outbox.sent(first, 1)
    second = await stand.claim()

    assert second is not None
    assert [one.type for one in first.announcements] == [
        *[AnnouncementType.LIKES] * 4,
        AnnouncementType.NOTICE,
    ]
    (notice,) = second.announcements
    assert (notice.type, notice.notice, notice.post) == (AnnouncementType.NOTICE, WARNING, None)


async def test_never_fewer_likes_are_told_than_people(stand: Stand) -> None:
    """X's count of a moment ago may not have all whom it pushed or listed since."""
    await stand.add(41)
    delivery = await stand.claim()

    assert delivery is not None
    (burst,) = delivery.announcements
    assert (burst.told, burst.like_count) == (41, 41)


@on_sqlite
async def test_likes_taken_back_are_told_with_the_count_of_that_moment(stand: Stand) -> None:
    await stand.add(2, kind=AnnouncementKind.LEFT)
    delivery = await stand.claim()

    assert delivery is not None
    (left,) = delivery.announcements
    assert (left.type, len(left.likers), left.like_count) == (AnnouncementType.LEFT, 2, 0)


@on_sqlite
async def test_what_is_not_due_yet_waits(stand: Stand) -> None:
    await stand.add(1, after=MINUTE)
    assert await stand.claim() is None
    stand.time += MINUTE

    assert await stand.claim() is not None


# The same message, whatever happens


async def test_nobody_gets_what_is_claimed(stand: Stand) -> None:
    await stand.add(1, 1)
    assert await stand.claim() is not None
    assert await stand.claim() is None
    stand.time += MINUTE
    assert await stand.claim() is None


async def test_a_claim_is_kept_while_its_message_is_under_way(stand: Stand) -> None:
    await stand.add(1)
    first = await stand.claim()
    assert first is not None
    for _ in range(5):
        stand.time += MINUTE
        await stand.outbox.keep(first)
        assert await stand.claim() is None
    await stand.outbox.sent(first, 1)
    await stand.outbox.keep(first)
    stand.time += LONG
    assert await stand.claim() is None
    assert [row.state for row in await stand.rows()] == [AnnouncementState.SENT]


async def test_a_claimed_message_never_changes_and_keeps_its_key(stand: Stand) -> None:
    added = await stand.add(1, 1)
    first = await stand.claim()
    assert first is not None
    later = await stand.add(1, 1)

    for attempt in range(3):
        if attempt == 1:
            await stand.outbox.postpone(first, stand.time + SECOND, None)
        stand.time += LONG
        again = await stand.claim()
        assert again is not None
        assert (again.key, ids(again)) == (first.key, added)
        assert again.first_tried_at == NOW, "by this Discord's nonce memory is reckoned"
    await stand.outbox.sent(first, 1)

    assert await stand.send_all() == [later]


@on_sqlite
async def test_a_postponed_message_waits_and_is_counted(stand: Stand) -> None:
    await stand.add(1)
    delivery = await stand.claim()
    assert delivery is not None
    assert not delivery.is_tried_again
    await stand.outbox.postpone(delivery, stand.time + MINUTE, None)
    assert await stand.claim() is None
    stand.time += MINUTE

    again = await stand.claim()
    assert again is not None
    assert again.is_tried_again
    assert [row.attempts for row in await stand.rows()] == [2]


@on_sqlite
async def test_a_message_that_is_sent_is_not_postponed_afterwards(stand: Stand) -> None:
    """The answer to a first attempt may come after a second one was begun."""
    await stand.add(1)
    delivery = await stand.claim()
    assert delivery is not None
    await stand.outbox.sent(delivery, 77)
    await stand.outbox.postpone(delivery, stand.time, DeliveryTrouble.CANNOT_VIEW)
    stand.time += LONG

    assert await stand.claim() is None
    (row,) = await stand.rows()
    assert (row.state, row.message_id, row.sent_at) == (AnnouncementState.SENT, 77, NOW)


# Channels


@on_sqlite
async def test_each_channel_gets_a_message_at_a_time_in_order(stand: Stand) -> None:
    here = await stand.add_apart(*[1] * 7)
    there = await stand.add_apart(*[1] * 6, channel=OTHER)
    claimed = await stand.outbox.claim()
    assert {delivery.channel_id: ids(delivery) for delivery in claimed} == {
        CHANNEL: here[:5],
        OTHER: there[:5],
    }

    for delivery in claimed:
        if delivery.channel_id == OTHER:
            await stand.outbox.sent(delivery, 1)
    second = await stand.claim()
    assert second is not None
    assert (second.channel_id, ids(second)) == (OTHER, there[5:])


@on_sqlite
async def test_a_failed_head_holds_its_channel_back_but_not_others(stand: Stand) -> None:
    here = await stand.add(25)
    failed = await stand.claim()
    assert failed is not None
    later = await stand.add(1)
    there = await stand.add(1, channel=OTHER)
    await stand.outbox.postpone(failed, stand.time + MINUTE, DeliveryTrouble.CANNOT_SEND)
    assert await stand.send_all() == [there]
    stand.time += MINUTE

    assert await stand.send_all() == [here, later]


@on_sqlite
async def test_a_long_queue_behind_a_failed_head_holds_no_other_channel_back(
    stand: Stand,
) -> None:
    await stand.add(1)
    failed = await stand.claim()
    assert failed is not None
    await stand.add(*[1] * 250)
    await stand.outbox.postpone(failed, stand.time + MINUTE, DeliveryTrouble.CANNOT_SEND)
    there = await stand.add(1, channel=OTHER)

    assert await stand.send_all() == [there]


# Trouble


@on_sqlite
async def test_sending_clears_the_trouble_that_postponing_noted(stand: Stand) -> None:
    troubles = {CHANNEL: DeliveryTrouble.CANNOT_SEND, OTHER: DeliveryTrouble.CANNOT_VIEW}
    await stand.add(1)
    await stand.add(1, channel=OTHER)
    for delivery in await stand.outbox.claim():
        await stand.outbox.postpone(delivery, stand.time, troubles[delivery.channel_id])
    assert await stand.trouble() == troubles[CHANNEL]
    for delivery in await stand.outbox.claim():
        if delivery.channel_id == CHANNEL:
            await stand.outbox.sent(delivery, 1)

    assert await stand.trouble() is None
    assert await stand.trouble(OTHER) == troubles[OTHER]


@on_sqlite
async def test_a_postponement_without_a_trouble_keeps_the_one_before(stand: Stand) -> None:
    await stand.add(1)
    for trouble in (DeliveryTrouble.CANNOT_SEND, None):
        delivery = await stand.claim()
        assert delivery is not None
        await stand.outbox.postpone(delivery, stand.time, trouble)

    assert await stand.trouble() == DeliveryTrouble.CANNOT_SEND


@on_sqlite
async def test_what_a_removed_watch_had_to_announce_is_gone(stand: Stand) -> None:
    await stand.add(1)
    delivery = await stand.claim()
    assert delivery is not None
    async with stand.database.transaction() as session:
        watch = await session.get(Watch, stand.watches[CHANNEL])
        assert watch is not None
        assert watch.guild_id == GUILD
        await session.delete(watch)
    await stand.outbox.sent(delivery, 1)
    stand.time += LONG

    assert await stand.rows() == []
    assert await stand.claim() is None
