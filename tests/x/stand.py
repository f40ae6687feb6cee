"""The client on the sandbox's X, over sockets, with a ledger that pays."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import aiohttp
from aiohttp import web

from bot.money.ledger import Ledger
from bot.x.asking.books import RequestTerms
from bot.x.client import XClient
from bot.x.credentials import Credentials, UserToken
from bot.x.prices import Bill, Billed
from sandbox.x.server import XSandbox
from storage.database import Database
from tests.money.ledgers import book, held
from tests.x.clients import LocalBooks, a_client

OWN_POST = 1354143047324299264
OTHERS_POST = 1362449997430542337
TWITTER_DEV, TWITTER = 2244994945, 783214


class LedgerBooks(LocalBooks):
    """A process's own idea of the limits, and the ledger."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        super().__init__(now)
        self._ledger = ledger

    @asynccontextmanager
    async def hold(self, terms: RequestTerms) -> AsyncIterator[None]:
        async with held(self._ledger, terms.worst, terms.bill):
            yield

    async def book(self, bill: Bill, billed: Collection[Billed]) -> None:
        await book(self._ledger, bill, billed)


@dataclass(frozen=True, slots=True)
class Stand:
    """The sandbox, how to control it, and the client that is tried on it."""

    url: str
    sandbox: XSandbox
    http: aiohttp.ClientSession
    ledger: Ledger
    client: XClient

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        async with self.http.request(method, f"{self.url}/sandbox/{path}", json=body) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def settings(self, **values: Any) -> None:
        await self.control("POST", "settings", values)

    async def fault(self, match: str, **what: Any) -> None:
        await self.control("POST", "faults", {"match": match, **what})

    async def requests(self) -> list[dict[str, Any]]:
        return list(await self.control("GET", "requests"))

    async def charged(self) -> Decimal:
        return Decimal((await self.control("GET", "charges"))["total_usd"])

    def user_token(self) -> UserToken:
        keys = self.sandbox.credentials()
        return UserToken(keys.api_key, keys.api_secret, keys.access_token, keys.access_token_secret)

    def client_with(
        self, credentials: Credentials, *, ledger: Ledger | None = None, **more: Any
    ) -> XClient:
        now = self.sandbox.clock.now
        more.setdefault("books", LedgerBooks(ledger or self.ledger, now))
        return a_client(self.http, self.url, credentials=credentials, **more)


@asynccontextmanager
async def open_stand(database: Database, http: aiohttp.ClientSession) -> AsyncIterator[Stand]:
    sandbox = XSandbox()
    runner = web.AppRunner(sandbox.app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    url = f"http://{host}:{port}"
    ledger = Ledger(database, sandbox.clock.now, None)
    keys = sandbox.credentials()
    token = UserToken(keys.api_key, keys.api_secret, keys.access_token, keys.access_token_secret)
    books = LedgerBooks(ledger, sandbox.clock.now)
    client = a_client(http, url, credentials=Credentials(user=token), books=books)
    try:
        yield Stand(url, sandbox, http, ledger, client)
    finally:
        await runner.cleanup()
