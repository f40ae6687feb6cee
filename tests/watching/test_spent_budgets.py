"""A budget that is spent is told of once, and again only when it has been raised since."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.accounts.key_verdicts import KeyVerdicts
from bot.domain.notices import (
    BotBudgetSpent,
    BudgetWarning,
    LikesTooDear,
    Notice,
    ServerBudgetSpent,
)
from bot.money.budgets import Budgets
from bot.money.guest_budget import GuestBudget, no_guests
from bot.money.home_guilds import HomeGuilds
from bot.money.ledger import Ledger
from bot.services.server_settings import ConfigService
from bot.watching.troubles import TroublesRound
from bot.x.prices import Bill, Billed, Resource
from storage.database import Database
from storage.models import PostKind, Watch
from tests.databases import on_sqlite
from tests.money.ledgers import book
from tests.outboxes import notice_of
from tests.storage.rows import CHANNEL, GUILD, a_watch, store_post, store_watch
from tests.watching.harness import announcements
from tests.x.clients import Now

JULY = datetime(2026, 7, 15, 12, 0, tzinfo=UTC)
OTHER = GUILD + 1


class Servers:
    """Two servers, of which one watches, and the books of what they cost."""

    def __init__(self, database: Database, budget_usd: Decimal | None = None) -> None:
        self.database = database
        self.now = Now(JULY)
        self.budgets = Budgets(self.now, budget_usd)
        self.config = ConfigService(database, self.budgets)
        self.guests = no_guests(self.now)
        self._users = 0

    def round(self) -> TroublesRound:
        verdicts = KeyVerdicts(self.now)
        return TroublesRound(
            self.database, self.budgets, "user:1", verdicts, self.now, guests=self.guests
        )

    async def open(self) -> "Servers":
        await store_post(self.database)
        await store_watch(self.database)
        return self

    async def spend(self, users: int) -> None:
        first, self._users = self._users, self._users + users
        billed = Billed(Resource.USER_READ, frozenset(range(first, self._users)))
        await book(Ledger(self.database, self.now, None), Bill("/likers", guild_id=GUILD), [billed])

    async def told(self) -> list[Notice]:
        """Let it be looked, and return what was told by then."""
        await self.round().run_once()
        notices = [notice_of(row) for row in await announcements(self.database)]
        return [notice for notice in notices if not isinstance(notice, BudgetWarning)]


async def test_it_is_told_once_and_again_after_it_was_raised(database: Database) -> None:
    servers = await Servers(database).open()
    await servers.config.set_budget(GUILD, Decimal("0.10"))
    await servers.spend(8)
    assert await servers.told() == [], "what is left pays for a look"
    await servers.spend(1)
    first = ServerBudgetSpent(Decimal("0.09"), Decimal("0.10"))
    assert await servers.told() == [first]
    assert await servers.told() == [first]
    await servers.spend(1)
    assert await servers.told() == [first]

    await servers.config.set_budget(GUILD, Decimal(1))
    assert await servers.told() == [first]
    await servers.config.set_budget(GUILD, Decimal("0.05"))
    assert await servers.told() == [first, ServerBudgetSpent(Decimal("0.10"), Decimal("0.05"))]


@on_sqlite
async def test_the_next_month_begins_anew(database: Database) -> None:
    servers = await Servers(database).open()
    month = await servers.config.set_budget(GUILD, Decimal("0.05"))
    assert not month.is_paused
    await servers.spend(9)
    assert len(await servers.told()) == 1
    month = await servers.config.set_budget(GUILD, Decimal("0.06"))
    assert (month.spent_usd, month.server_is_paused) == (Decimal("0.09"), True)
    assert month.ends_at == datetime(2026, 8, 1, tzinfo=UTC)

    servers.now.advance(timedelta(days=20))
    assert len(await servers.told()) == 1
    assert not (await servers.config.set_budget(GUILD, Decimal("0.05"))).is_paused
    await servers.spend(9)
    assert len(await servers.told()) == 2


@on_sqlite
async def test_it_is_said_where_announcements_go_as_soon_as_something_is_watched(
    database: Database,
) -> None:
    servers = Servers(database)
    await store_post(database)
    await servers.config.set_budget(GUILD, Decimal("0.05"))
    await servers.spend(9)
    assert await servers.told() == []
    await store_watch(database, a_watch(channel_id=CHANNEL + 1))
    assert len(await servers.told()) == 1
    assert [row.channel_id for row in await announcements(database)] == [CHANNEL + 1]


async def test_what_is_spent_is_not_told_to_be_nearly_spent(database: Database) -> None:
    servers = await Servers(database).open()
    await servers.config.set_budget(GUILD, Decimal("0.05"))
    await servers.spend(9)
    await servers.round().run_once()
    (row,) = await announcements(database)
    assert notice_of(row) == ServerBudgetSpent(Decimal("0.09"), Decimal("0.05"))


@on_sqlite
async def test_the_bots_own_is_told_of_in_every_server_that_watches(database: Database) -> None:
    servers = await Servers(database, Decimal("0.10")).open()
    await store_watch(database, a_watch(guild_id=OTHER, channel_id=CHANNEL + 1))
    await servers.spend(8)

    assert await servers.told() == [BotBudgetSpent(), BotBudgetSpent()]
    assert await servers.told() == [BotBudgetSpent(), BotBudgetSpent()]
    rows = await announcements(database)
    assert {row.channel_id for row in rows} == {CHANNEL, CHANNEL + 1}
    async with database.reading() as session:
        assert (await servers.budgets.month_of(session, OTHER)).bot_is_paused


@on_sqlite
@pytest.mark.parametrize("of_server", [True, False])
async def test_likes_that_cost_more_than_is_left_are_told_once_and_again_after_it_was_raised(
    database: Database,
    of_server: bool,  # noqa: FBT001 - a case
) -> None:
    servers = Servers(database, None if of_server else Decimal("1.00"))
    await store_post(
        database, kind=PostKind.NAMES, like_count=40, collected_count=10, collected_at=JULY
    )
    await store_watch(database)
    if of_server:
        await servers.config.set_budget(GUILD, Decimal("1.00"))
    await servers.spend(60)
    assert await servers.told() == [], "40 cents are left, and 38 likers cost 38 cents at most"
    await servers.spend(24)
    dear = LikesTooDear(30, of_server=of_server)
    assert await servers.told() == [dear]
    assert await servers.told() == [dear]

    if of_server:
        await servers.config.set_budget(GUILD, Decimal(5))
        assert await servers.told() == [dear]
        await servers.config.set_budget(GUILD, Decimal("1.00"))
        assert await servers.told() == [dear, dear]
    await servers.spend(16)
    *_, spent = await servers.told()
    assert spent == (
        ServerBudgetSpent(Decimal("1.00"), Decimal("1.00")) if of_server else BotBudgetSpent()
    )


@on_sqlite
async def test_who_stops_watching_for_a_while_is_not_told_twice(database: Database) -> None:
    servers = await Servers(database, Decimal("0.10")).open()
    await servers.spend(9)
    assert len(await servers.told()) == 1
    async with database.transaction() as session:
        watch = await session.get_one(Watch, 1)
        watch.paused_at = JULY
    assert len(await servers.told()) == 1
    async with database.transaction() as session:
        (await session.get_one(Watch, 1)).paused_at = None
    assert len(await servers.told()) == 1


@on_sqlite
async def test_a_round_that_is_cut_off_tells_it_in_the_next(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers = await Servers(database, Decimal("0.10")).open()
    await servers.spend(9)
    with monkeypatch.context() as patch:
        patch.setattr("storage.announcements.Announcements.add", _killed)
        with pytest.raises(KeyboardInterrupt):
            await servers.round().run_once()
    assert await announcements(database) == []

    assert await servers.told() == [BotBudgetSpent()]


async def _killed(*_: object) -> None:
    raise KeyboardInterrupt


@on_sqlite
async def test_a_guest_is_told_only_while_x_is_asked_for_it(database: Database) -> None:
    servers = await Servers(database, Decimal("0.05")).open()
    await servers.spend(9)
    servers.guests = GuestBudget(HomeGuilds(()), servers.now)
    assert await servers.told() == []
    servers.guests = GuestBudget(HomeGuilds(()), servers.now, Decimal(1))
    assert await servers.told() == [BotBudgetSpent()]
