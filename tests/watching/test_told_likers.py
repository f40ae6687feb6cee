"""Everybody of whom a message told, page by page, for the server that it told."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.accounts.audience import EVERYBODY
from bot.domain import AnnouncementType
from bot.domain.errors import NoLongerTold
from bot.domain.page_sizes import TOLD_A_PAGE
from bot.watching.told_likers import ToldLikers
from storage.database import Database
from storage.models import AnnouncementKind
from storage.watches import Watches
from tests.databases import on_sqlite
from tests.outboxes import Stand
from tests.storage.rows import CHANNEL, GUILD, POST


class _Open:
    """Shows names to everybody."""

    async def readers(self, *_: object) -> Any:
        return EVERYBODY


@pytest.fixture
async def stand(database: Database) -> Stand:
    return await Stand(database).open()


def _told(stand: Stand, access: Any = None) -> ToldLikers:
    return ToldLikers(stand.database, access or _Open())


@on_sqlite
async def test_each_page_goes_on_where_the_one_before_ended(stand: Stand) -> None:
    await stand.add(20, 5, 3)
    await stand.add(2, kind=AnnouncementKind.LEFT)
    delivery = await stand.claim()
    assert delivery is not None
    await stand.outbox.sent(delivery, 7)

    pages = [
        await _told(stand).page(GUILD, delivery.key, POST, AnnouncementType.LIKES, page)
        for page in (0, 1)
    ]

    assert [user.id for page in pages for user in page.users] == list(range(28, 0, -1))
    assert [(page.before, page.total, page.is_last) for page in pages] == [
        (0, 28, False),
        (TOLD_A_PAGE, 28, True),
    ]
    left = await _told(stand).page(GUILD, delivery.key, POST, AnnouncementType.LEFT, 0)
    assert [user.id for user in left.users] == [30, 29]


async def test_no_other_server_sees_it_and_nobody_when_the_watch_is_gone(stand: Stand) -> None:
    await stand.add(20)
    delivery = await stand.claim()
    assert delivery is not None
    told, likes = _told(stand), AnnouncementType.LIKES
    with pytest.raises(NoLongerTold):
        await told.page(GUILD + 1, delivery.key, POST, likes, 0)
    with pytest.raises(NoLongerTold):
        await told.page(GUILD, "another", POST, likes, 0)
    async with stand.database.transaction() as session:
        watch = await Watches(session).get(GUILD, stand.watches[CHANNEL])
        assert watch is not None
        await Watches(session).remove(watch)
    with pytest.raises(NoLongerTold):
        await told.page(GUILD, delivery.key, POST, likes, 0)


@on_sqlite
async def test_who_may_no_longer_see_names_sees_none(stand: Stand) -> None:
    await stand.add(20)
    delivery = await stand.claim()
    assert delivery is not None

    async def closed(*_: object) -> Any:
        return SimpleNamespace(lacks_consent=lambda *_: True)

    told = _told(stand, SimpleNamespace(readers=closed))
    found = await told.page(GUILD, delivery.key, POST, AnnouncementType.LIKES, 0)
    assert (found.users, found.total) == ((), 0)
