"""The composition root: the one place that builds things, and closes them."""

import asyncio
import gc
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial

import structlog

from bot.chat.connection.addresses import point_at
from bot.chat.connection.client import LikecordClient
from bot.chat.delivery.announcer import Announcer
from bot.chat.delivery.edit_sent import MessageEditor
from bot.chat.delivery.message_charts import MessageCharts
from bot.chat.tasks.memberships import Memberships
from bot.domain.errors import ClockOff, KeysRefused, SettingsError, XError
from bot.money.budgets import Budgets
from bot.run.core import CLOCK, Core, open_core
from bot.run.discord_client import discord_client
from bot.run.discord_connection import discords_refusal, log_in, stay_connected
from bot.run.housekeeping import Housekeeping
from bot.run.jobs import Jobs
from bot.run.leading import give_up, tell_of_lead
from bot.run.liveness import Liveness
from bot.run.metrics import Metrics
from bot.run.opening import alone_on, open_database, refusals_told
from bot.run.outage import Outage, pause
from bot.run.public_pages import public_pages
from bot.run.push import push_of
from bot.run.scheduler import Scheduler
from bot.run.services import services_of
from bot.run.settings import Settings
from bot.run.stopping import stop_on_signals, unless_stopped
from bot.run.stored_times import bring_back
from bot.watching.counts.round import CountsRound
from bot.watching.end_watch import Endings
from bot.watching.likers.round import LikersRound
from bot.watching.message_edits import MessageEditQueue
from bot.watching.new_posts.round import NewPostsRound
from bot.watching.outbox import Outbox
from bot.watching.polling_budget import PollingBudget
from bot.watching.troubles import TroublesRound
from bot.watching.watch_limits import WatchLimits
from storage.figures import read_figures
from storage.lead import Lead
from storage.outages import DatabaseAway
from storage.posts import Posts

_log = structlog.stdlib.get_logger(__name__)
# Together below the five seconds in which the bot promises to stop.
_JOBS_GRACE = timedelta(seconds=1.5)
_SENDING_GRACE_S = 0.7
# The longest between two tries to reach the database at the start.
_DATABASE_PAUSE_S = 10.0


async def run(settings: Settings) -> None:
    """Be the bot until SIGINT or SIGTERM; raise SettingsError when a credential is refused."""
    point_at(settings.discord_api_url, settings.discord_gateway_url)
    stop = stop_on_signals()
    away = Outage("the database", longest_s=_DATABASE_PAUSE_S)
    url = settings.database_url.get_secret_value()
    with alone_on(url):
        while not stop.is_set():
            try:
                with refusals_told(url):
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
        problems = [core.identity.refusal(), *await discords_refusal(settings)]
        raise SettingsError(problems) from None
    except ClockOff as error:
        # The keys may be right; what needs no signature works, and the rest when it is set.
        core.health.fails(CLOCK, error)
    except XError as error:
        # While it lasts, the jobs tell of it.
        _log.warning("X does not say who the account is", problem=type(error).__name__)


async def _run_with(core: Core, settings: Settings, stop: asyncio.Event) -> None:
    now = core.now
    budgets = Budgets(now, settings.monthly_budget_usd, core.ledger.prices)
    budget = PollingBudget(budgets, now, core.guests)
    collector = LikersRound(core.database, core.access, core.health, now, budget)
    metrics = Metrics(core.allowances, core.x.account, core.ledger)
    outbox = Outbox(core.database, now, access=core.access, told=metrics.told)
    housekeeping = Housekeeping(core.database, now)
    edits = MessageEditQueue(core.database, now, core.access)
    await outbox.recover()
    await _reopen_own_posts(core)
    lead = Lead(core.database, gained=tell_of_lead)
    push = push_of(core, settings, collector, budget)
    if push is not None:
        core.access.pushes, push.leads = push.coverage.pushes, lambda: lead.held
    services = services_of(core, settings, collector, budget, budgets, push=push)
    limits = WatchLimits(settings.watches_per_server)
    client = discord_client(settings, services, core.database, lead, now)
    ahead = core.x_time.we_are_ahead
    charts = MessageCharts(now=now)
    announcer = Announcer(
        client, outbox, client.limits, client.command_ids, charts=charts, now=now, ahead=ahead
    )
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
                limits=limits,
            )
            for x in eyes
        ],
        endings=Endings(core.database, now),
        troubles=TroublesRound(
            core.database,
            budgets,
            core.x.account,
            core.verdicts,
            now,
            guests=core.guests,
            limits=limits,
            prices=core.ledger.prices,
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
                coverage=push.coverage if push else None,
            )
            for x in eyes
        ],
        collector=collector,
        announce=announcer.run_once,
        housekeep=partial(_housekeep, core, housekeeping, client),
        keys=core.keys,
        revoke=core.accounts.revoke_pending,
        edit_sent=MessageEditor(client, edits, client.limits, charts).run_once,
        metrics=metrics,
        liveness=liveness,
        figures=partial(_read_figures, core, metrics, settings),
        probe_every=probe_every,
        compare=core.compared.run_once,
        push=push,
    )
    async with AsyncExitStack() as stack:
        stack.push_async_callback(give_up, lead)
        stack.push_async_callback(client.close)
        stack.callback(charts.close)
        stack.enter_context(
            metrics.serve(settings.metrics_port, settings.metrics_host, liveness.why_not)
        )
        await stack.enter_async_context(public_pages(core, settings, push, client.about))
        if not await log_in(client, settings.discord_login(), stop):
            return
        stack.push_async_callback(announcer.close, _SENDING_GRACE_S)
        stack.push_async_callback(rounds.scheduler.stop, _JOBS_GRACE)
        if push is not None:
            stack.push_async_callback(push.rest)
        # Before the first interaction comes it is known who goes first.
        await lead.renew()
        rounds.begin()
        # What is there by now stays. To look through all of it for garbage, as happens now and
        # then, takes more than a tenth of a second, in which nobody is answered.
        gc.freeze()
        await stay_connected(client, stop)
        _log.info("stopping")


async def _read_figures(core: Core, metrics: Metrics, settings: Settings) -> None:
    if settings.metrics_port is not None:
        async with core.database.reading() as session:
            figures = await read_figures(session)
        metrics.stored(figures, core.health.parts, core.now())


async def _housekeep(core: Core, housekeeping: Housekeeping, client: LikecordClient) -> None:
    await bring_back(core.database, core.now())
    await housekeeping.tidy()
    await core.accounts.try_refused()
    await Memberships(client, core.consents).check()
    await client.look_at_owners()


async def _reopen_own_posts(core: Core) -> None:
    """Ask again who likes posts that another account could not see, and this one can."""
    if core.x.user_id is not None:
        async with core.database.transaction() as session:
            await Posts(session).show_likers(core.x.user_id)
