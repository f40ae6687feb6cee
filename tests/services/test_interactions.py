"""Several processes hear of each interaction: one answers, and who leads goes first."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.services import interactions
from bot.services.interactions import LEAD_S, InteractionsService
from storage.database import Database
from storage.interaction_claims import InteractionClaims
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
    return InteractionsService(database, lead, lambda: NOW, lead_s, holder_s=lead_s, doubt_s=0.0)


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


async def test_a_hundred_at_once_are_claimed_together(database: Database) -> None:
    """Each would wait for a connection of its own, and the last for too long."""
    processes = [_process(database, Lead(database)) for _ in range(2)]
    with counted(database) as claims:
        taken = await asyncio.gather(*(each.take(id_) for id_ in range(100) for each in processes))

    assert sum(taken) == 100
    assert len(claims.sessions) <= 4, "one for all that came at once, and one for those meanwhile"


async def test_who_holds_what_it_goes_on_with_answers(database: Database, leader: Lead) -> None:
    """A form that was opened in one process is closed in all others."""
    leading, other = _process(database, leader, LEAD_S), _process(database, Lead(database))

    left = asyncio.create_task(leading.take(1, is_held_here=False))
    assert await other.take(1, is_held_here=True)
    await other.close()
    assert not await left
    assert await leading.take(2, is_held_here=False), "nobody holds it: somebody must say so"


async def test_while_nobody_can_be_asked_it_is_who_led_and_then_anybody(
    leader: Lead, unused_tcp_port: int
) -> None:
    """Who led may be gone; Discord takes one answer, should it not be."""
    async with opened(f"postgresql+asyncpg://bot@127.0.0.1:{unused_tcp_port}/likecord") as away:
        another = InteractionsService(away, Lead(away), lambda: NOW, 0.0, doubt_s=LEAD_S)
        other = asyncio.create_task(another.take(1))
        assert await _process(away, leader).take(1)
        assert not other.done()
        assert await other


async def test_a_claim_that_hangs_is_waited_for_no_longer(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interactions, "_LONGEST_S", 0.05)
    process = _process(database, Lead(database))
    async with database.always() as session:
        await InteractionClaims(session).claim([1], NOW)
        assert await asyncio.create_task(process.take(1)), "it is not known whose it is"
