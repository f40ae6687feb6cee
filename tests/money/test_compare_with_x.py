"""What X counted of yesterday is compared with the books, and told where they differ."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.chat.cards.usage import usage_card
from bot.domain.usage import PostsCounted
from bot.money.budgets import Budgets
from bot.money.compare_with_x import ComparedWithX
from bot.money.home_guilds import HomeGuilds
from bot.services.usage import UsageService
from bot.x.credentials import Credentials
from storage.database import Database
from tests.cases import in_turn
from tests.chat.cards.test_usage import USAGE as WITHOUT
from tests.chat.rules import shown
from tests.watching.harness import GUILD, Bot, World, a_world

USAGE = "GET /2/usage/tweets"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as running:
        yield running


@pytest.fixture
async def bot(world: World, sqlite: Database) -> AsyncIterator[Bot]:
    """A bot that has read some posts on the day before, which is over for two hours."""
    async with aiohttp.ClientSession() as http:
        bot = Bot(world, sqlite, http)
        for _ in range(3):
            await bot.watch(world.post(likes=1))
        await bot.count()
        yield bot


@pytest.fixture
def compared(bot: Bot) -> ComparedWithX:
    bearer = bot.world.sandbox.credentials().bearer_token
    return ComparedWithX(bot.database, bot.make_client(Credentials(bearer=bearer)), bot.now)


def until(bot: Bot, hour: int) -> None:
    """Wait for this hour of the next day."""
    tomorrow = (bot.now() + timedelta(days=1)).date()
    then = datetime(tomorrow.year, tomorrow.month, tomorrow.day, hour, tzinfo=UTC)
    bot.world.sandbox.clock.advance((then - bot.now()).total_seconds())


async def test_they_agree(bot: Bot, compared: ComparedWithX) -> None:
    until(bot, 2)
    with capture_logs() as logs:
        await compared.run_once()
    assert compared.found is not None
    assert compared.found.by_x == compared.found.by_us > 0
    assert [entry for entry in logs if entry["log_level"] == "warning"] == []


async def test_what_others_read_with_the_same_project_is_told_once(
    world: World, bot: Bot, compared: ComparedWithX
) -> None:
    others = ",".join(str(world.post()) for _ in range(10))
    headers = {"Authorization": f"Bearer {world.sandbox.credentials().bearer_token}"}
    async with bot.http.get(f"{world.url}/2/tweets?ids={others}", headers=headers) as answer:
        assert answer.status == 200
    until(bot, 2)
    with capture_logs() as logs:
        for _ in range(3):
            await compared.run_once()
    assert compared.found is not None
    assert compared.found.by_x == compared.found.by_us + 10
    assert [entry["by_x"] for entry in logs if entry["log_level"] == "warning"] == [
        compared.found.by_x
    ]


@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 403}, {"status": 200, "body": {}}])
async def test_an_x_that_does_not_say_is_no_trouble(
    world: World, bot: Bot, compared: ComparedWithX, fault: dict[str, object]
) -> None:
    world.fault(USAGE, times=9, **fault)
    until(bot, 2)
    with capture_logs() as logs:
        await compared.run_once()
        assert compared.found is None
    assert [entry for entry in logs if entry["log_level"] == "warning"] == []


async def test_x_is_given_an_hour_to_count_and_asked_once_a_day(
    bot: Bot, compared: ComparedWithX
) -> None:
    await bot.requests()
    until(bot, 0)
    await compared.run_once()
    assert await bot.requests("usage/tweets") == []
    bot.world.sandbox.clock.advance(3_600)
    for _ in range(3):
        await compared.run_once()
    assert len(await bot.requests("usage/tweets")) == 1


@in_turn("by_x, by_us, differ", [(100, 90, False), (100, 89, True), (89, 100, True), (0, 5, True)])
def test_a_tenth_is_much(by_x: int, by_us: int, *, differ: bool) -> None:
    counted = PostsCounted(date(2026, 11, 25), by_x, by_us)
    assert counted.differ is differ
    said = shown(usage_card(replace(WITHOUT, counted=counted)))
    assert ("**X counts otherwise** Of 25 November it counts" in said) is differ


@pytest.mark.parametrize("home", [GUILD, GUILD + 1])
async def test_it_is_shown_to_the_operator_alone(bot: Bot, home: int) -> None:
    counted = PostsCounted(date(2026, 11, 25), 100, 50)
    homes, budgets = HomeGuilds([home]), Budgets(bot.now, None)
    usage = UsageService(bot.database, budgets, bot.now, homes, lambda: counted)
    assert (await usage.show(GUILD)).counted == (counted if home == GUILD else None)
