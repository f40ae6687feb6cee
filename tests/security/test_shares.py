"""No member, and no server, takes what all others' watches live on: the bot's parts as they are."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import aiohttp
import pytest

from bot.accounts.which_account import Access
from bot.domain import AccountWatchRequest, Actor, WatchRequest
from bot.domain.errors import (
    LikecordError,
    MemberBudgetSpent,
    NotAllowed,
    TooManyWatches,
    WindowShareUsed,
)
from bot.domain.guilds import MEMBER_DAILY_USD
from bot.domain.money import in_micro_usd
from bot.domain.notices import WatchesFull
from bot.services.export.progress import Course
from bot.services.export.quota import ExportQuota
from bot.services.export.service import ExportService
from bot.services.export.table import TableFormat
from bot.services.export.values import ExportRequest, Kind
from bot.services.lookup import LookupService
from bot.services.lookup_rights import LookupRights
from bot.watching.adding import NewWatches
from bot.watching.new_posts.round import NewPostsRound
from bot.watching.troubles import TroublesRound
from bot.watching.watch_limits import WatchLimits
from bot.x.limits import Endpoint
from storage.database import Database
from storage.member_charges import MemberCharges
from storage.models import Guild
from tests.actors import manager, member
from tests.watching.harness import (
    CHANNEL,
    EVERY,
    GUILD,
    MEMBER,
    TWITTER,
    Bot,
    World,
    a_world,
    announced,
    notices,
)

OTHER = GUILD + 1
BUDGET = Decimal(2)
# What was tried at first, within seconds.
POSTS, LISTS = 129, 75


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def bot(world: World, sqlite: Database, http: aiohttp.ClientSession) -> Bot:
    return Bot(world, sqlite, http, budget_usd=BUDGET)


def lookup_of(bot: Bot) -> LookupService:
    return LookupService(bot.database, Access(bot.x))


async def look_up(bot: Bot, actor: Actor, *posts: int, likers: bool = False) -> list[object]:
    """Look all of these up at once; return what went wrong with those that were refused."""
    lookup = lookup_of(bot)
    ask = lookup.likers if likers else lookup.post
    found = await asyncio.gather(*(ask(actor, str(post)) for post in posts), return_exceptions=True)
    assert all(isinstance(each, LikecordError) for each in found if isinstance(each, Exception))
    return [each for each in found if isinstance(each, LikecordError)]


async def still_announces(world: World, bot: Bot, post: int) -> bool:
    """Say whether a new like of a watched post is announced by name."""
    (liker,) = world.likes(post)
    await bot.round()
    return liker in await announced(bot.database)


async def change(database: Database, **values: int) -> None:
    async with database.transaction() as session:
        session.add(Guild(id=GUILD, **values))


async def test_a_member_drains_the_months_budget(world: World, bot: Bot) -> None:
    watched = world.post(likes=1)
    await bot.watch(watched)
    posts = [world.post() for _ in range(POSTS)]

    refused = await look_up(bot, member(GUILD), *posts)
    # Those that were shown are free for the rest of the day.
    again = await look_up(bot, member(GUILD), *(world.post() for _ in range(POSTS)))

    today = bot.now().date()
    async with bot.database.reading() as session:
        spent = await MemberCharges(session).on(today, GUILD, member(GUILD).user_id)
    assert 0 < spent <= in_micro_usd(MEMBER_DAILY_USD)
    assert {type(each) for each in (*refused, *again)} == {MemberBudgetSpent}
    assert "$0.50 that a member may spend here on a day. Yours begins anew <t:" in str(again[-1])
    assert "`/config member-budget`" in str(again[-1])
    # Others go on, and so do watches.
    assert await look_up(bot, member(GUILD, 9), world.post()) == []
    assert await look_up(bot, manager(GUILD), world.post()) == []
    assert await still_announces(world, bot, watched)
    world.sandbox.clock.advance(24 * 3600)
    assert await look_up(bot, member(GUILD), posts[0]) == []


async def test_a_members_export_ends_with_their_budget(world: World, bot: Bot) -> None:
    """With what was read until then, and a sentence that says when they can go on."""
    post, rights = world.post(likes=80), LookupRights(bot.database)
    exports = ExportService(Access(bot.x), bot.ledger, ExportQuota(bot.database, bot.now), rights)
    asked = ExportRequest(member(GUILD), Kind.LIKERS, str(post), TableFormat.CSV)

    plan = await exports.plan(asked)
    exported = await exports.run(plan, Course(bot.now, bot.now() + timedelta(minutes=14)))

    assert plan.passes_budget
    assert 40 <= exported.rows <= 50
    assert exported.cut_short is not None
    assert "Yours begins anew <t:" in exported.cut_short


async def test_a_member_asks_for_what_costs_more_than_a_day_allows(world: World, bot: Bot) -> None:
    await change(bot.database, member_budget_micro_usd=10_000)

    (refused,) = await look_up(bot, member(GUILD), world.post())

    assert str(refused).startswith("That may cost more than the $0.01 that a member may spend")
    assert await look_up(bot, manager(GUILD), world.post()) == []


async def test_a_member_without_the_role_looks_up(world: World, bot: Bot) -> None:
    await change(bot.database, lookup_role_id=77)
    post = world.post(likes=1)

    for likers in (False, True):
        (refused,) = await look_up(bot, member(GUILD), post, likers=likers)
        assert isinstance(refused, NotAllowed)
        assert "needs the role <@&77> here" in str(refused)
        assert "`/config lookup-role`" in str(refused)
        assert await look_up(bot, member(GUILD, 8, 77), post, likers=likers) == []
        assert await look_up(bot, manager(GUILD), post, likers=likers) == []


async def test_all_members_together_drain_the_budget(
    world: World, sqlite: Database, http: aiohttp.ClientSession
) -> None:
    """What is left at the end is for what is watched."""
    bot, watched = Bot(world, sqlite, http, budget_usd=Decimal("0.40")), world.post(likes=1)
    await bot.watch(watched)

    refused = []
    for number in range(6):
        some = [world.post(TWITTER) for _ in range(15)]
        refused += await look_up(bot, member(GUILD, 1_000 + number), *some)

    (_, month) = await bot.ledger.spent()
    assert Decimal("0.25") < month <= Decimal("0.36")
    assert "kept for watches and likes" in str(refused[-1])
    assert await still_announces(world, bot, watched)


async def test_a_server_uses_up_the_window_for_likers(
    world: World, bot: Bot, sqlite: Database, http: aiohttp.ClientSession
) -> None:
    """Lists of nobody cost nothing: no budget stops that."""
    watched, lists = world.post(likes=1), world.post()
    await bot.watch(watched)
    another = Bot(world, sqlite, http)  # a process of the same bot

    refused = []
    for number in range(LISTS):
        refused += await look_up(another if number % 2 else bot, manager(GUILD), lists, likers=True)
    elsewhere = await look_up(bot, manager(OTHER), lists, likers=True)

    assert {type(each) for each in refused} == {WindowShareUsed}
    assert "the rest is for watches and other servers. Try again <t:" in str(refused[0])
    assert elsewhere == []
    left = await bot.x.allowance(Endpoint.LIKING_USERS)
    assert left.remaining >= left.limit * 2 // 5
    assert await still_announces(world, bot, watched)
    world.sandbox.clock.advance(15 * 60)
    assert await look_up(bot, manager(GUILD), lists, likers=True) == []


async def test_all_servers_together_use_up_the_window(world: World, bot: Bot) -> None:
    watched, lists = world.post(likes=1), world.post()
    await bot.watch(watched)

    served = [
        guild_id
        for guild_id in range(1, LISTS)
        if not await look_up(bot, manager(guild_id), lists, likers=True)
    ]

    assert len(served) == 45
    assert await still_announces(world, bot, watched)


async def test_a_server_watches_posts_without_end(world: World, bot: Bot) -> None:
    new = NewWatches(
        bot.database,
        Access(bot.x),
        likers=bot.collector,
        budget=bot.budget,
        prices=bot.ledger.prices,
        now=bot.now,
        limits=WatchLimits(3),
    )
    posts = [world.post() for _ in range(5)]

    async def watch(post: int, guild_id: int = GUILD) -> object:
        return await new.add(WatchRequest(guild_id, CHANNEL + guild_id, str(post), MEMBER))

    found = await asyncio.gather(*map(watch, posts), return_exceptions=True)

    refused = [each for each in found if isinstance(each, TooManyWatches)]
    assert len(refused) == 2
    assert str(refused[0]).startswith("This server watches 3 posts, and may watch no more.")
    assert len(await bot.watches.list(GUILD)) == 3
    # What goes on is no new one, and other servers have room of their own.
    (first, *_) = (watched.post.id for watched in await bot.watches.list(GUILD))
    await watch(first)
    await watch(posts[0], OTHER)


async def test_a_watched_account_posts_without_end(world: World, bot: Bot) -> None:
    """What there is no room for waits, costs nothing, and is told of once."""
    limits = WatchLimits(20)
    await bot.account_watches.add(AccountWatchRequest(GUILD, CHANNEL, "TwitterDev", MEMBER, 7))
    accounts = NewPostsRound(bot.database, bot.x, bot.health, bot.now, EVERY, limits=limits)
    verdicts = bot.verdicts
    troubles = TroublesRound(
        bot.database, bot.budgets, bot.x.account, verdicts, bot.now, limits=limits
    )
    for _ in range(25):
        world.sandbox.clock.advance(1)
        world.post()

    async def look() -> int:
        world.sandbox.clock.advance(EVERY.total_seconds())
        begun = (await accounts.run_once()).watches
        await troubles.run_once()
        return begun

    assert await look() == 20
    await bot.requests("/tweets")
    assert [await look() for _ in range(3)] == [0, 0, 0]
    assert await bot.requests("/tweets") == []
    (one, other, *_) = await bot.watches.list(GUILD)
    await bot.watches.remove(GUILD, one.id)
    assert await look() == 1
    await bot.watches.remove(GUILD, other.id)
    assert await look() == 1
    assert await notices(bot.database) == [WatchesFull(20)]
