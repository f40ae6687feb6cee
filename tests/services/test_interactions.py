"""Several processes hear of each interaction: one answers, and who leads goes first."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.services.interactions import LEAD_S, InteractionsService
from storage.database import Database
from storage.lead import Lead
from tests.counted import counted
from tests.databases import on_postgres, opened
from tests.storage.rows import NOW

pytestmark = on_postgres


@pytest.fixture
async def leader(database: Database) -> AsyncIterator[Lead]:
    lead = Lead(database)
    assert await lead.renew()
    yield lead
    await lead.give_up()


def _process(database: Database, lead: Lead, lead_s: float = 0.0) -> InteractionsService:
    return InteractionsService(database, lead, lambda: NOW, lead_s)


async def test_one_of_many_answers_each(database: Database) -> None:
    processes = [_process(database, Lead(database)) for _ in range(4)]

    for interaction_id in range(5):
        taken = await asyncio.gather(*(each.take(interaction_id) for each in processes))
        assert sum(taken) == 1


async def test_who_leads_goes_first(database: Database, leader: Lead) -> None:
    other = asyncio.create_task(_process(database, Lead(database), LEAD_S).take(1))
    assert await _process(database, leader).take(1)
    assert not await other


async def test_who_leads_waits_for_no_claim(database: Database, leader: Lead) -> None:
    leading = _process(database, leader)
    with counted(database) as claims:
        assert all([await leading.take(each) for each in range(100)])
        assert claims.statements == 0

        await leading.close()

    assert len(claims.sessions) == 1, "one for all of them"
    other = _process(database, Lead(database))
    assert not any([await other.take(each) for each in range(100)])


async def test_while_nobody_can_be_asked_it_is_who_led(
    database: Database, leader: Lead, unused_tcp_port: int
) -> None:
    async with opened(f"postgresql+asyncpg://bot@127.0.0.1:{unused_tcp_port}/likecord") as away:
        assert await _process(away, leader).take(1)
        assert not await _process(away, Lead(database)).take(1)
