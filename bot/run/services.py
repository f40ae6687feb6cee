"""What commands may call, built from what the process has."""

from bot.money.budgets import Budgets
from bot.run.core import Core
from bot.run.settings import Settings
from bot.services.all_services import Services
from bot.services.audit import AuditService
from bot.services.command_scopes import CommandScopeService
from bot.services.export.quota import ExportQuota
from bot.services.export.service import ExportService
from bot.services.home import HomeService
from bot.services.liking import LikeService
from bot.services.lookup import LookupService
from bot.services.server_settings import ConfigService
from bot.services.status import StatusService
from bot.services.usage import UsageService
from bot.watching.account_watches import AccountWatchService
from bot.watching.adding import NewWatches
from bot.watching.likers.round import LikersRound
from bot.watching.managing import ManagedWatches
from bot.watching.polling_budget import PollingBudget
from bot.watching.shut_channels import ShutChannelService
from bot.watching.told_likers import ToldLikers
from bot.watching.watches import WatchService


def built_services(
    core: Core,
    settings: Settings,
    collector: LikersRound,
    budget: PollingBudget,
    budgets: Budgets,
) -> Services:
    now, database, x, identity = core.now, core.database, core.x, core.identity
    return Services(
        likes=LikeService(database, core.access, identity, now),
        accounts=core.accounts,
        audit=AuditService(database),
        lookup=LookupService(database, core.access),
        watches=WatchService(database, core.access, now),
        new_watches=NewWatches(
            database,
            core.access,
            likers=collector,
            budget=budget,
            prices=core.ledger.prices,
            now=now,
        ),
        exports=ExportService(core.access, core.ledger, ExportQuota(database, now)),
        account_watches=AccountWatchService(database, core.access, core.ledger.prices, now),
        channels=ShutChannelService(database, now),
        command_scopes=CommandScopeService(database),
        config=ConfigService(database, budgets),
        usage=UsageService(database, budgets, now, core.homes),
        consents=core.consents,
        told=ToldLikers(database, core.access),
        managed=ManagedWatches(database, core.access, now),
        home=HomeService(database, core.homes, now, settings.guest_daily_usd),
        status=StatusService(
            database=database,
            x=x,
            identity=identity,
            ledger=core.ledger,
            budgets=budgets,
            health=core.health,
            abilities=core.abilities,
            verdicts=core.verdicts,
            now=now,
            homes=core.homes,
        ),
    )
