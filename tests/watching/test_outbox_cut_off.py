"""A database that restarts while it is told what became of a message: it hears of it at once.

Else the message's channel would wait until its claim runs out, which is minutes.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain import Delivery
from bot.domain.troubles import DeliveryTrouble
from bot.watching.outbox import Outbox
from storage.database import Database
from storage.models import AnnouncementState
from storage.outages import DatabaseAway
from tests.cut_off import cut_off_at
from tests.databases import on_postgres
from tests.outboxes import Stand, ids
from tests.storage.rows import NOW, SECOND

pytestmark = on_postgres


@pytest.fixture
async def stand(database: Database) -> Stand:
    return await Stand(database).open()


async def test_that_it_was_sent(stand: Stand) -> None:
    await stand.add(1)
    first = await stand.claim()
    assert first is not None
    with cut_off_at(stand.database, "UPDATE announcement", times=2) as lost:
        await stand.outbox.sent(first, 77)
    assert len(lost) == 2
    (row,) = await stand.rows()
    assert (row.state, row.message_id, row.sent_at) == (AnnouncementState.SENT, 77, NOW)

    later = await stand.add(1)
    assert await stand.send_all() == [later]


NOTES: list[Callable[[Stand, Delivery], Awaitable[None]]] = [
    lambda stand, first: stand.outbox.postpone(first, NOW, DeliveryTrouble.CANNOT_SEND),
    lambda stand, first: stand.outbox.refused(first, 50035),
    lambda stand, first: stand.outbox.part(first),
    lambda stand, first: stand.outbox.renew_card(first),
]


@pytest.mark.parametrize("note", NOTES)
async def test_that_it_was_not_sent(stand: Stand, note: Callable[..., Any]) -> None:
    added = await stand.add(1)
    first = await stand.claim()
    assert first is not None
    with cut_off_at(stand.database, "UPDATE announcement") as lost:
        await note(stand, first)
    assert len(lost) == 1

    again = await stand.claim()
    assert again is not None
    assert ids(again) == added


async def test_a_claim_of_which_nobody_knows_whether_it_was_stored(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = await stand.add(1)
    with monkeypatch.context() as patch:
        patch.setattr(stand.database, "transaction", lambda: away_at_the_end(stand.database))
        with pytest.raises(DatabaseAway):
            await stand.claim()
    (row,) = await stand.rows()
    assert row.state is AnnouncementState.CLAIMED
    other = Outbox(stand.database, stand.now)
    assert await other.claim() == ()

    stand.time += SECOND
    again = await stand.claim()
    assert again is not None
    assert (again.key, ids(again)) == (row.delivery_key, added)
    stand.time += SECOND
    assert await stand.claim() is None


@asynccontextmanager
async def away_at_the_end(database: Database) -> AsyncIterator[AsyncSession]:
    """Store what is done, and let the answer be lost."""
    async with database.always() as session:
        yield session
    raise DatabaseAway
