"""A server's settings: the service over both databases."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.money.budgets import Budgets
from bot.money.home_guilds import HomeGuilds
from bot.services.home import HomeService
from bot.services.server_settings import ConfigService
from storage.database import Database
from storage.guilds import Guilds
from storage.models import Guild
from tests.at_once import all_looking_before_any_writes
from tests.databases import on_sqlite, opened
from tests.storage.rows import CHANNEL, MEMBER

GUILD = 20
NOW = datetime(2026, 3, 1, tzinfo=UTC)
MARCH = NOW.date()


@pytest.fixture
def config(database: Database) -> ConfigService:
    return ConfigService(database, Budgets(lambda: NOW, None))


@on_sqlite
async def test_nothing_is_chosen_at_first(config: ConfigService) -> None:
    shown = await config.show(GUILD)

    assert (shown.budget_usd, shown.ask_above_usd, shown.channel_id) == (None, None, None)


async def test_what_is_chosen_is_kept_beside_what_was(config: ConfigService) -> None:
    await config.set_page_size(GUILD, 25)
    await config.set_budget(GUILD, Decimal("12.34"))
    saved = await config.set_ask_above(GUILD, Decimal(0))

    assert saved == await config.show(GUILD)
    assert (saved.budget_usd, saved.ask_above_usd, saved.page_size) == (Decimal("12.34"), 0, 25)


@on_sqlite
async def test_what_was_chosen_can_be_cleared(config: ConfigService) -> None:
    await config.set_budget(GUILD, Decimal(1_000_000))
    await config.set_ask_above(GUILD, Decimal(5))

    await config.set_budget(GUILD, None)
    cleared = await config.set_ask_above(GUILD, None)

    assert (cleared.budget_usd, cleared.ask_above_usd) == (None, None)


async def test_a_new_budget_can_be_warned_of_in_the_same_month(
    config: ConfigService, database: Database
) -> None:
    await config.set_budget(GUILD, Decimal(1))
    async with database.transaction() as session:
        assert await Guilds(session).warn(GUILD, MARCH)
        assert not await Guilds(session).warn(GUILD, MARCH)

    await config.set_budget(GUILD, Decimal(2))

    async with database.reading() as session:
        assert await Guilds(session).unwarned([GUILD], MARCH) == {GUILD: 2_000_000}


async def test_two_first_settings_that_are_chosen_at_once_are_both_kept(postgres_url: str) -> None:
    async with opened(postgres_url) as one, opened(postgres_url) as other:
        first, second = (ConfigService(each, Budgets(lambda: NOW, None)) for each in (one, other))
        homes = HomeService(other, HomeGuilds((), None), lambda: NOW)
        await all_looking_before_any_writes(
            postgres_url,
            Guild,
            first.set_channel(GUILD, CHANNEL),
            second.set_alerts(GUILD, CHANNEL + 1),
            homes.adopt(GUILD, MEMBER),
        )

        shown = await first.show(GUILD)
        assert (shown.channel_id, shown.alerts_channel_id) == (CHANNEL, CHANNEL + 1)
        assert (await homes.show(GUILD)).adopted_by == MEMBER
