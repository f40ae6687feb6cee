"""The composition root: the one place that builds things, and closes them."""

import asyncio
import contextlib
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial

import aiohttp
import discord
import structlog

from bot.account_watches import AccountWatchService
from bot.audit import AuditService
from bot.budgets import Budgets
from bot.callback import CallbackPage
from bot.chat.announcer import Announcer
from bot.chat.client import LikecordClient
from bot.chat.endpoint import point_at
from bot.chat.reach import DiscordAway, DiscordTrouble, discord_identity
from bot.config import ConfigService
from bot.core import Core, now, open_core
from bot.errors import CredentialRefused, SettingsError, XError
from bot.export.service import ExportService
from bot.housekeeping import Housekeeping
from bot.likes import LikeService
from bot.lookup import LookupService
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.polling.accounts import AccountPoller
from bot.polling.collect import Collector
from bot.polling.ending import Endings
from bot.polling.probe import Probe
from bot.polling.rounds import Rounds
from bot.polling.scheduler import Scheduler
from bot.polling.till import Till
from bot.services import Services
from bot.settings import Settings
from bot.status import StatusService
from bot.stopping import stop_on_signals, unless_stopped
from bot.usage import UsageService
from bot.watches import WatchService
from storage.lead import Lead
from storage.posts import Posts

_log = structlog.stdlib.get_logger(__name__)
# Together below the five seconds in which the bot promises to stop.
_JOBS_GRACE = timedelta(seconds=2)
_SENDING_GRACE_S = 1.0
_LEAD_GRACE_S = 0.5
_RECONNECT_S = 5.0
# Discord's gateway close code for a token that it does not accept.
_AUTHENTICATION_FAILED = 4004
_DISCORD_REFUSES = (
    "DISCORD_TOKEN: Discord does not accept it; make a new one in the developer portal under Bot"
)


async def run(settings: Settings) -> None:
    """Be the bot until SIGINT or SIGTERM; raise SettingsError when a credential is refused."""
    point_at(settings.discord_api_url, settings.discord_gateway_url)
    stop = stop_on_signals()
    async with open_core(settings) as core:
        if await unless_stopped(stop, _verify(core, settings)):
            await _run_with(core, settings, stop)


async def _verify(core: Core, settings: Settings) -> None:
    """Make sure that X accepts the credentials; an outage is no reason not to start."""
    try:
        await core.identity.verify()
    except CredentialRefused:
        problems = [core.identity.refusal(), *await _discords_refusal(settings)]
        raise SettingsError(problems) from None
    except XError as error:
        # While it lasts, the jobs tell of it.
        _log.warning("X does not say who the account is", problem=type(error).__name__)


async def _discords_refusal(settings: Settings) -> list[str]:
    """Return what Discord has against the token, so that all that is wrong is told at once."""
    try:
        await discord_identity(settings.discord_login())
    except DiscordAway:
        return []
    except DiscordTrouble:
        return [_DISCORD_REFUSES]
    return []


async def _run_with(core: Core, settings: Settings, stop: asyncio.Event) -> None:
    budgets = Budgets(core.database, now, settings.monthly_budget_usd)
    till = Till(budgets, now)
    collector = Collector(core.database, core.access, core.health, now, till)
    outbox = Outbox(core.database, now)
    housekeeping = Housekeeping(core.database, now)
    metrics = Metrics(core.allowances, core.x.account, core.ledger)
    await outbox.recover()
    await _reopen_own_posts(core)
    client = LikecordClient(
        services=_services(core, collector, budgets),
        development_guild_id=settings.discord_guild_id,
    )
    announcer = Announcer(client, outbox)
    probe_every = timedelta(seconds=settings.probe_seconds)
    lead = Lead(core.database)
    rounds = Rounds(
        scheduler=Scheduler(),
        lead=lead,
        health=core.health,
        accounts=AccountPoller(core.database, core.x, core.health, now, probe_every),
        endings=Endings(core.database, now),
        probe=Probe(core.database, core.x, core.health, now, every=probe_every, till=till),
        collector=collector,
        announce=announcer.run_once,
        housekeep=partial(_housekeep, core, housekeeping),
        metrics=metrics,
        probe_every=probe_every,
    )
    async with AsyncExitStack() as stack:
        stack.push_async_callback(_give_up, lead)
        stack.push_async_callback(client.close)
        stack.enter_context(metrics.serve(settings.metrics_port))
        if core.accounts.links_in_browser and settings.x_redirect_url:
            page = CallbackPage(core.accounts, settings.x_redirect_url)
            await stack.enter_async_context(page.serve())
        if not await _log_in(client, settings.discord_login(), stop):
            return
        stack.push_async_callback(announcer.close, _SENDING_GRACE_S)
        stack.push_async_callback(rounds.scheduler.stop, _JOBS_GRACE)
        rounds.begin()
        await _connected(client, stop)
        _log.info("stopping")


async def _give_up(lead: Lead) -> None:
    """Let another process lead at once; a database that hangs sees it when this one has ended."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LEAD_GRACE_S):
            await lead.give_up()


async def _housekeep(core: Core, housekeeping: Housekeeping) -> None:
    await housekeeping.tidy()
    await core.accounts.try_refused()


def _services(core: Core, collector: Collector, budgets: Budgets) -> Services:
    database, x, identity = core.database, core.x, core.identity
    return Services(
        likes=LikeService(database, core.access, identity, now),
        accounts=core.accounts,
        audit=AuditService(database),
        lookup=LookupService(database, core.access),
        watches=WatchService(database, core.access, collector, core.ledger.prices, now),
        exports=ExportService(core.access, core.ledger),
        account_watches=AccountWatchService(database, core.access, core.ledger.prices, now),
        config=ConfigService(database),
        usage=UsageService(database, budgets, now),
        status=StatusService(
            database=database,
            x=x,
            identity=identity,
            ledger=core.ledger,
            health=core.health,
            abilities=core.abilities,
            now=now,
        ),
    )


async def _reopen_own_posts(core: Core) -> None:
    """Ask again who likes posts that another account could not see, and this one can."""
    if core.x.user_id is not None:
        async with core.database.transaction() as session:
            await Posts(session).show_likers(core.x.user_id)


async def _log_in(client: LikecordClient, token: str, stop: asyncio.Event) -> bool:
    """Log in, however long Discord is away; return False when it is time to stop instead."""
    while not stop.is_set():
        try:
            return await unless_stopped(stop, client.login(token))
        except discord.LoginFailure:
            raise SettingsError([_DISCORD_REFUSES]) from None
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            # The next try opens a session of its own, and leaves this one as it is.
            await client.http.close()
            client.http.connector = discord.utils.MISSING
            await _try_again(stop, error)
    return False


async def _connected(client: LikecordClient, stop: asyncio.Event) -> None:
    """Stay on the gateway until it is time to stop, or Discord wants us no more."""
    while not stop.is_set():
        try:
            await unless_stopped(stop, client.connect(reconnect=True))
        except discord.ConnectionClosed as error:
            if error.code == _AUTHENTICATION_FAILED:
                raise SettingsError([_DISCORD_REFUSES]) from None
            raise
        except AttributeError as error:
            # discord.py asks for the place to go on at, also where it never was on the gateway.
            if client.was_on_the_gateway:
                raise
            await _try_again(stop, error.__context__ or error)
        else:
            return


async def _try_again(stop: asyncio.Event, error: BaseException) -> None:
    _log.warning("Discord cannot be reached; trying again", problem=type(error).__name__)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), _RECONNECT_S)
