"""A server is told once a month, in the same breath as it happens, that its budget runs out."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from bot.money.ledger import Ledger
from bot.x.prices import Bill, Billed, Resource
from storage.database import Database
from storage.guilds import Guilds
from storage.models import Announcement, AnnouncementKind
from tests.databases import on_sqlite
from tests.money.ledgers import book
from tests.outboxes import sentence_of
from tests.storage.rows import CHANNEL, GUILD, POST, a_watch, store_post, store_watch
from tests.x.clients import Now

JULY = datetime(2026, 7, 15, 12, 0, tzinfo=UTC)
BUDGET = 100_000
BILL = Bill("watch", {POST: (GUILD,)}, post_id=POST)


def _users(*ids: int) -> list[Billed]:
    return [Billed(Resource.USER_READ, frozenset(ids))]


async def _settings(database: Database, **values: int | None) -> None:
    async with database.transaction() as session:
        guild = await Guilds(session).get(GUILD)
        guild.sqlmodel_update({"budget_micro_usd": BUDGET, **values})
        session.add(guild)


async def _watched(database: Database, **values: int | None) -> int:
    await _settings(database, **values)
    await store_post(database)
    return await store_watch(database)


async def _notices(database: Database) -> list[Announcement]:
    async with database.reading() as session:
        return list(await session.exec(select(Announcement)))


@on_sqlite
async def test_a_server_is_warned_when_80_percent_are_spent(database: Database) -> None:
    watch_id = await _watched(database)
    ledger = Ledger(database, Now(JULY), None)
    await book(ledger, BILL, _users(*range(7)))
    assert await _notices(database) == []

    await book(ledger, BILL, _users(7))
    await book(ledger, BILL, _users(8, 9, 10))

    (notice,) = await _notices(database)
    assert (notice.kind, notice.watch_id) == (AnnouncementKind.NOTICE, watch_id)
    assert (notice.channel_id, notice.post_id) == (CHANNEL, None)
    assert notice.facts == {"spent_micro_usd": 80_000, "budget_micro_usd": 100_000}
    assert "has spent $0.08 of its budget of $0.10" in sentence_of(notice)


async def test_processes_that_cross_it_together_warn_once(database: Database) -> None:
    await _watched(database)
    now = Now(JULY)
    await book(Ledger(database, now, None), BILL, _users(*range(8)[1:]))

    await asyncio.gather(
        *(book(Ledger(database, now, None), BILL, _users(100 + n)) for n in range(4))
    )

    assert len(await _notices(database)) == 1


async def test_it_goes_to_the_channel_that_the_server_chose(sqlite: Database) -> None:
    await _watched(sqlite, channel_id=42)

    await book(Ledger(sqlite, Now(JULY), None), BILL, _users(*range(9)))

    assert [notice.channel_id for notice in await _notices(sqlite)] == [42]


async def test_each_month_has_its_own_warning(sqlite: Database) -> None:
    await _watched(sqlite)
    now = Now(JULY)
    ledger = Ledger(sqlite, now, None)
    await book(ledger, BILL, _users(*range(9)))
    now.advance(timedelta(days=20))

    await book(ledger, BILL, _users(*range(7)))
    assert len(await _notices(sqlite)) == 1
    await book(ledger, BILL, _users(8))

    assert len(await _notices(sqlite)) == 2


async def test_a_server_that_watches_nothing_is_told_when_it_does(sqlite: Database) -> None:
    await _settings(sqlite)
    await store_post(sqlite)
    paused = await store_watch(sqlite, a_watch(paused_at=JULY))
    ledger = Ledger(sqlite, Now(JULY), None)
    await book(ledger, BILL, _users(*range(8)))
    assert await _notices(sqlite) == []

    watch_id = await store_watch(sqlite, a_watch(channel_id=CHANNEL + 1))
    await book(ledger, BILL, _users(10))

    assert watch_id != paused
    assert [notice.watch_id for notice in await _notices(sqlite)] == [watch_id]


async def test_without_a_budget_nobody_is_warned(sqlite: Database) -> None:
    await _watched(sqlite, budget_micro_usd=None)

    await book(Ledger(sqlite, Now(JULY), None), BILL, _users(*range(100)))

    assert await _notices(sqlite) == []
