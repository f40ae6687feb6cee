"""Several processes on one PostgreSQL spend no more than there is, at the same moment too."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from decimal import Decimal
from random import Random

import aiohttp
import pytest
from sqlalchemy import func
from sqlmodel import select, update

from bot.accounts.abilities import LearntAbilities
from bot.accounts.allowances import SharedAllowances
from bot.accounts.bookkeeping import Bookkeeping
from bot.accounts.key_verdicts import KeyVerdicts
from bot.domain.errors import (
    BudgetNearlySpent,
    BudgetSpent,
    GuestBudgetSpent,
    GuildBudgetSpent,
    LikecordError,
    MemberBudgetSpent,
    XNotReached,
    XUnavailable,
)
from bot.domain.money import MICRO
from bot.money import holds
from bot.money.guest_budget import GuestBudget
from bot.money.holds import LASTS, SENT_WITHIN_S
from bot.money.home_guilds import HomeGuilds
from bot.money.ledger import Ledger
from bot.run.housekeeping import Housekeeping
from bot.x.asking.books import OpenRequest, RequestTerms
from bot.x.asking.transport import USUAL
from bot.x.limits import Endpoint
from bot.x.prices import MICRO_USD, NOBODY, WATCH, Bill, Billed, Resource, WorstCase
from storage import until_stored
from storage.charges import Charges
from storage.database import Database
from storage.guilds import Guilds
from storage.models import MoneyHold, StoredAllowance
from storage.money_holds import MoneyHolds
from storage.outages import DatabaseAway
from tests.at_once import all_looking_before_any_writes
from tests.counted import Counted, counted
from tests.databases import opened
from tests.watching.harness import Bot, a_world
from tests.x.clients import Now

GUILD, GUEST, MEMBER = 1, 2, 7
USER = MICRO_USD[Resource.USER_READ]
CENT = Decimal(USER) / MICRO


class Process:
    """A process with books of its own, whose requests stay under way until they are ended."""

    def __init__(
        self, database: Database, budget: Decimal | None = None, guests: Decimal | None = None
    ) -> None:
        now = Now()
        self.database = database
        budgets = None if guests is None else GuestBudget(HomeGuilds(), now, guests)
        self.ledger = Ledger(database, now, budget, guests=budgets)
        self.books = Bookkeeping(
            database,
            SharedAllowances(database, now),
            LearntAbilities(database, now),
            self.ledger,
            KeyVerdicts(now),
        )
        self.under_way = AsyncExitStack()

    async def begin(
        self, bill: Bill = NOBODY, users: int = 1, endpoint: Endpoint = Endpoint.POSTS
    ) -> OpenRequest:
        """Begin to ask X for so many users that nobody has paid for."""
        terms = RequestTerms(endpoint, "user:1", WorstCase(users * USER), bill=bill)
        return await self.under_way.enter_async_context(self.books.open(terms))

    async def held(self) -> list[int]:
        async with self.database.reading() as session:
            return [row.micro_usd for row in await session.exec(select(MoneyHold))]


Processes = Callable[..., tuple[Process, Process]]


@pytest.fixture
async def processes(postgres_url: str) -> AsyncIterator[Processes]:
    """Make two processes on one database that have the same settings."""
    made: list[Process] = []
    async with opened(postgres_url) as one, opened(postgres_url) as other:

        def make(*settings: Decimal | None) -> tuple[Process, Process]:
            both = Process(one, *settings), Process(other, *settings)
            made.extend(both)
            return both

        yield make
        for process in made:
            await process.under_way.aclose()


def _users(first: int, count: int = 1) -> Billed:
    return Billed(Resource.USER_READ, frozenset(range(first, first + count)))


async def _set_up(
    process: Process, budget: int | None = None, of_member: int | None = None
) -> None:
    """Let a server be the operator's, and have these budgets (micro-USD)."""
    async with process.database.transaction() as session:
        await Guilds(session).set_owned({GUILD: True})
        guild = await Guilds(session).lock(GUILD)
        guild.budget_micro_usd = budget
        guild.member_budget_micro_usd = of_member


