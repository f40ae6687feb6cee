"""X on a socket, a database, and the parts of the bot between them, put together as app.py does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import aiohttp
from aiohttp import web
from sqlmodel import col, select

from bot.accounts.abilities import LearntAbilities
from bot.accounts.allowances import SharedAllowances
from bot.accounts.bookkeeping import Bookkeeping
from bot.accounts.key_check import KeyCheck
from bot.accounts.key_verdicts import KeyVerdicts
from bot.accounts.own_account import Identity
from bot.accounts.which_account import Access
from bot.domain import WatchRequest
from bot.domain.notices import Notice
from bot.money.budgets import Budgets
from bot.money.ledger import Ledger
from bot.watching.account_watches import AccountWatchService
from bot.watching.adding import NewWatches
from bot.watching.counts.round import CountsRound
from bot.watching.end_watch import Endings
from bot.watching.health import Health
from bot.watching.likers.round import LikersRound
from bot.watching.new_posts.round import NewPostsRound
from bot.watching.outbox import Outbox
from bot.watching.polling_budget import PollingBudget
from bot.watching.troubles import TroublesRound
from bot.watching.visibility import LOOK_AGAIN
from bot.watching.watches import WatchService
from bot.x.asking.request import RequestSender
from bot.x.asking.transport import RetryPolicy
from bot.x.client import XClient
from bot.x.credentials import Credentials, UserToken
from bot.x.limits import Endpoint
from bot.x.x_time import XTime
from sandbox.x.server import XSandbox
from sandbox.x.world.rows import Post, Reference, User
from storage import models
from storage.database import Database
from storage.models import Announcement, PostLike
from storage.posts import Posts
from storage.watched_posts import WatchedPost
from tests.outboxes import notice_of

DEV, TWITTER = 2244994945, 783214
VALENTINE, RESEARCH, LIMIT = 1228393702244134912, 1354143047324299264, 1362449997430542337
GUILD, CHANNEL, MEMBER = 1100000000000000001, 1200000000000000002, 1300000000000000003
EVERY = timedelta(seconds=15)
LIKERS = "GET /2/tweets/:id/liking_users"
_LONG = timedelta(minutes=2)
HASTE = RetryPolicy(connect_s=5, answer_s=30, tries=2, pause_s=0)


@dataclass
class World:
    """The stand-in of X, and verbs for what people do there."""

    sandbox: XSandbox
    url: str
    _numbers: int = field(default=0)

    def person(self, *, protected: bool = False, name: str = "Ada") -> User:
        self._numbers += 1
        user = User(
            id=9_000_000_000_000_000_000 + self._numbers,
            username=f"person{self._numbers}",
            name=name,
            created_at=self.sandbox.clock.now(),
            protected=protected,
        )
        return self.sandbox.world.add_user(user)

    def post(self, author_id: int = DEV, likes: int = 0) -> int:
        world = self.sandbox.world
        now = self.sandbox.clock.now()
        post = Post(world.free_id(world.posts, now), author_id, "Hello", now)
        world.add_post(post)
        self.likes(post.id, likes)
        return post.id

    def repost(self, original_id: int, author_id: int = TWITTER) -> int:
        world = self.sandbox.world
        now = self.sandbox.clock.now()
        reference = Reference("retweeted", original_id)
        text = "RT @TwitterDev: Hello"
        post = Post(world.free_id(world.posts, now), author_id, text, now, references=(reference,))
        world.add_post(post)
        return post.id

    def likes(self, post_id: int, times: int = 1, *, protected: bool = False) -> list[int]:
        """Let new people like a post; return who they are, the first to like first."""
        people = [self.person(protected=protected) for _ in range(times)]
        self.like(post_id, *(user.id for user in people))
        return [user.id for user in people]

    def like(self, post_id: int, *user_ids: int) -> None:
        for user_id in user_ids:
            self.sandbox.world.like(self._post(post_id), self.sandbox.world.users[user_id])

    def unlike(self, post_id: int, *user_ids: int) -> None:
        for user_id in user_ids:
            self.sandbox.world.unlike(self._post(post_id), self.sandbox.world.users[user_id])

    def delete(self, post_id: int) -> None:
        self.sandbox.world.delete_post(self._post(post_id))

    def fault(self, match: str, **fault: Any) -> None:
        self.sandbox.faults.add({"match": match, **fault})

    def _post(self, post_id: int) -> Post:
        return self.sandbox.world.posts[post_id]


@dataclass
class Bot:
    """The polling of one process, on a database and the world."""

    world: World
    database: Database
    http: aiohttp.ClientSession
    budget_usd: Decimal | None = None
    app_only: bool = False
    ahead: timedelta = timedelta(0)  # how far its machine's clock is ahead of X's

    def __post_init__(self) -> None:
        now = self.now = lambda: self.world.sandbox.clock.now() + self.ahead
        self.limits = SharedAllowances(self.database, now)
        self.ledger = Ledger(self.database, now, self.budget_usd)
        self.abilities = LearntAbilities(self.database, now)
        self.verdicts = KeyVerdicts(now)
        credentials = self._credentials()
        books = Bookkeeping(
            self.database,
            self.limits,
            self.abilities,
            self.ledger,
            self.verdicts,
            own_account=credentials.account,
        )
        x_time = self.x_time = XTime(now)
        sender = RequestSender(self.http, self.world.url, books, HASTE, x_time)
        self.make_client = partial(XClient, sender)
        self.x = self.make_client(credentials)
        self.health = Health()
        self.budgets = Budgets(now, self.budget_usd)
        budget = self.budget = PollingBudget(self.budgets, now)
        access = self.access = Access(self.x)
        self.collector = LikersRound(self.database, access, self.health, now, budget)
        self.probe = CountsRound(
            self.database, self.x, self.health, now, every=EVERY, budget=budget
        )
        prices = self.ledger.prices
        self.accounts = NewPostsRound(self.database, self.x, self.health, now, EVERY)
        self.account_watches = AccountWatchService(self.database, access, prices, now)
        self.endings = Endings(self.database, now)
        self.troubles = TroublesRound(
            self.database, self.budgets, self.x.account, self.verdicts, now
        )
        self.watches = WatchService(self.database, access, now)
        self.new_watches = NewWatches(
            self.database, access, likers=self.collector, budget=budget, prices=prices, now=now
        )
        self.identity = Identity(self.database, self.x, now)
        self.keys = KeyCheck(self.database, access, self.identity, now)
        self.outbox = Outbox(self.database, now)

    def _credentials(self) -> Credentials:
        keys = self.world.sandbox.credentials()
        if self.app_only:
            return Credentials(bearer=keys.bearer_token)
        return Credentials(
            user=UserToken(
                keys.api_key, keys.api_secret, keys.access_token, keys.access_token_secret
            )
        )

    async def watch(self, post_id: int, channel_id: int = CHANNEL, guild_id: int = GUILD) -> int:
        """Watch a post; return the watch's ID."""
        added = await self.new_watches.add(WatchRequest(guild_id, channel_id, str(post_id), MEMBER))
        return added.watch.id

    async def count(self) -> None:
        """Let the interval pass, and probe."""
        self.world.sandbox.clock.advance(EVERY.total_seconds())
        self.collector.moved((await self.probe.run_once()).moved)

    async def watched(self, post_id: int) -> WatchedPost:
        """Return a post as it is stored now, with who watches it."""
        async with self.database.reading() as session:
            found = await Posts(session).with_guilds(post_id)
        assert found is not None
        return found

    async def read(self, post_id: int) -> int:
        """Read a post's new likers now; return how many announcements that made."""
        return await self.collector.read(await self.watched(post_id))

    async def count_twice(self) -> None:
        """Count, and a minute later again: what X says of a post is sure then."""
        await self.count()
        self.world.sandbox.clock.advance(LOOK_AGAIN.total_seconds())
        await self.count()

    async def time_passes(self, seconds: float, every_s: float = 5) -> None:
        """Let time pass, reading every five seconds as the scheduler does, or less often."""
        end = self.now().timestamp() + seconds
        while self.now().timestamp() < end:
            self.world.sandbox.clock.advance(every_s)
            await self.collect()

    async def collect(self) -> timedelta:
        """Read what is pending, as the scheduler would; return how long that had to wait in all.

        A wait of minutes is not waited for.
        """
        waited = timedelta(0)
        while True:
            again_in = (await self.collector.run_once()).again_in
            if again_in is None or again_in > _LONG:
                return waited
            waited += again_in
            self.world.sandbox.clock.advance(again_in.total_seconds() + 0.001)

    async def round(self) -> None:
        await self.count()
        await self.collect()

    async def rest(self, seconds: float) -> None:
        """Let time pass, with readings every five seconds and without counts."""
        end = self.now() + timedelta(seconds=seconds)
        while self.now() < end:
            self.world.sandbox.clock.advance(5)
            await self.collect()

    async def leave(self, requests: int, endpoint: Endpoint = Endpoint.LIKING_USERS) -> None:
        """Let others use all but so many requests of this window."""
        known = await self.x.allowance(endpoint)
        headers = {
            "x-rate-limit-limit": str(known.limit),
            "x-rate-limit-remaining": str(requests),
            "x-rate-limit-reset": str(int(self.world.sandbox.clock.time()) + 900),
        }
        async with self.database.transaction() as session:
            await self.limits.learn(session, self.x.account, endpoint, headers)

    async def requests(self, path: str = "liking_users") -> list[dict[str, Any]]:
        """Return what the bot asked X for where the path ends so, and forget all its requests."""
        log = self.world.sandbox._log
        entries = log.entries()
        log.clear()
        return [entry for entry in entries if entry["path"].endswith(path)]

    async def pages(self) -> list[int]:
        """Return how many likers each request since the last call asked for."""
        return [int(entry["query"]["max_results"]) for entry in await self.requests()]


