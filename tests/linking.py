"""X on a socket, a database, and the parts of the bot that link accounts, as core.py puts them."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from yarl import URL

from bot.accounts.abilities import LearntAbilities
from bot.accounts.allowances import SharedAllowances
from bot.accounts.audience import Audience
from bot.accounts.bookkeeping import Bookkeeping
from bot.accounts.key_check import KeyCheck
from bot.accounts.key_verdicts import KeyVerdicts
from bot.accounts.linking import AccountService
from bot.accounts.own_account import Identity
from bot.accounts.tokens import TokenStore
from bot.accounts.ways_to_link import Linking
from bot.accounts.which_account import Access, Linked, LinkedClient
from bot.domain import LinkedAccount, LinkStart, Member
from bot.money.home_guilds import EveryGuildIsHome
from bot.money.ledger import Ledger
from bot.x.asking.request import RequestSender
from bot.x.asking.transport import RetryPolicy
from bot.x.client import XClient
from bot.x.credentials import AppKeys, Credentials, UserToken, account_name
from bot.x.oauth import OAuth1Flow, OAuth2Flow
from bot.x.x_time import XTime
from sandbox.x.server import XSandbox
from storage.crypto import Cipher, new_key
from storage.database import Database
from tests.storage.rows import GUILD

DEV, TWITTER, SUPPORT = 2244994945, 783214, 17874544
REDIRECT = "http://127.0.0.1:9/callback"
GRACE = Member(1300000000000000001, "Grace", "The server", GUILD)
AWKWARD = Member(GRACE.id, '<script>alert(1)</script> & "Bob\'s"', "</b><img src=x> {title}", 1)
LINUS = Member(1300000000000000002, "Linus", "The server", GUILD)
TOKEN_CALL = "/2/oauth2/token"
HASTE = RetryPolicy(connect_s=5, answer_s=30, tries=1, pause_s=0)
KEY = new_key()


@dataclass(frozen=True)
class X:
    """The stand-in of X, and what a person does on its pages."""

    sandbox: XSandbox
    url: str
    http: aiohttp.ClientSession

    async def approve(self, consent: str, user_id: int, decision: str = "approve") -> URL:
        """Press a button on X's page; return where it sends the browser back to."""
        page = URL(consent)
        form = {**page.query, "user_id": str(user_id), "decision": decision}
        async with self.http.post(
            page.with_query(None), data=form, allow_redirects=False
        ) as response:
            assert response.status == 302, await response.text()
            return URL(response.headers["Location"])

    async def pin(self, page: str, user_id: int) -> str:
        form = {**URL(page).query, "user_id": str(user_id), "decision": "approve"}
        async with self.http.post(URL(page).with_query(None), data=form) as response:
            found = re.search(r'id="pin">(\d+)<', await response.text())
        assert found is not None
        return found[1]

    async def calls(self, path: str) -> list[int]:
        """Return the statuses of all requests for this path."""
        async with self.http.get(f"{self.url}/sandbox/requests") as response:
            entries = await response.json()
        return [entry["status"] for entry in entries if entry["path"] == path]

    async def accepts(self, token: str) -> bool:
        """Say whether X takes this as a user's bearer token."""
        headers = {"Authorization": f"Bearer {token}"}
        async with self.http.get(f"{self.url}/2/users/me", headers=headers) as response:
            return response.status == 200

    def fault(self, match: str, **how: Any) -> None:
        self.sandbox.faults.add({"match": match, **how})

    def later(self, seconds: float) -> None:
        self.sandbox.clock.advance(seconds)


@dataclass(frozen=True)
class Browser:
    """Somebody's browser, with the cookies of its own."""

    session: aiohttp.ClientSession

    async def open(self, url: str | URL) -> tuple[int, str]:
        async with self.session.get(url) as response:
            return response.status, await response.text()

    async def ask(self, link: str | None) -> str:
        """Open the link of Discord's button; return where "Go on to X" leads."""
        assert link is not None
        status, page = await self.open(link)
        assert status == 200, page
        form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
        async with self.session.post(
            URL(link).with_query(None), data=form, allow_redirects=False
        ) as response:
            assert response.status == 303, await response.text()
            return response.headers["Location"]


@asynccontextmanager
async def a_browser() -> AsyncIterator[Browser]:
    # Addresses in numbers get cookies too.
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Browser(session)


