"""The ledger says what X charges: to the thousandth of a cent, over whatever members do, for days.

X here is the stand-in, which keeps its own books by the published rules and shares no code with
the bot.
"""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import aiohttp
import pytest
from sqlalchemy import func
from sqlmodel import col, select

from bot.accounts.which_account import Access
from bot.domain import AccountWatchRequest, Actor
from bot.domain.errors import LikecordError
from bot.domain.money import MICRO
from bot.services.export.progress import Course
from bot.services.export.quota import ExportQuota
from bot.services.export.service import ExportService
from bot.services.export.table import TableFormat
from bot.services.export.values import ExportRequest, Kind
from bot.services.liking import LikeService
from bot.services.lookup import LookupService
from bot.services.lookup_rights import LookupRights
from sandbox.x.control.made_to_order import make_post
from storage.database import Database
from storage.models import Charge
from tests.actors import manager
from tests.sandbox.x.test_crowd import luck
from tests.watching.harness import CHANNEL, DEV, GUILD, MEMBER, TWITTER, Bot, World, a_world

Books = dict[tuple[date, str], tuple[int, int]]
"""Of each day and resource that cost anything: how many, and the micro-USD."""

GUILDS = (GUILD, GUILD + 1, GUILD + 2)
NAMES = {DEV: "TwitterDev", TWITTER: "Twitter"}


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def _booked(database: Database) -> Books:
    query = select(
        col(Charge.day), col(Charge.resource), func.sum(Charge.count), func.sum(Charge.micro_usd)
    ).group_by(col(Charge.day), col(Charge.resource))
    async with database.reading() as session:
        rows = await session.exec(query)
        return {(day, kind): (int(count), int(micro_usd)) for day, kind, count, micro_usd in rows}


async def _charged(world: World, http: aiohttp.ClientSession) -> Books:
    async with http.get(f"{world.url}/sandbox/charges") as response:
        report = await response.json()
    return {
        (date.fromisoformat(day), kind): (line["count"], int(Decimal(line["usd"]) * MICRO))
        for day, bill in report["days"].items()
        for kind, line in bill["by_resource"].items()
        if line["count"]
    }


def _begin_day(world: World, *, before_midnight: timedelta = timedelta(hours=12)) -> None:
    """Move the clock to so long before the next midnight but one."""
    now = world.sandbox.clock.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
    world.sandbox.clock.advance((midnight - before_midnight - now).total_seconds())


@dataclass
class Life:
    """What members of a few servers do, and people on X, by chance; two processes serve them."""

    world: World
    bots: list[Bot]
    die: Random
    posts: list[int] = field(default_factory=list)

    @property
    def doings(self) -> list[Callable[[], Awaitable[None]]]:
        return [
            *(self.watch, self.round, self.look_up, self.likers, self.liked, self.like),
            *(self.unlike, self.export, self.watch_account, self.author_posts, self.people_like),
            *(self.look_at_accounts, self.round, self.trouble),
        ]

    async def happen(self, doing: Callable[[], Awaitable[None]]) -> None:
        """Do something; that it may fail is a part of it."""
        self.world.sandbox.clock.advance(self.die.uniform(0, 3 * 3600))
        with contextlib.suppress(LikecordError):
            await doing()

    @property
    def bot(self) -> Bot:
        return self.die.choice(self.bots)

    @property
    def access(self) -> Access:
        return Access(self.bot.x)

    @property
    def guild(self) -> int:
        return self.die.choice(GUILDS)

    @property
    def post(self) -> int:
        return self.die.choice(self.posts)

    async def people_like(self) -> None:
        world = self.world
        for post in self.die.choices(self.posts, k=3):
            world.likes(post, self.die.randint(0, 6))
            somebody = self.die.choice(list(world.sandbox.world.users))
            with contextlib.suppress(AssertionError):
                world.like(post, somebody)

    async def watch(self) -> None:
        author = self.die.choice((DEV, DEV, TWITTER))
        self.posts.append(self.world.post(author, likes=self.die.randint(0, 30)))
        await self.bot.watch(self.post, CHANNEL + self.guild, self.guild)

    async def round(self) -> None:
        await self.bot.round()

    async def watch_account(self) -> None:
        name = self.die.choice(list(NAMES.values()))
        reposts = self.die.random() < 0.5
        await self.bot.account_watches.add(
            AccountWatchRequest(self.guild, CHANNEL, name, MEMBER, 7, replies=True, reposts=reposts)
        )

    async def author_posts(self) -> None:
        """Let the authors post something of their own, and repost something."""
        author = self.die.choice(list(NAMES))
        self.posts.append(self.world.post(author, likes=self.die.randint(0, 3)))
        references = [{"type": "retweeted", "id": str(self.post)}]
        order = {"author_id": str(author), "text": "Look", "referenced_tweets": references}
        make_post(self.world.sandbox.world, order)

    async def look_at_accounts(self) -> None:
        bot = self.bot
        await bot.accounts.run_once()
        await bot.round()

    async def look_up(self) -> None:
        await self._lookup.post(manager(self.guild), str(self.post))

    async def likers(self) -> None:
        await self._lookup.likers(manager(self.guild), str(self.post))

    async def liked(self) -> None:
        name = self.die.choice(list(NAMES.values()))
        await self._lookup.liked(manager(self.guild), name)

    async def like(self) -> None:
        await self._likes.like(self._actor, str(self.post))

    async def unlike(self) -> None:
        await self._likes.unlike(self._actor, str(self.post))

    @property
    def _lookup(self) -> LookupService:
        return LookupService(self.bot.database, self.access)

    @property
    def _actor(self) -> Actor:
        return Actor(MEMBER, self.guild, frozenset(), manages_guild=True)

    @property
    def _likes(self) -> LikeService:
        bot = self.bot
        return LikeService(bot.database, Access(bot.x), bot.identity, bot.now)

    async def export(self) -> None:
        bot = self.bot
        exports = ExportService(
            Access(bot.x),
            bot.ledger,
            ExportQuota(bot.database, bot.now),
            LookupRights(bot.database),
        )
        kind = self.die.choice(list(Kind))
        subject = str(self.post) if kind is Kind.LIKERS else self.die.choice(list(NAMES.values()))
        plan = await exports.plan(
            ExportRequest(manager(self.guild, MEMBER), kind, subject, TableFormat.CSV)
        )
        await exports.run(plan, Course(bot.now, bot.now() + timedelta(minutes=14)))

    async def trouble(self) -> None:
        """Let X fail, and its people go."""
        self.world.fault(self.die.choice(("GET /2/*", "POST /2/*")), times=2, status=503)
        if len(self.posts) > 3:
            self.world.delete(self.posts.pop(0))


