"""The part of the composition root that every command shares: the database, X, the accounts."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import aiohttp

from bot.accounts.abilities import LearntAbilities
from bot.accounts.allowances import SharedAllowances
from bot.accounts.audience import Audience
from bot.accounts.bookkeeping import Bookkeeping
from bot.accounts.consents import ConsentService
from bot.accounts.key_check import KeyCheck
from bot.accounts.key_verdicts import KeyVerdicts
from bot.accounts.linking import AccountService
from bot.accounts.own_account import Identity
from bot.accounts.tokens import TokenStore
from bot.accounts.ways_to_link import Linking
from bot.accounts.which_account import Access, Linked, NobodyLinked
from bot.domain.errors import ClockOff
from bot.money.compare_with_x import ComparedWithX
from bot.money.guest_budget import GuestBudget
from bot.money.home_guilds import HomeGuilds
from bot.money.ledger import Ledger
from bot.run.clock import Clock
from bot.run.opening import open_database
from bot.run.settings import Settings
from bot.run.stored_times import bring_back
from bot.watching.health import Health
from bot.x.asking.request import RequestSender
from bot.x.client import XClient
from bot.x.credentials import Credentials
from bot.x.oauth import OAuth1Flow, OAuth2Flow
from bot.x.x_time import Now, XTime
from storage.crypto import Cipher
from storage.database import Database

# What is left of the five seconds in which the bot promises to stop.
_REFRESHES_GRACE = timedelta(seconds=0.6)
# The part of the bot that the machine's clock is, in what is told of its health.
CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Core:
    """What every command needs: the time, the database, X, and what is known of them."""

    now: Now
    x_time: XTime
    database: Database
    x: XClient
    access: Access
    consents: ConsentService
    homes: HomeGuilds
    guests: GuestBudget
    accounts: AccountService
    identity: Identity
    ledger: Ledger
    compared: ComparedWithX
    allowances: SharedAllowances
    abilities: LearntAbilities
    verdicts: KeyVerdicts
    keys: KeyCheck
    health: Health
    http: aiohttp.ClientSession
    make_client: Callable[[Credentials], XClient]


def x_session() -> aiohttp.ClientSession:
    """Return what X is asked through, and the environment's proxy if there is one.

    No account's requests carry a cookie of another's.
    """
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trust_env=True)


@asynccontextmanager
async def open_core(settings: Settings, *, waits: bool = False) -> AsyncIterator[Core]:
    """Build what asks X and stores the answers; see `open_database`."""
    clock = Clock()
    now, health = clock.now, Health()
    x_time = XTime(now, clock.machine, partial(_tell_of_clock, health))
    async with AsyncExitStack() as stack:
        url = settings.database_url.get_secret_value()
        database = await stack.enter_async_context(open_database(url, waits=waits))
        await bring_back(database, now())
        homes = HomeGuilds(settings.home_guild_ids or (), settings.discord_guild_id)
        guests = GuestBudget(homes, now, settings.guest_daily_usd)
        ledger = Ledger(database, now, settings.monthly_budget_usd, settings.prices(), guests)
        await ledger.refresh()
        allowances = SharedAllowances(database, now)
        http = await stack.enter_async_context(x_session())
        abilities = LearntAbilities(database, now)
        verdicts = KeyVerdicts(now)
        own = settings.credentials().account
        books = Bookkeeping(database, allowances, abilities, ledger, verdicts, own_account=own)
        sender = RequestSender(http, settings.x_api_url, books, x_time=x_time)

        def make_client(credentials: Credentials) -> XClient:
            return XClient(sender, credentials)

        x = make_client(settings.credentials())
        linking = linking_of(settings, http, database, x_time)
        if linking.tokens is not None:
            await linking.tokens.renew()
            stack.push_async_callback(linking.tokens.finish, _REFRESHES_GRACE)
        linked = Linked(database, linking.tokens, make_client) if linking.tokens else NobodyLinked()
        app_alone = settings.app_alone()
        app = None if app_alone is None else make_client(app_alone)
        access = Access(x, linked, Audience(database, homes), app)
        identity = Identity(database, x, now)
        yield Core(
            now=now,
            x_time=x_time,
            database=database,
            x=x,
            access=access,
            consents=ConsentService(database, now),
            homes=homes,
            guests=guests,
            accounts=AccountService(database, linking, make_client, abilities, now),
            identity=identity,
            ledger=ledger,
            compared=ComparedWithX(database, x, now),
            allowances=allowances,
            abilities=abilities,
            verdicts=verdicts,
            keys=KeyCheck(database, access, identity, now),
            health=health,
            http=http,
            make_client=make_client,
        )


def _tell_of_clock(health: Health, ahead: timedelta | None) -> None:
    """Tell of a machine's clock that X will not accept, while it is so."""
    if ahead is None:
        health.works(CLOCK)
    else:
        health.fails(CLOCK, ClockOff(ahead))


def linking_of(
    settings: Settings, http: aiohttp.ClientSession, database: Database, x_time: XTime
) -> Linking:
    """Build the ways of linking that the settings allow."""
    now = x_time.our_now
    api_url, keys = settings.x_api_url, settings.app_keys()
    oauth1 = OAuth1Flow(http, api_url=api_url, keys=keys, x_time=x_time) if keys else None
    oauth2 = None
    if settings.x_client_id and settings.x_redirect_url:
        oauth2 = OAuth2Flow(
            http,
            api_url=api_url,
            client_id=settings.x_client_id,
            client_secret=settings.client_secret(),
            redirect_url=settings.x_redirect_url,
            now=now,
        )
    secret_keys = settings.secret_keys()
    tokens = (
        TokenStore(database, Cipher(secret_keys), now, oauth2=oauth2, keys=keys)
        if secret_keys
        else None
    )
    missing = "SECRET_KEY" if tokens is None else "X_CLIENT_ID and X_REDIRECT_URL, or X_API_KEY"
    return Linking(tokens, oauth2, oauth1, keys, settings.x_redirect_url, f"`{missing}`")
