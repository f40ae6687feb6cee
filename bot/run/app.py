"""The composition root: the one place that builds things, and closes them."""

import asyncio
import contextlib
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial

import structlog

from bot.accounts.callback_page import CallbackPage
from bot.chat.connection.addresses import point_at
from bot.chat.connection.client import LikecordClient, ShardedClient
from bot.chat.connection.login_check import DiscordAway, DiscordTrouble, discord_identity
from bot.chat.delivery.announcer import Announcer
from bot.chat.tasks.memberships import Memberships
from bot.domain.errors import ClockOff, KeysRefused, SettingsError, XError
from bot.money.budgets import Budgets
from bot.run.core import CLOCK, Core, alone_on, open_core, open_database
from bot.run.discord_connection import DISCORD_REFUSES, log_in, stay_connected
from bot.run.housekeeping import Housekeeping
from bot.run.jobs import Jobs
from bot.run.liveness import Liveness
from bot.run.metrics import Metrics
from bot.run.outage import Outage, pause
from bot.run.scheduler import Scheduler
from bot.run.services import built_services
from bot.run.settings import Settings
from bot.run.stopping import stop_on_signals, unless_stopped
from bot.run.stored_times import bring_back
from bot.services.all_services import Services
from bot.watching.counts.round import CountsRound
from bot.watching.end_watch import Endings
from bot.watching.likers.round import LikersRound
from bot.watching.new_posts.round import NewPostsRound
from bot.watching.outbox import Outbox
from bot.watching.polling_budget import PollingBudget
from bot.watching.troubles import TroublesRound
from bot.x.x_time import Now
from storage.figures import read_figures
from storage.lead import Lead
from storage.outages import DatabaseAway, outages
from storage.posts import Posts

_log = structlog.stdlib.get_logger(__name__)
# Together below the five seconds in which the bot promises to stop.
_JOBS_GRACE = timedelta(seconds=2)
_SENDING_GRACE_S = 1.0
_LEAD_GRACE_S = 0.5
# The longest between two tries to reach the database at the start.
_DATABASE_PAUSE_S = 10.0


async def run(settings: Settings) -> None:
    """Be the bot until SIGINT or SIGTERM; raise SettingsError when a credential is refused."""
    point_at(settings.discord_api_url, settings.discord_gateway_url)
    stop = stop_on_signals()
    away = Outage("the database", longest_s=_DATABASE_PAUSE_S)
    with alone_on(settings.database_url.get_secret_value()):
        while not stop.is_set():
            try:
                with outages():
                    await _run_until(stop, settings, away)
            except DatabaseAway as error:
                await pause(stop, away.failed(str(error)))
            else:
                return


async def _run_until(stop: asyncio.Event, settings: Settings, away: Outage) -> None:
    """Be the bot; raise what the database does when it is away at the start."""
    if not await unless_stopped(stop, _reach_database(settings)):
        return
    async with open_core(settings, waits=True) as core:
        away.over()
        if await unless_stopped(stop, _verify(core, settings)):
            await _run_with(core, settings, stop)


async def _reach_database(settings: Settings) -> None:
    """Open and upgrade it, which can be broken off: a server that hangs does so for seconds."""
    async with open_database(settings.database_url.get_secret_value(), waits=True):
        pass


async def _verify(core: Core, settings: Settings) -> None:
    """Make sure that X accepts the credentials; an outage is no reason not to start."""
    try:
        await core.keys.prove()
    except KeysRefused:
        problems = [core.identity.refusal(), *await _discords_refusal(settings)]
        raise SettingsError(problems) from None
    except ClockOff as error:
        # The keys may be right; what needs no signature works, and the rest when it is set.
        core.health.fails(CLOCK, error)
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
        return [DISCORD_REFUSES]
    return []


