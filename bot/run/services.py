"""What the commands ask for, built of what every process has and what polling shares with them."""

from functools import partial

from bot.money.budgets import Budgets
from bot.run.core import Core
from bot.run.push import Push, status_of
from bot.run.settings import Settings
from bot.services.all_services import Services
from bot.services.audit import AuditService
from bot.services.command_scopes import CommandScopeService
from bot.services.export.quota import ExportQuota
from bot.services.export.service import ExportService
from bot.services.greetings import GreetingService
from bot.services.guild_data import GuildDataService
from bot.services.home import HomeService
from bot.services.insight import InsightService
from bot.services.liking import LikeService
from bot.services.lookup import LookupService
from bot.services.lookup_rights import LookupRights
from bot.services.server_settings import ConfigService
from bot.services.status import StatusService
from bot.services.usage import UsageService
from bot.watching.account_watches import AccountWatchService
from bot.watching.adding import NewWatches
from bot.watching.importing import ImportService
from bot.watching.likers.round import LikersRound
from bot.watching.managing import ManagedWatches
from bot.watching.polling_budget import PollingBudget
from bot.watching.shut_channels import ShutChannelService
from bot.watching.told_likers import ToldLikers
from bot.watching.watch_limits import WatchLimits
from bot.watching.watches import WatchService


def services_of(
    core: Core,
    settings: Settings,
    collector: LikersRound,
    budget: PollingBudget,
    budgets: Budgets,
    *,
    push: Push | None = None,
) -> Services:
    """Return what the commands ask for."""
    now, database, x, identity = core.now, core.database, core.x, core.identity
    limits = WatchLimits(settings.watches_per_server)
    new_watches = NewWatches(
        database,
        core.access,
        likers=collector,
        budget=budget,
        prices=core.ledger.prices,
        now=now,
        limits=limits,
    )
    return Services(
        likes=LikeService(database, core.access, identity, now),
        accounts=core.accounts,
        audit=AuditService(database),
        lookup=LookupService(database, core.access),
        watches=WatchService(database, core.access, now),
        new_watches=new_watches,
        insight=InsightService(database, core.access, now),
        imports=ImportService(database, new_watches, core.ledger.prices, now),
        exports=ExportService(
            core.access, core.ledger, ExportQuota(database, now), LookupRights(database)
        ),
        account_watches=AccountWatchService(database, core.access, core.ledger.prices, now, limits),
        channels=ShutChannelService(database, now),
        command_scopes=CommandScopeService(database),
        config=ConfigService(database, budgets),
        usage=UsageService(database, budgets, now, core.homes, lambda: core.compared.found),
        consents=core.consents,
        told=ToldLikers(database, core.access),
        managed=ManagedWatches(database, core.access, now),
        guild_data=GuildDataService(database, now),
        home=HomeService(database, core.homes, now, settings.guest_daily_usd),
        greetings=GreetingService(database, now),
        status=StatusService(
            database=database,
            x=x,
            identity=identity,
            ledger=core.ledger,
            budgets=budgets,
            allowances=core.allowances,
            health=core.health,
            abilities=core.abilities,
            now=now,
            homes=core.homes,
            push=partial(status_of, push),
        ),
    )
