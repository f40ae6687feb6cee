"""X's allowances in the database: shared by all processes, and kept across restarts."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bot.accounts.allowances import SharedAllowances
from bot.domain.errors import RateLimited
from bot.run.housekeeping import Housekeeping
from bot.x.limits import DOCUMENTED, WINDOW, Endpoint
from storage.database import Database
from storage.models import StoredAllowance
from tests.x.clients import Now

ACCOUNT, OTHER = "user:1", "user:2"
LIKERS = Endpoint.LIKING_USERS
MOST = DOCUMENTED[LIKERS]


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def shared(database: Database, now: Now) -> SharedAllowances:
    return SharedAllowances(database, now)


@pytest.fixture
async def another(database_url: str, now: Now) -> AsyncIterator[SharedAllowances]:
    """Another process on the same database."""
    opened = Database(database_url)
    yield SharedAllowances(opened, now)
    await opened.close()


async def takes(allowances: SharedAllowances, times: int, endpoint: Endpoint = LIKERS) -> int:
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


async def test_two_processes_spend_no_more_than_one_may(
    shared: SharedAllowances, another: SharedAllowances
) -> None:
    # Several requests at once in each, as commands and polling make them.
    granted = await asyncio.gather(*(takes(each, 20) for each in (shared, another) * 2))
    assert sum(granted) == MOST
    with pytest.raises(RateLimited):
        await another.take(ACCOUNT, LIKERS)
    await another.take(OTHER, LIKERS)


async def test_a_restart_forgets_nothing(
    shared: SharedAllowances, another: SharedAllowances, now: Now
) -> None:
    await takes(shared, 5)
    reset = now() + timedelta(minutes=3)
    await shared.learn(ACCOUNT, LIKERS, headers(MOST, 60, reset))

    left = await another.allowance(ACCOUNT, LIKERS)

    assert (left.limit, left.remaining) == (MOST, 60)
    assert left.resets_at == reset.replace(microsecond=0)
    now.advance(timedelta(minutes=3))
    assert (await another.allowance(ACCOUNT, LIKERS)).remaining == MOST


async def test_a_429_holds_everybody_back(
    shared: SharedAllowances, another: SharedAllowances, now: Now
) -> None:
    until = await shared.refuse(ACCOUNT, LIKERS, now() + timedelta(minutes=2))
    with pytest.raises(RateLimited) as limited:
        await another.take(ACCOUNT, LIKERS)
    assert limited.value.resets_at == until == now() + timedelta(minutes=2)


async def test_a_raised_limit_is_learnt_by_all(
    shared: SharedAllowances, another: SharedAllowances, now: Now
) -> None:
    reset = now() + WINDOW
    await shared.learn(ACCOUNT, LIKERS, headers(1_500, 1_499, reset))
    assert (await another.allowance(ACCOUNT, LIKERS)).limit == 1_500
    now.advance(WINDOW + timedelta(seconds=1))
    assert (await another.allowance(ACCOUNT, LIKERS)).remaining == 1_500


async def test_some_are_kept_for_others(shared: SharedAllowances) -> None:
    await takes(shared, MOST - 10)
    with pytest.raises(RateLimited):
        await shared.take(ACCOUNT, LIKERS, keep=10)
    await shared.take(ACCOUNT, LIKERS, keep=9)


async def test_like_and_unlike_share_the_thousand_of_a_day(
    shared: SharedAllowances, another: SharedAllowances, database: Database, now: Now
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


async def test_the_windows_of_fifteen_minutes_are_apart(shared: SharedAllowances) -> None:
    assert await takes(shared, 60, Endpoint.LIKE) == 50
    assert await takes(shared, 60, Endpoint.UNLIKE) == 50


async def test_housekeeping_keeps_windows_that_are_open(
    shared: SharedAllowances, database: Database, now: Now
) -> None:
    await takes(shared, 3)
    await shared.take(ACCOUNT, Endpoint.LIKE)
    now.advance(WINDOW)
    await Housekeeping(database, now).tidy()
    async with database.reading() as session:
        left = list(await session.exec(select(StoredAllowance)))
    assert [(row.endpoint, row.remaining) for row in left] == [("likes and unlikes a day", 999)]
