"""X's allowances, shared by all processes through the database."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.window_shares import may_take
from bot.domain import Allowance
from bot.domain.errors import WindowShareUsed
from bot.x.limits import WINDOW, Endpoint, Limits, told, windows_of
from storage import models
from storage.allowances import Allowances
from storage.database import Database
from storage.window_shares import WindowShares


class SharedAllowances:
    """A request is counted in the database before it is sent.

    So no two processes spend the same one, and a process that is killed forgets none.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._seen: dict[tuple[str, str], Allowance] = {}

    async def take_allowed(
        self, session: AsyncSession, account: str, endpoint: Endpoint, *, keep: int = 0
    ) -> Allowance | None:
        """Count one request where X is known to allow it and something is left, else None."""
        if len(windows_of(endpoint)) > 1:
            return None
        row = await Allowances(session).take_allowed(account, endpoint, keep=keep, now=self._now())
        return None if row is None else self._see(account, Allowance(*row))

    async def take(
        self, session: AsyncSession, account: str, endpoint: Endpoint, *, keep: int = 0
    ) -> Allowance:
        """Count one request, leaving `keep` for others; raise RateLimited when there is none."""
        async with self._changing(session, account, endpoint) as limits:
            try:
                limits.take(account, endpoint, keep=keep)
            finally:
                taken = self._see(account, limits.allowance(account, endpoint))
        return taken

    async def take_for_people(
        self, session: AsyncSession, account: str, endpoint: Endpoint, guild_id: int
    ) -> Allowance:
        """Count one request of a server's people; raise WindowShareUsed when theirs are taken."""
        async with self._changing(session, account, endpoint) as limits:
            window, shares = limits.allowance(account, endpoint), WindowShares(session)
            # X's reset may move by a little from answer to answer; windows follow each other.
            used = await shares.taken(account, endpoint, window.resets_at, WINDOW / 2)
            if not may_take(endpoint, guild_id, window, used):
                raise WindowShareUsed(window.resets_at)
            limits.take(account, endpoint)
            own = used.get(guild_id, 0) + 1
            await shares.set(account, endpoint, guild_id, own, window.resets_at)
            return self._see(account, limits.allowance(account, endpoint))

    async def give_back(
        self,
        session: AsyncSession,
        account: str,
        endpoint: Endpoint,
        taken: Allowance,
        guild_id: int | None = None,
    ) -> None:
        """Count a request no longer that X did not receive; `guild_id` has whose people took it."""
        async with self._changing(session, account, endpoint) as limits:
            limits.give_back(account, endpoint, taken)
            if guild_id is not None:
                await WindowShares(session).give_back(account, endpoint, guild_id)

    def told(self, endpoint: Endpoint, headers: Mapping[str, str]) -> Allowance | None:
        """Return the allowance that an answer's headers name, if they make sense."""
        return told(endpoint, headers, self._now())

    async def learn(
        self, session: AsyncSession, account: str, endpoint: Endpoint, headers: Mapping[str, str]
    ) -> None:
        """Correct what is known by the headers of an answer."""
        async with self._changing(session, account, endpoint) as limits:
            limits.learn(account, endpoint, headers)

    async def refuse(
        self,
        session: AsyncSession,
        account: str,
        endpoint: Endpoint,
        resets_at: datetime | None,
    ) -> datetime:
        """Note a 429, and return until when to wait."""
        async with self._changing(session, account, endpoint) as limits:
            return limits.refuse(account, endpoint, resets_at)

    async def allowance(self, account: str, endpoint: Endpoint) -> Allowance:
        async with self._database.reading() as session:
            limits = await self._load(Allowances(session), account, endpoint)
        return self._see(account, limits.allowance(account, endpoint))

    async def some(
        self, session: AsyncSession, accounts: Collection[str], endpoints: Collection[Endpoint]
    ) -> dict[tuple[str, Endpoint], Allowance]:
        """Return what X still allows several accounts, with one look."""
        windows = {window for endpoint in endpoints for window in windows_of(endpoint)}
        limits = Limits(self._now)
        stored = await Allowances(session).some(accounts, windows)
        limits.restore((row.account, _value(row)) for row in stored)
        return {
            (account, endpoint): limits.allowance(account, endpoint)
            for account in accounts
            for endpoint in endpoints
        }

    def last_seen(self, account: str, endpoint: Endpoint) -> Allowance:
        """Return what this process saw last, else what X documents, without asking anybody."""
        limits = Limits(self._now)
        if (seen := self._seen.get((account, endpoint))) is not None:
            limits.restore([(account, seen)])
        return limits.allowance(account, endpoint)

    @asynccontextmanager
    async def _changing(
        self, session: AsyncSession, account: str, endpoint: Endpoint
    ) -> AsyncIterator[Limits]:
        rows = Allowances(session)
        await rows.lock(account)
        limits = await self._load(rows, account, endpoint, lock=True)
        yield limits
        await rows.save(
            [
                {
                    "account": owner,
                    "endpoint": name,
                    "limit": window.limit,
                    "remaining": window.remaining,
                    "resets_at": window.resets_at,
                }
                for (owner, name), window in limits.snapshot().items()
            ]
        )
        self._see(account, limits.allowance(account, endpoint))

    async def _load(
        self, rows: Allowances, account: str, endpoint: Endpoint, *, lock: bool = False
    ) -> Limits:
        limits = Limits(self._now)
        stored = await rows.of(account, windows_of(endpoint), lock=lock)
        limits.restore((row.account, _value(row)) for row in stored)
        return limits

    def _see(self, account: str, allowance: Allowance) -> Allowance:
        self._seen[account, allowance.endpoint] = allowance
        return allowance


def _value(row: models.StoredAllowance) -> Allowance:
    return Allowance(row.endpoint, row.limit, row.remaining, row.resets_at)
