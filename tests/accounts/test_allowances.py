"""X's allowances in the database: shared by all processes, and kept across restarts."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.abilities import LearntAbilities
from bot.accounts.allowances import SharedAllowances
from bot.accounts.bookkeeping import Bookkeeping
from bot.accounts.key_verdicts import KeyVerdicts
from bot.domain import Allowance
from bot.domain.errors import RateLimited
from bot.money.ledger import Ledger
from bot.run.housekeeping import Housekeeping
from bot.x.asking.books import RequestTerms
from bot.x.limits import DOCUMENTED, WINDOW, Endpoint
from bot.x.prices import WorstCase
from storage.database import Database
from storage.models import StoredAllowance
from tests.at_once import before_it_is_stored
from tests.databases import on_postgres, on_sqlite, opened
from tests.x.clients import Now

ACCOUNT, OTHER = "user:1", "user:2"
LIKERS = Endpoint.LIKING_USERS
MOST = DOCUMENTED[LIKERS]


@pytest.fixture
def now() -> Now:
    return Now()


class Process:
    """A process on the database, which asks X for nothing and counts that."""

    def __init__(self, database: Database, now: Now) -> None:
        self.database = database
        self.shared = SharedAllowances(database, now)
        abilities, ledger = LearntAbilities(database, now), Ledger(database, now, None)
        self.books = Bookkeeping(database, self.shared, abilities, ledger, KeyVerdicts(now))

    async def take(self, account: str, endpoint: Endpoint, *, keep: int = 0) -> None:
        terms = RequestTerms(endpoint, account, WorstCase(), keep)
        async with self.books.open(terms) as request:
            await request.answered({}, [])

    async def learn(self, account: str, endpoint: Endpoint, told: dict[str, str]) -> None:
        async with self.database.transaction() as session:
            await self.shared.learn(session, account, endpoint, told)

    async def refuse(self, account: str, endpoint: Endpoint, until: datetime) -> datetime:
        async with self.database.transaction() as session:
            return await self.shared.refuse(session, account, endpoint, until)

    async def allowance(self, account: str, endpoint: Endpoint) -> Allowance:
        return await self.books.allowance(account, endpoint)


@pytest.fixture
def shared(database: Database, now: Now) -> Process:
    return Process(database, now)


@pytest.fixture
async def another(database_url: str, now: Now) -> AsyncIterator[Process]:
    """Another process on the same database."""
    async with opened(database_url) as database:
        yield Process(database, now)


async def takes(allowances: Process, times: int, endpoint: Endpoint = LIKERS) -> int:
    """Ask for so many requests, one after the other; return how many were granted."""
    granted = 0
    for _ in range(times):
        try:
            await allowances.take(ACCOUNT, endpoint)
        except RateLimited:
            continue
        granted += 1
    return granted


def headers(limit: int, remaining: int, reset: datetime) -> dict[str, str]:
    return {
        "x-rate-limit-limit": str(limit),
        "x-rate-limit-remaining": str(remaining),
        "x-rate-limit-reset": str(int(reset.timestamp())),
    }


async def test_two_processes_spend_no_more_than_one_may(shared: Process, another: Process) -> None:
    # Several requests at once in each, as commands and polling make them.
    granted = await asyncio.gather(*(takes(each, 20) for each in (shared, another) * 2))
    assert sum(granted) == MOST
    with pytest.raises(RateLimited):
        await another.take(ACCOUNT, LIKERS)
    await another.take(OTHER, LIKERS)


@on_postgres
async def test_whoever_finds_the_last_request_taken_stands_in_nobodys_way(
    shared: Process, another: Process, database_url: str, now: Now
) -> None:
    await shared.take(ACCOUNT, LIKERS)  # X allows it
    await shared.learn(ACCOUNT, LIKERS, headers(MOST, 1, now() + timedelta(minutes=3)))

    async def take_the_last(session: AsyncSession) -> None:
        assert await shared.shared.take_allowed(session, ACCOUNT, LIKERS) is not None

    until = now() + timedelta(minutes=4)
    refused = another.refuse(ACCOUNT, LIKERS, until)
    late, waits = await before_it_is_stored(database_url, take_the_last, takes(another, 1), refused)
    assert (late, waits) == (0, until)


@on_sqlite
async def test_a_restart_forgets_nothing(shared: Process, another: Process, now: Now) -> None:
    await takes(shared, 5)
    reset = now() + timedelta(minutes=3)
    await shared.learn(ACCOUNT, LIKERS, headers(MOST, 60, reset))

    left = await another.allowance(ACCOUNT, LIKERS)

    assert (left.limit, left.remaining) == (MOST, 60)
    assert left.resets_at == reset.replace(microsecond=0)
    now.advance(timedelta(minutes=3))
    assert (await another.allowance(ACCOUNT, LIKERS)).remaining == MOST


@on_sqlite
async def test_a_429_holds_everybody_back(shared: Process, another: Process, now: Now) -> None:
    until = await shared.refuse(ACCOUNT, LIKERS, now() + timedelta(minutes=2))
    with pytest.raises(RateLimited) as limited:
        await another.take(ACCOUNT, LIKERS)
    assert limited.value.resets_at == until == now() + timedelta(minutes=2)


@on_sqlite
async def test_a_raised_limit_is_learnt_by_all(shared: Process, another: Process, now: Now) -> None:
    reset = now() + WINDOW
    await shared.learn(ACCOUNT, LIKERS, headers(1_500, 1_499, reset))
    assert (await another.allowance(ACCOUNT, LIKERS)).limit == 1_500
    now.advance(WINDOW + timedelta(seconds=1))
    assert (await another.allowance(ACCOUNT, LIKERS)).remaining == 1_500


@on_sqlite
async def test_some_are_kept_for_others(shared: Process) -> None:
    await takes(shared, MOST - 10)
    with pytest.raises(RateLimited):
        await shared.take(ACCOUNT, LIKERS, keep=10)
    await shared.take(ACCOUNT, LIKERS, keep=9)


async def test_like_and_unlike_share_the_thousand_of_a_day(
    shared: Process, another: Process, database: Database, now: Now
) -> None:
    assert await takes(shared, 30, Endpoint.LIKE) == 30
    assert await takes(another, 20, Endpoint.UNLIKE) == 20
    async with database.transaction() as session:
        query = select(StoredAllowance).where(StoredAllowance.limit == 1_000)
        day = (await session.exec(query)).one()
        assert day.remaining == 950
        day.remaining = 40
    now.advance(WINDOW + timedelta(seconds=1))
    assert await takes(shared, 30, Endpoint.LIKE) == 30
    assert await takes(another, 30, Endpoint.UNLIKE) == 10
    with pytest.raises(RateLimited) as limited:
        await shared.take(ACCOUNT, Endpoint.UNLIKE)
    assert limited.value.resets_at > now() + timedelta(hours=20)
    await shared.take(OTHER, Endpoint.UNLIKE)


@on_sqlite
async def test_the_windows_of_fifteen_minutes_are_apart(shared: Process) -> None:
    assert await takes(shared, 60, Endpoint.LIKE) == 50
    assert await takes(shared, 60, Endpoint.UNLIKE) == 50


@on_sqlite
async def test_housekeeping_keeps_windows_that_are_open(
    shared: Process, database: Database, now: Now
) -> None:
    await takes(shared, 3)
    await shared.take(ACCOUNT, Endpoint.LIKE)
    now.advance(WINDOW)
    await Housekeeping(database, now).tidy()
    async with database.reading() as session:
        left = list(await session.exec(select(StoredAllowance)))
    assert [(row.endpoint, row.remaining) for row in left] == [("likes and unlikes a day", 999)]
