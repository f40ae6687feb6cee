"""The parts of push on a database and the sandbox's X, put together as run/push.py does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.accounts.which_account import Access
from bot.domain.push import PushEvent
from bot.watching.counts.round import CountsRound
from bot.watching.push.coverage import Coverage
from bot.watching.push.inbox import Inbox
from bot.watching.push.round import PushRound, PushTold
from bot.watching.push.store_events import PushedLikes
from bot.watching.push.subscribing import Subscribing
from bot.x.credentials import Credentials
from bot.x.stream import ActivityStream, Patience
from tests.patience import GUARD_S
from tests.watching.harness import EVERY, Bot

HASTY = Patience(connect_s=5, headers_s=5, silence_s=5)


@dataclass
class PushBot(Bot):
    """A bot to which X pushes, as long as its stream is open."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.came = asyncio.Event()
        self.is_open = asyncio.Event()
        self.coverage, self.inbox = Coverage(self.now), Inbox()
        self.access = Access(self.x)
        app = self.make_client(Credentials(bearer=self.world.sandbox.credentials().bearer_token))
        self.subscribing = Subscribing(
            self.database,
            self.access,
            app,
            self.coverage,
            budget=self.budget,
            now=self.now,
        )
        self.probe = CountsRound(
            self.database,
            self.x,
            self.health,
            self.now,
            every=EVERY,
            budget=self.budget,
            coverage=self.coverage,
        )
        self.revoked: list[int] = []
        self.push = PushRound(
            self.database,
            self.inbox,
            self.coverage,
            PushedLikes(self.database, self.access, self.x_time, self.coverage),
            likers=self.collector,
            ledger=self.ledger,
            budget=self.budget,
            now=self.now,
            revoked=self._revoked,
        )

    async def _revoked(self, account_id: int, _at: datetime | None) -> None:
        self.revoked.append(account_id)

    @asynccontextmanager
    async def streaming(self) -> AsyncIterator[None]:
        """Subscribe and read the stream until the end of the block."""
        keys = self.world.sandbox.credentials()
        stream = ActivityStream(
            self.http,
            self.world.url,
            keys.bearer_token,
            hear=self._put,
            now=self.now,
            patience=HASTY,
        )
        stream.opened, stream.closed = self._opened, lambda *_: self._closed()
        await self.subscribing.run_once()
        task = asyncio.create_task(stream.run())
        try:
            async with asyncio.timeout(GUARD_S):
                await self.is_open.wait()
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self._closed()

    async def _put(self, event: PushEvent) -> None:
        await self.inbox.put(event)
        self.came.set()

    def _opened(self) -> None:
        self.coverage.opened("stream")
        self.is_open.set()

    def _closed(self) -> None:
        self.coverage.closed("stream")
        self.is_open.clear()

    async def hear(self, events: int = 1) -> PushTold:
        """Wait until so many events have come, and store them."""
        async with asyncio.timeout(GUARD_S):
            while len(self.inbox) < events:
                self.came.clear()
                await self.came.wait()
        return await self.push.run_once()

    async def wait(self, seconds: float) -> None:
        """Let time pass, and count if it is time to."""
        self.world.sandbox.clock.advance(seconds)
        self.collector.moved((await self.probe.run_once()).moved)
        self.coverage.look()
        await self.collect()

    async def settle(self) -> None:
        """Count once after the stream has opened: from now on each like must be pushed."""
        self.world.sandbox.clock.advance(timedelta(seconds=16).total_seconds())
        await self.probe.run_once()
