"""Of the processes on one PostgreSQL one asks X, and all announce."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.domain.errors import XUnavailable
from bot.run.jobs import Jobs
from bot.run.liveness import Liveness
from bot.run.metrics import Metrics
from bot.run.scheduler import Scheduler
from storage.database import Database
from storage.lead import Lead
from tests.databases import another_process
from tests.patience import GUARD_S
from tests.watching.harness import EVERY, TWITTER, Bot

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
OFTEN = timedelta(seconds=0.05)


class Asked(Lead):
    """A lead that tells how often it was asked for."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._asked = asyncio.Semaphore(0)

    async def is_ours(self) -> bool:
        ours = await super().is_ours()
        self._asked.release()
        return ours

    async def times(self, number: int) -> None:
        for _ in range(number):
            await self._asked.acquire()


@asynccontextmanager
async def running(
    bot: Bot, lead: Lead, announce: Callable[[], Awaitable[int]]
) -> AsyncIterator[None]:
    async def housekeep() -> None:
        pass

    rounds = Jobs(
        scheduler=Scheduler(),
        lead=lead,
        health=bot.health,
        accounts=[bot.accounts],
        endings=bot.endings,
        troubles=bot.troubles,
        probe=[bot.probe],
        collector=bot.collector,
        announce=announce,
        housekeep=housekeep,
        keys=bot.keys,
        revoke=housekeep,
        edit_sent=announce,
        metrics=Metrics(bot.limits, bot.x.account, bot.ledger),
        liveness=Liveness(lambda: True),
        figures=housekeep,
        probe_every=OFTEN,
        compare=housekeep,
    )
    rounds.begin()
    try:
        yield
    finally:
        await rounds.scheduler.stop(timedelta(seconds=2))
        await lead.give_up()


async def test_who_does_not_lead_announces_and_asks_nothing(bot: Bot, database_url: str) -> None:
    announced = asyncio.Event()

    async def announce() -> int:
        announced.set()
        return 0

    await bot.watch(bot.world.post(TWITTER))
    bot.world.sandbox.clock.advance(EVERY.total_seconds())
    await bot.requests()
    ours = Asked(bot.database)
    async with asyncio.timeout(GUARD_S), another_process(database_url) as leading:
        assert await leading.is_ours()
        async with running(bot, ours, announce):
            await announced.wait()
            bot.health.fails("probe", XUnavailable())
            await ours.times(20)
            assert await bot.requests("") == []
            assert bot.health.problem is None, "the one who leads knows how it goes"

            counts = bot.world.sandbox.faults.add({"match": "GET /2/tweets"})
            await leading.give_up()
            await counts.struck.wait()