async def _run_with(core: Core, settings: Settings, stop: asyncio.Event) -> None:
    now = core.now
    budgets = Budgets(now, settings.monthly_budget_usd, core.ledger.prices)
    budget = PollingBudget(budgets, now, core.guests)
    collector = LikersRound(core.database, core.access, core.health, now, budget)
    metrics = Metrics(core.allowances, core.x.account, core.ledger)
    outbox = Outbox(core.database, now, access=core.access, told=metrics.told)
    housekeeping = Housekeeping(core.database, now)
    await outbox.recover()
    await _reopen_own_posts(core)
    lead = Lead(core.database, gained=_tell_of_lead)
    services = built_services(core, settings, collector, budget, budgets)
    client = _client(settings, lead, services=services, now=now)
    announcer = Announcer(client, outbox, client.limits, now=now, ahead=core.x_time.we_are_ahead)
    probe_every = timedelta(seconds=settings.probe_seconds)
    liveness = Liveness(client.is_on_the_gateway)
    # The bot's own account looks for its operator's servers, the app for all others.
    eyes = [core.x] if core.access.app is None else [core.x, core.access.app]
    rounds = Jobs(
        scheduler=Scheduler(),
        lead=lead,
        health=core.health,
        accounts=[
            NewPostsRound(
                core.database,
                x,
                core.health,
                now,
                probe_every,
                guests=core.guests,
                for_guests=x is not core.x,
            )
            for x in eyes
        ],
        endings=Endings(core.database, now),
        troubles=TroublesRound(
            core.database, budgets, core.x.account, core.verdicts, now, guests=core.guests
        ),
        probe=[
            CountsRound(
                core.database,
                x,
                core.health,
                now,
                every=probe_every,
                budget=budget,
                for_guests=x is not core.x,
            )
            for x in eyes
        ],
        collector=collector,
        announce=announcer.run_once,
        housekeep=partial(_housekeep, core, housekeeping, Memberships(client, core.consents)),
        keys=core.keys,
        revoke=core.accounts.revoke_pending,
        metrics=metrics,
        liveness=liveness,
        figures=partial(_read_figures, core, metrics, settings),
        probe_every=probe_every,
    )
    async with AsyncExitStack() as stack:
        stack.push_async_callback(_give_up, lead)
        stack.push_async_callback(client.close)
        stack.enter_context(
            metrics.serve(settings.metrics_port, settings.metrics_host, liveness.why_not)
        )
        if core.accounts.links_in_browser and settings.x_redirect_url:
            page = CallbackPage(core.accounts, settings.x_redirect_url, settings.callback_host)
            await stack.enter_async_context(page.serve())
        if not await log_in(client, settings.discord_login(), stop):
            return
        stack.push_async_callback(announcer.close, _SENDING_GRACE_S)
        stack.push_async_callback(rounds.scheduler.stop, _JOBS_GRACE)
        # Before the first interaction comes it is known who answers.
        await lead.renew()
        rounds.begin()
        await stay_connected(client, stop)
        _log.info("stopping")


def _client(settings: Settings, lead: Lead, *, services: Services, now: Now) -> LikecordClient:
    """Return a client for all servers or, with shards, for those that come to this process."""
    guild_id, shards = settings.discord_guild_id, settings.shards
    if shards is None:
        return LikecordClient(
            services=services,
            development_guild_id=guild_id,
            now=now,
            answers=lambda: lead.answers,
        )
    return ShardedClient(
        services=services,
        development_guild_id=guild_id,
        now=now,
        shard_ids=sorted(shards.ids) or None,
        shard_count=shards.count or None,
    )


async def _read_figures(core: Core, metrics: Metrics, settings: Settings) -> None:
    if settings.metrics_port is not None:
        async with core.database.reading() as session:
            figures = await read_figures(session)
        metrics.stored(figures, core.health.parts, core.now())


def _tell_of_lead() -> None:
    _log.info("this process leads from now on: it asks X what is new")


async def _give_up(lead: Lead) -> None:
    """Let another process lead at once; a database that hangs sees it when this one has ended."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LEAD_GRACE_S):
            await lead.give_up()


async def _housekeep(core: Core, housekeeping: Housekeeping, memberships: Memberships) -> None:
    await bring_back(core.database, core.now())
    await housekeeping.tidy()
    await core.accounts.try_refused()
    await memberships.check()


async def _reopen_own_posts(core: Core) -> None:
    """Ask again who likes posts that another account could not see, and this one can."""
    if core.x.user_id is not None:
        async with core.database.transaction() as session:
            await Posts(session).show_likers(core.x.user_id)