@pytest.mark.parametrize(
    ("database_url", "seed"),
    [("sqlite", 0), ("sqlite", 1), ("postgresql", 0)],
    indirect=["database_url"],
)
async def test_over_whatever_happens_for_days(
    world: World, database: Database, http: aiohttp.ClientSession, seed: int
) -> None:
    _begin_day(world)
    world.sandbox.world.settings.liking = "allowed"
    bots = [Bot(world, database, http) for _ in range(2)]
    life = Life(world, bots, luck(seed), [world.post(DEV, likes=5), world.post(TWITTER, 3)])

    chosen = life.die.choices(life.doings, k=28)
    for doing in (*life.doings, *chosen):
        await life.happen(doing)
        assert await _booked(database) == await _charged(world, http)

    booked = await _booked(database)
    kinds = {kind for _, kind in booked}
    assert kinds == {"post_read", "user_read", "owned_read", "like", "unlike"}
    assert len({day for day, _ in booked}) >= 3


async def test_what_is_read_before_and_after_midnight_is_paid_twice_and_else_once(
    world: World, sqlite: Database, http: aiohttp.ClientSession
) -> None:
    _begin_day(world, before_midnight=timedelta(seconds=30))
    one, other = (Bot(world, sqlite, http) for _ in range(2))
    post = world.post(DEV, likes=4)
    today = world.sandbox.clock.now().date()

    async def read_all() -> None:
        for bot in (one, other):
            lookup = LookupService(sqlite, Access(bot.x))
            await lookup.likers(manager(GUILD), str(post))
            await lookup.post(manager(GUILDS[1]), str(post))

    await read_all()
    before = await _booked(sqlite)
    world.sandbox.clock.advance(60)
    await read_all()
    booked = await _booked(sqlite)

    # The post, its four likers and its author.
    day = {"post_read": (1, 5_000), "user_read": (5, 50_000)}
    assert before == {(today, kind): cost for kind, cost in day.items()}
    tomorrow = {(today + timedelta(days=1), kind): cost for kind, cost in day.items()}
    assert booked == before | tomorrow == await _charged(world, http)


async def test_own_posts_have_their_own_price(
    world: World, sqlite: Database, http: aiohttp.ClientSession
) -> None:
    _begin_day(world)
    bot = Bot(world, sqlite, http)
    for _ in range(3):
        world.like(world.post(TWITTER), DEV)
    own, others = NAMES[DEV], NAMES[TWITTER]

    await LookupService(sqlite, Access(bot.x)).liked(manager(GUILD), own)
    booked = await _booked(sqlite)
    with contextlib.suppress(LikecordError):
        await LookupService(sqlite, Access(bot.x)).liked(manager(GUILD), others)

    count, micro_usd = booked[world.sandbox.clock.now().date(), "owned_read"]
    assert count >= 3
    assert micro_usd == count * 1_000
    assert await _booked(sqlite) == await _charged(world, http)
