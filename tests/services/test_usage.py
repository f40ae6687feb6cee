"""What X has cost a server: the service over both databases."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.money.budgets import Budgets
from bot.money.home_guilds import EveryGuildIsHome
from bot.money.ledger import Ledger
from bot.services.server_settings import ConfigService
from bot.services.usage import UsageService
from bot.x.prices import Bill, Billed, Resource
from storage.database import Database
from storage.posts import Posts
from storage.users import Users
from tests.databases import on_sqlite
from tests.money.ledgers import book
from tests.x.clients import Now

GUILD, OTHER = 20, 21
POST, SECOND, AUTHOR = 1354143047324299264, 1228393702244134912, 2244994945
NOON = datetime(2026, 4, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
LIKERS = Bill("/likers", guild_id=GUILD)


def _watch(post_id: int, *guild_ids: int) -> Bill:
    return Bill("watch", {post_id: guild_ids}, post_id=post_id)


def _users(*ids: int) -> list[Billed]:
    return [Billed(Resource.USER_READ, frozenset(ids))]


@pytest.fixture
def now() -> Now:
    return Now(NOON)


@pytest.fixture
def ledger(database: Database, now: Now) -> Ledger:
    return Ledger(database, now, None)


@pytest.fixture
def usage(database: Database, now: Now) -> Callable[[Decimal | None], UsageService]:
    return lambda budget: UsageService(database, Budgets(now, budget), now, EveryGuildIsHome())


Usage = Callable[[Decimal | None], UsageService]


@on_sqlite
async def test_nothing_was_spent_yet(usage: Usage) -> None:
    shown = await usage(None).show(GUILD)

    assert (shown.today_usd, shown.month.spent_usd, shown.forecast_usd) == (0, 0, 0)
    assert (shown.watches, shown.commands, shown.used, shown.whole_bot_used) == ((), (), None, None)
    assert [day.day for day in shown.days] == [date(2026, 4, n) for n in range(1, 31)]
    assert [day.expected for day in shown.days] == [False] * 10 + [True] * 20


@on_sqlite
async def test_today_the_month_and_what_is_to_come(usage: Usage, ledger: Ledger, now: Now) -> None:
    for moment, users in (
        (datetime(2026, 3, 31, tzinfo=UTC), 50),  # another month
        (NOON - 8 * DAY, 40),  # not of the last week
        (NOON - 2 * DAY, 7),
        (NOON, 2),
    ):
        now.moment = moment
        await book(ledger, LIKERS, _users(*range(users)))

    shown = await usage(None).show(GUILD)

    assert (shown.today_usd, shown.month.spent_usd) == (Decimal("0.02"), Decimal("0.49"))
    by_day = {day.day.day: (day.usd, day.expected) for day in shown.days}
    assert by_day[2] == (Decimal("0.40"), False)
    assert by_day[10] == (Decimal("0.02"), False)
    # Seven users in seven days are a cent a day: two of it today, and twenty days to come.
    assert by_day[11] == by_day[30] == (Decimal("0.01"), True)
    assert shown.forecast_usd == Decimal("0.47") + Decimal("0.02") + Decimal("0.20")


@on_sqlite
async def test_the_dearest_watches_and_commands_come_first(
    usage: Usage, ledger: Ledger, database: Database
) -> None:
    async with database.transaction() as session:
        await Users(session).save([{"id": AUTHOR, "username": "TwitterDev", "name": "Twitter Dev"}])
        await Posts(session).save({"id": POST, "text": "Hello", "author_id": AUTHOR})
    await book(ledger, _watch(SECOND, GUILD), _users(1, 2))
    await book(ledger, _watch(POST, GUILD, OTHER), _users(*range(3, 13)))
    await book(ledger, LIKERS, _users(13))
    await book(ledger, Bill("/like", guild_id=GUILD), [Billed(Resource.LIKE, times=2)])

    shown = await usage(None).show(GUILD)
    others = await usage(None).show(OTHER)

    costs = [(cost.post.id, cost.post.text, cost.usd) for cost in shown.watches]
    assert costs == [(POST, "Hello", Decimal("0.05")), (SECOND, "", Decimal("0.02"))]
    assert shown.watches[0].post.author is not None
    assert shown.watches[0].post.author.username == "TwitterDev"
    assert [(cost.command, cost.usd) for cost in shown.commands] == [
        (None, Decimal("0.07")),
        ("/like", Decimal("0.03")),
        ("/likers", Decimal("0.01")),
    ]
    assert shown.month.spent_usd == Decimal("0.11")
    assert (others.month.spent_usd, len(others.watches)) == (Decimal("0.05"), 1)


@on_sqlite
async def test_only_the_five_dearest_watches_are_named(usage: Usage, ledger: Ledger) -> None:
    for post_id in range(1, 9):
        users = range(100 * post_id, 101 * post_id)
        await book(ledger, _watch(post_id, GUILD), _users(*users))

    shown = await usage(None).show(GUILD)

    assert [cost.post.id for cost in shown.watches] == [8, 7, 6, 5, 4]


@on_sqlite
async def test_how_much_of_the_budgets_is_spent(
    usage: Usage, ledger: Ledger, database: Database
) -> None:
    await ConfigService(database, Budgets(Now(NOON), None)).set_budget(GUILD, Decimal("0.05"))
    await book(ledger, LIKERS, _users(1, 2, 3, 4))
    await book(ledger, Bill("/likers", guild_id=OTHER), _users(5))

    shown = await usage(Decimal("0.10")).show(GUILD)
    others = await usage(Decimal("0.10")).show(OTHER)

    assert (shown.month.budget_usd, shown.used) == (Decimal("0.05"), pytest.approx(0.8))
    assert (others.month.budget_usd, others.used) == (None, None)
    assert shown.whole_bot_used == others.whole_bot_used == pytest.approx(0.5)
