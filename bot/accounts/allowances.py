"""X's allowances, shared by all processes through the database."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from bot.domain import Allowance
from bot.x.limits import Endpoint, Limits, windows_of
from storage.allowances import Allowances
from storage.database import Database


class SharedAllowances:
    """Implements `bot.x.limits.Allowances`: a request is counted in the database before it is sent.

    So no two processes spend the same one, and a process that is killed forgets none.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._seen: dict[tuple[str, str], Allowance] = {}

    async def take(self, account: str, endpoint: Endpoint, *, keep: int = 0) -> None:
        """Count one request, leaving `keep` for others; raise RateLimited when there is none."""
        async with self._changing(account, endpoint) as limits:
            limits.take(account, endpoint, keep=keep)

    async def learn(self, account: str, endpoint: Endpoint, headers: Mapping[str, str]) -> None:
        """Correct what is known by the headers of an answer."""
        async with self._changing(account, endpoint) as limits:
            limits.learn(account, endpoint, headers)

    async def refuse(
        self, account: str, endpoint: Endpoint, resets_at: datetime | None
    ) -> datetime:
        """Note a 429, and return until when to wait."""
        async with self._changing(account, endpoint) as limits:
            return limits.refuse(account, endpoint, resets_at)

    async def allowance(self, account: str, endpoint: Endpoint) -> Allowance:
        async with self._database.reading() as session:
            limits = await self._load(Allowances(session), account, endpoint)
        return self._see(account, limits.allowance(account, endpoint))

    def last_seen(self, account: str, endpoint: Endpoint) -> Allowance:
        """Return what this process saw last, without asking anybody."""
        seen = self._seen.get((account, endpoint))
        return seen or Limits(self._now).allowance(account, endpoint)

    @asynccontextmanager
    async def _changing(self, account: str, endpoint: Endpoint) -> AsyncIterator[Limits]:
        async with self._database.transaction() as session:
            rows = Allowances(session)
            await rows.lock(account)
            limits = await self._load(rows, account, endpoint)
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

    async def _load(self, rows: Allowances, account: str, endpoint: Endpoint) -> Limits:
        limits = Limits(self._now)
        limits.restore(
            (row.account, Allowance(row.endpoint, row.limit, row.remaining, row.resets_at))
            for row in await rows.of(account, windows_of(endpoint))
        )
        return limits

    def _see(self, account: str, allowance: Allowance) -> Allowance:
        self._seen[account, allowance.endpoint] = allowance
        return allowance
