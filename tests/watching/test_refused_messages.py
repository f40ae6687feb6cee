"""A message that Discord refuses: sent plainer, set aside at last, and no other waits for it."""

import pytest
from sqlmodel import select

from bot.domain import Delivery
from bot.domain.announcements import MessageForm
from bot.domain.notices import AnnouncementRefused
from storage.database import Database
from storage.listed_watches import listed_watches
from storage.models import (
    Announcement,
    AnnouncementForm,
    AnnouncementKind,
    AnnouncementState,
    Guild,
    Watch,
)
from storage.server_figures import Figure
from storage.watches import Watches
from tests.databases import on_sqlite
from tests.outboxes import OTHER, Stand, ids, notice_of, sentence_of
from tests.storage.rows import CHANNEL, GUILD, figure

INVALID, WORD, LINK = 50035, 200000, 240000
ALERTS = CHANNEL + 7


@pytest.fixture
async def stand(database: Database) -> Stand:
    return await Stand(database).open()


async def claimed(stand: Stand) -> Delivery:
    delivery = await stand.claim()
    assert delivery is not None
    return delivery


@on_sqlite
async def test_it_is_sent_plainer_step_by_step_as_the_same_message(stand: Stand) -> None:
    await stand.add(2)
    first = await claimed(stand)
    forms = [first.form]
    for _ in range(3):
        await stand.outbox.refused(first, INVALID)
        again = await claimed(stand)
        assert again.key == first.key, "what was sent after all is found by its nonce"
        forms.append(again.form)
    assert forms == [
        MessageForm.TOGETHER,
        MessageForm.WITHOUT_PICTURE,
        MessageForm.WITHOUT_EXCERPT,
        MessageForm.COUNT,
    ]
    await stand.outbox.sent(again, 7)
    assert await stand.claim() is None


@on_sqlite
async def test_it_is_set_aside_and_told_and_the_others_pass(stand: Stand) -> None:
    (refused,) = await stand.add(25)
    others = await stand.add_apart(1, 1)
    there = await stand.add(1, channel=OTHER)
    for delivery in await stand.outbox.claim():
        if delivery.channel_id == OTHER:
            await stand.outbox.sent(delivery, 1)
            continue
        await stand.outbox.refused(delivery, WORD)
    for _ in range(4):
        await stand.outbox.refused(await claimed(stand), WORD)

    *passed, told = await stand.rows()
    assert [row.id for row in passed] == [refused, *others, *there]
    assert (passed[0].state, passed[0].refusal) == (AnnouncementState.SET_ASIDE, WORD)
    assert notice_of(told) == AnnouncementRefused(25, WORD, CHANNEL)
    assert (told.watch_id, told.channel_id, told.post_id) == (passed[0].watch_id, CHANNEL, None)
    assert sentence_of(told) == (
        f"Discord refused an announcement of 25 likes of mine for <#{CHANNEL}>, down to the bare "
        "count: a word in it is blocked here. I have set it aside and go on with the others. A "
        "manager finds the rule under AutoMod."
    )
    assert await stand.send_all() == [[each] for each in (*others, told.id)]
    assert await figure(stand.database, Figure.WAITING) == 0
    assert await figure(stand.database, Figure.SET_ASIDE) == 1
    async with stand.database.reading() as session:
        (listed,) = await listed_watches(session, GUILD, [passed[0].watch_id or 0])
    assert listed.set_aside == 1


async def test_it_is_told_where_troubles_are_told(stand: Stand) -> None:
    async with stand.database.transaction() as session:
        session.add(Guild(id=GUILD, channel_id=OTHER, alerts_channel_id=ALERTS))
    await stand.add(25)
    for _ in AnnouncementForm:
        delivery = await stand.claim()
        if delivery is not None:
            await stand.outbox.refused(delivery, WORD)

    _, told = await stand.rows()
    assert (told.channel_id, notice_of(told)) == (ALERTS, AnnouncementRefused(25, WORD, CHANNEL))


@on_sqlite
async def test_of_those_that_were_together_one_costs_the_others_nothing(stand: Stand) -> None:
    added = await stand.add_apart(1, 2, 3)
    together = await claimed(stand)
    assert ids(together) == added
    await stand.outbox.refused(together, INVALID)

    sent = []
    for number in added:
        alone = await claimed(stand)
        assert (ids(alone), alone.form) == ([number], MessageForm.ALONE)
        assert alone.key != together.key
        assert alone.first_tried_at == stand.time
        if number == added[1]:
            await stand.outbox.refused(alone, INVALID)
            plainer = await claimed(stand)
            assert (plainer.key, plainer.form) == (alone.key, MessageForm.WITHOUT_PICTURE)
            alone = plainer
        await stand.outbox.sent(alone, number)
        sent.append(number)
    assert sent == added
    later = await stand.add_apart(1, 1)
    assert ids(await claimed(stand)) == later


@on_sqlite
async def test_what_is_alone_takes_none_with_it(stand: Stand) -> None:
    first, second = await stand.add_apart(1, 1)
    await stand.outbox.refused(await claimed(stand), INVALID)
    (third,) = await stand.add_apart(1)
    sent = await stand.send_all()
    assert sent == [[first], [second], [third]]


@on_sqlite
async def test_a_notice_of_a_refusal_is_not_told_of(stand: Stand) -> None:
    await stand.add(1)
    for _ in range(8):
        await stand.outbox.refused(await claimed(stand), LINK)
    assert await stand.claim() is None
    rows = await stand.rows()
    assert [row.state for row in rows] == [AnnouncementState.SET_ASIDE] * 2


async def test_growth_that_is_refused_is_told_with_its_likes(stand: Stand) -> None:
    await stand.add(0, kind=AnnouncementKind.GROWTH)
    async with stand.database.transaction() as session:
        row = (await session.exec(select(Announcement))).one()
        row.from_count, row.to_count = 5, 12
    for _ in range(4):
        await stand.outbox.refused(await claimed(stand), 1)
    assert notice_of((await stand.rows())[1]) == AnnouncementRefused(7, 1, CHANNEL)


async def test_what_was_sent_meanwhile_stays_sent(stand: Stand) -> None:
    await stand.add(1)
    delivery = await claimed(stand)
    await stand.outbox.sent(delivery, 7)
    await stand.outbox.refused(delivery, INVALID)
    assert [row.state for row in await stand.rows()] == [AnnouncementState.SENT]


@on_sqlite
async def test_a_watch_that_has_ended_is_not_kept_for_what_was_set_aside(stand: Stand) -> None:
    await stand.add(1)
    for _ in range(8):
        await stand.outbox.refused(await claimed(stand), LINK)
    async with stand.database.transaction() as session:
        (await session.get_one(Watch, stand.watches[CHANNEL])).ended_at = stand.time
    async with stand.database.transaction() as session:
        assert await Watches(session).forget_ended() == 1