@dataclass
class Party:
    """One process of the bot: what it links with, and reads and likes as."""

    x: X
    database: Database
    keys: tuple[str, ...] = (KEY,)
    by_browser: bool = True
    by_pin: bool = True
    client_secret: str | None = None
    redirect_url: str = REDIRECT
    own: XClient = field(init=False)

    def __post_init__(self) -> None:
        now = self.now = self.x.sandbox.clock.now
        given = self.x.sandbox.credentials()
        self.allowances = SharedAllowances(self.database, now)
        self.ledger = Ledger(self.database, now, None)
        self.abilities = LearntAbilities(self.database, now)
        self.verdicts = KeyVerdicts(now)
        books = Bookkeeping(
            self.database,
            self.allowances,
            self.abilities,
            self.ledger,
            self.verdicts,
            own_account=account_name(DEV),
        )
        x_time = XTime(now)
        sender = RequestSender(self.x.http, self.x.url, books, HASTE, x_time)

        def make(credentials: Credentials) -> XClient:
            return XClient(sender, credentials)

        app = AppKeys(given.api_key, given.api_secret)
        oauth1 = OAuth1Flow(self.x.http, api_url=self.x.url, keys=app, x_time=x_time)
        self.oauth2 = OAuth2Flow(
            self.x.http,
            api_url=self.x.url,
            client_id=given.client_id,
            client_secret=self.client_secret or given.client_secret,
            redirect_url=self.redirect_url,
            now=now,
        )
        cipher = Cipher(self.keys or (KEY,))
        self.tokens = TokenStore(self.database, cipher, now, oauth2=self.oauth2, keys=app)
        linking = Linking(
            tokens=self.tokens if self.keys else None,
            oauth2=self.oauth2 if self.by_browser else None,
            oauth1=oauth1 if self.by_pin else None,
            keys=app,
            redirect_url=self.redirect_url,
            missing="`SECRET_KEY`",
        )
        self.make = make
        self.accounts = AccountService(self.database, linking, make, self.abilities, now)
        token = UserToken(
            given.api_key, given.api_secret, given.access_token, given.access_token_secret
        )
        self.own = make(Credentials(user=token, bearer=given.bearer_token))
        audience = Audience(self.database, EveryGuildIsHome())
        self.access = Access(self.own, Linked(self.database, self.tokens, make), audience)
        identity = Identity(self.database, self.own, now)
        self.key_check = KeyCheck(self.database, self.access, identity, now)

    async def look_for_a_minute(self) -> None:
        """Look at the keys that X has refused as the job does, until it has refused them thrice."""
        for _ in range(7):
            await self.key_check.look()
            self.x.later(10)

    async def of_member(self, member_id: int) -> LinkedClient | None:
        """Return the account that a member has linked, to ask as."""
        async with self.database.reading() as session:
            account = await self.access.linked.account(session, member_id)
        return None if account is None else await self.access.linked.open(account)

    async def reader_ids(self) -> frozenset[int]:
        async with self.database.reading() as session:
            return (await self.access.readers(session)).authors(GUILD) - {self.own.user_id}

    async def link_in_browser(
        self, user_id: int = TWITTER, member: Member = GRACE, start: LinkStart | None = None
    ) -> LinkedAccount:
        """Go the whole way through the browser."""
        begun = start or await self.accounts.begin(member)
        back = await self.x.approve((await self.accounts.consent(begun.key)).x_url, user_id)
        return await self.accounts.finish_in_browser(back.query["state"], back.query["code"])

    async def link_by_pin(self, user_id: int = TWITTER, member: Member = GRACE) -> LinkedAccount:
        begun = await self.accounts.begin(member)
        assert begun.pin_url is not None
        pin = await self.x.pin(begun.pin_url, user_id)
        return await self.accounts.finish_by_pin(member.id, begun.key, pin)


@asynccontextmanager
async def an_x() -> AsyncIterator[X]:
    sandbox = XSandbox()
    async with AsyncExitStack() as stack:
        runner = web.AppRunner(sandbox.app, access_log=None, shutdown_timeout=0)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        # No cookies, and connections enough for many requests at once.
        http = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), connector=aiohttp.TCPConnector(limit=0)
        )
        await stack.enter_async_context(http)
        yield X(sandbox, f"http://{host}:{port}", http)
