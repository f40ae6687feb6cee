"""The client on the sandbox's X, over sockets, with a ledger that pays."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import aiohttp
from aiohttp import web

from bot.money.ledger import Ledger
from bot.x.client import XClient
from bot.x.credentials import Credentials, UserToken
from sandbox.x.server import XSandbox
from storage.database import Database
from tests.x.clients import a_client

OWN_POST = 1354143047324299264
OTHERS_POST = 1362449997430542337
TWITTER_DEV, TWITTER = 2244994945, 783214


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

    def client_with(self, credentials: Credentials, **more: Any) -> XClient:
        more.setdefault("meter", self.ledger)
        return a_client(
            self.http, self.url, credentials=credentials, now=self.sandbox.clock.now, **more
        )


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
    client = a_client(
        http, url, credentials=Credentials(user=token), meter=ledger, now=sandbox.clock.now
    )
    try:
        yield Stand(url, sandbox, http, ledger, client)
    finally:
        await runner.cleanup()