@asynccontextmanager
async def a_world() -> AsyncIterator[World]:
    sandbox = XSandbox()
    runner = web.AppRunner(sandbox.app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield World(sandbox, f"http://{host}:{port}")
    finally:
        await runner.cleanup()


def watches_on(bot: Bot, *posts: int) -> list[models.Watch]:
    """Return watches to be stored, without X being asked for their posts."""
    return [
        models.Watch(
            guild_id=GUILD,
            channel_id=CHANNEL,
            post_id=post,
            created_by=MEMBER,
            created_at=bot.now(),
        )
        for post in posts
    ]


async def stored_post(database: Database, post_id: int) -> models.Post:
    async with database.reading() as session:
        row = await session.get(models.Post, post_id)
    assert row is not None
    return row


async def stored_likers(database: Database, post_id: int) -> set[int]:
    """Return who is stored as liking the post now."""
    query = select(PostLike.user_id).where(
        col(PostLike.post_id) == post_id, col(PostLike.gone_at).is_(None)
    )
    async with database.reading() as session:
        return set(await session.exec(query))


async def announcements(database: Database) -> list[Announcement]:
    async with database.reading() as session:
        return list(await session.exec(select(Announcement).order_by(col(Announcement.id))))


async def notices(database: Database) -> list[Notice]:
    """Return what all notices tell, in order."""
    return [notice_of(row) for row in await announcements(database) if row.notice is not None]


async def announced(database: Database, watch_id: int | None = None) -> list[int]:
    """Return every liker in an announcement (of one watch), in order, repeated if repeated."""
    return [
        liker
        for row in await announcements(database)
        if watch_id in (None, row.watch_id)
        for liker in row.liker_ids
    ]


async def growths(database: Database) -> list[tuple[int, int]]:
    rows = await announcements(database)
    return [(row.from_count, row.to_count) for row in rows if row.kind == "growth"]