@pytest.mark.parametrize(
    ("bill", "refusal", "settings"),
    [
        (NOBODY, BudgetSpent, (CENT,)),
        (Bill(WATCH, {9: (GUILD,)}, post_id=9), GuildBudgetSpent, ()),
        (Bill("/like", guild_id=GUEST), GuestBudgetSpent, (None, CENT)),
        (Bill("/likers", guild_id=GUILD, member_id=MEMBER), MemberBudgetSpent, ()),
    ],
)
async def test_of_two_that_ask_for_the_last_money_at_the_same_moment_one_is_refused(
    processes: Processes,
    postgres_url: str,
    bill: Bill,
    refusal: type[LikecordError],
    settings: tuple[Decimal | None, ...],
) -> None:
    """What it is told is what it is told when that is spent."""
    one, other = processes(*settings)
    if bill.guild_id == GUILD:
        await _set_up(one, of_member=USER)
    else:
        await _set_up(one, budget=3 * USER // 2)

    found = await all_looking_before_any_writes(
        postgres_url,
        StoredAllowance,
        one.begin(bill),
        other.begin(bill, endpoint=Endpoint.LIKING_USERS),
    )

    refused = [each for each in found if isinstance(each, BaseException)]
    assert [type(each) for each in refused] == [refusal]
    assert await one.held() == [USER]
    await next(each for each in found if each not in refused).answered({}, [_users(1)])
    assert await one.held() == []
    for process in (one, other):
        with pytest.raises(refusal) as spent:
            await process.begin(bill)
        assert str(spent.value) == str(refused[0])


async def test_a_guest_who_spends_their_last_money_meanwhile_is_not_asked_to_share(
    processes: Processes, postgres_url: str
) -> None:
    """The other one pays for all of a post that both watch."""
    one, other = processes(None, CENT)
    await _set_up(one)
    shared = Bill(WATCH, {9: (GUILD, GUEST)}, post_id=9)

    first, second = await all_looking_before_any_writes(
        postgres_url,
        StoredAllowance,
        one.begin(Bill("/like", guild_id=GUEST)),
        other.begin(shared, endpoint=Endpoint.LIKING_USERS),
    )
    await second.answered({}, [_users(1)])
    await first.answered({}, [_users(2)])

    async with one.database.reading() as session:
        today = one.ledger.today()
        spent = await Charges(session).spent_by_guild(today, today)
    assert spent == {GUILD: USER, GUEST: USER}


async def test_what_a_killed_process_held_can_be_spent_when_that_has_run_out(
    processes: Processes,
) -> None:
    killed, other = processes(CENT)
    await killed.begin()
    with pytest.raises(BudgetSpent):
        await other.begin()
    assert await other.ledger.left() == 0

    async with other.database.transaction() as session:
        await session.exec(update(MoneyHold).values(until=func.clock_timestamp()))

    await other.begin()
    assert await other.held() == [USER, USER]
    await Housekeeping(other.database, Now()).tidy()
    assert await other.held() == [USER]


async def test_what_comes_to_nothing_is_free_again(processes: Processes) -> None:
    one, other = processes(CENT)

    async def ask(error: BaseException | None) -> None:
        terms = RequestTerms(Endpoint.POSTS, "user:1", WorstCase(USER))
        async with one.books.open(terms) as request:
            assert await other.held() == [USER]
            if isinstance(error, XUnavailable):
                raise await request.failed(None, error)
            if error is not None:
                raise error
            await request.answered({}, [])

    for error in (XUnavailable(), XNotReached(), asyncio.CancelledError(), None):
        with contextlib.suppress(XUnavailable, asyncio.CancelledError):
            await ask(error)
        assert await other.held() == []
    await other.begin()
    with pytest.raises(BudgetSpent):
        await ask(None)
    assert await other.held() == [USER]


async def test_an_outage_hides_no_failure_and_what_was_held_runs_out(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = processes(2 * CENT)

    async def ask() -> None:
        async with one.books.open(RequestTerms(Endpoint.POSTS, "user:1", WorstCase(USER))):
            raise XUnavailable

    async def away(_self: MoneyHolds, _hold_id: int) -> None:
        raise DatabaseAway

    for owner, name, outage in ((MoneyHolds, "let_go", away), (holds, "_LETS_GO_WITHIN_S", 0.0)):
        with monkeypatch.context() as patched:
            patched.setattr(owner, name, outage)
            with pytest.raises(XUnavailable):
                await ask()

    assert await other.held() == [USER, USER]
    with pytest.raises(BudgetSpent):
        await one.begin()


async def test_a_process_that_stood_still_sends_nothing_for_money_that_is_kept_no_more(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = processes(CENT)
    request = await one.begin()
    request.may_be_sent()
    stood_still_until = holds.steady_s() + SENT_WITHIN_S
    monkeypatch.setattr(holds, "steady_s", lambda: stood_still_until)
    with pytest.raises(XNotReached):
        request.may_be_sent()
    assert SENT_WITHIN_S + USUAL.answer_s + until_stored._A_RESTART_S < LASTS.total_seconds()


async def test_what_was_not_sent_for_that_is_asked_again(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = processes()
    clock = iter((0.0, SENT_WITHIN_S))  # when the first was opened, and when it was to be sent
    monkeypatch.setattr(holds, "steady_s", lambda: next(clock, SENT_WITHIN_S))
    async with a_world() as world, aiohttp.ClientSession() as http:
        post, bot = world.post(), Bot(world, one.database, http, budget_usd=Decimal(1))
        assert (await bot.x.post(post)).id == post
        async with http.get(f"{world.url}/sandbox/requests") as response:
            assert len(await response.json()) == 1

    assert await one.held() == []
    assert (await bot.ledger.spent())[0] > 0


async def test_it_takes_two_statements_more_and_none_for_what_is_free(
    processes: Processes, sqlite: Database
) -> None:
    one, _ = processes(CENT * 10)
    alone = Process(sqlite, CENT * 10)

    async def take(process: Process, number: int, users: int) -> Counted:
        """Count a second one, for X is known to allow it then."""
        with counted(process.database) as found:
            request = await process.begin(Bill(WATCH, {9: (GUILD,)}, post_id=9), users)
            await request.answered({}, [_users(number, users)])
            await process.under_way.aclose()
        return found

    for process in (one, alone):
        await take(process, 1, 1)
    for users, more in ((1, 2), (0, 0)):
        shared, in_memory = await take(one, 2, users), await take(alone, 2, users)
        assert shared.statements == in_memory.statements + more
        assert len(shared.sessions) == len(in_memory.sessions) == 2


async def test_many_at_once_never_cost_more_than_the_budget(processes: Processes) -> None:
    """X charges what it does, at most what was reckoned with; some requests fail, or are ended."""
    luck = Random(9)  # noqa: S311 -- the same luck each time
    budget = 120
    both = processes(CENT * budget)
    charged: list[int] = []

    async def ask(process: Process, number: int) -> None:
        most, fate = luck.randint(1, 30), luck.random()
        terms = RequestTerms(Endpoint.POSTS, "user:1", WorstCase(most * USER))
        with contextlib.suppress(XUnavailable, BudgetSpent, BudgetNearlySpent):
            async with process.books.open(terms) as request:
                await asyncio.sleep(0)
                if fate < 0.2:
                    raise await request.failed(None, XUnavailable())
                users = luck.randint(0, most)
                charged.append(users)
                assert sum(charged) <= budget
                await request.answered({}, [_users(number * 100, users)])

    for wave in range(3):
        await asyncio.gather(
            *(ask(both[number % 2], 40 * wave + number) for number in range(1, 25))
        )

    today = both[0].ledger.today()
    async with both[0].database.reading() as session:
        booked = await Charges(session).spent(today, today)
    assert await both[0].held() == []
    assert sum(charged) * USER == booked <= budget * USER
    assert booked > 0.8 * budget * USER
